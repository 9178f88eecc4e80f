//! Weights as safetensors in PyTorch naming.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{Error, Graph};

/// The parameter arena that a file's tensors give for this network.
///
/// # Errors
/// [`Error::NotSafetensors`], or [`Error::Mismatch`] with every name that is missing, extra or of another
/// shape.
pub fn read_safetensors(graph: &Graph, bytes: &[u8]) -> Result<Vec<f32>, Error> {
    let tensors =
        SafeTensors::deserialize(bytes).map_err(|error| Error::NotSafetensors(error.to_string()))?;
    let mut faults = Vec::new();
    let mut arena = vec![0.0; graph.arena_len()];
    for parameter in &graph.parameters {
        match tensors.tensor(&parameter.name) {
            Ok(view) if view.dtype() == Dtype::F32 && view.shape() == parameter.shape => {
                arena[parameter.range()]
                    .copy_from_slice(&bytemuck::pod_collect_to_vec::<u8, f32>(view.data()));
            }
            Ok(view) => faults.push(format!(
                "{} is {:?} {:?} instead of F32 {:?}",
                parameter.name,
                view.dtype(),
                view.shape(),
                parameter.shape
            )),
            Err(_) => faults.push(format!("{} is missing", parameter.name)),
        }
    }
    for name in tensors.names() {
        if !graph.parameters.iter().any(|parameter| parameter.name == *name) {
            faults.push(format!("{name} belongs to no layer"));
        }
    }
    if arena.iter().any(|value| !value.is_finite()) {
        faults.push("a weight is not finite".into());
    }
    if faults.is_empty() {
        Ok(arena)
    } else {
        Err(Error::Mismatch(faults.join("; ")))
    }
}

/// The file that [`read_safetensors`] reads back; `notes` become its metadata.
///
/// # Errors
/// [`Error::NotSafetensors`] when the arena does not belong to the graph.
pub fn write_safetensors(graph: &Graph, arena: &[f32], notes: &[(&str, String)]) -> Result<Vec<u8>, Error> {
    let refuse = |error: safetensors::SafeTensorError| Error::NotSafetensors(error.to_string());
    let views = graph
        .parameters
        .iter()
        .map(|parameter| {
            let data = bytemuck::cast_slice(&arena[parameter.range()]);
            Ok((
                parameter.name.as_str(),
                TensorView::new(Dtype::F32, parameter.shape.clone(), data).map_err(refuse)?,
            ))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let notes: HashMap<_, _> = notes
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect();
    safetensors::serialize(views, Some(notes)).map_err(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Unet, initial_weights};

    #[test]
    fn weights_survive_the_round_trip_and_strangers_are_named() {
        let unet = Unet {
            in_channels: 1,
            classes: 3,
            width: 2,
            depth: 2,
            ..Unet::default()
        };
        let graph = unet.graph(8, 8).unwrap();
        let arena = initial_weights(&graph, 7);
        let file = write_safetensors(&graph, &arena, &[("steps", "0".into())]).unwrap();
        assert_eq!(read_safetensors(&graph, &file).unwrap(), arena);

        let wider = Unet { classes: 4, ..unet }.graph(8, 8).unwrap();
        let error = read_safetensors(&wider, &file).unwrap_err().to_string();
        assert!(
            error.contains("head.weight") && error.contains("[4, 2, 1, 1]"),
            "{error}"
        );
        assert!(matches!(
            read_safetensors(&graph, b"not weights"),
            Err(Error::NotSafetensors(_))
        ));
    }
}
