//! Weights as safetensors in PyTorch naming.

use std::collections::HashMap;

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use super::{Difference, Error, Graph};

/// In what a file's tensors differ from those of this network, by name, type and shape.
///
/// # Errors
/// [`Error::NotSafetensors`].
pub fn differences(graph: &Graph, bytes: &[u8]) -> Result<Vec<Difference>, Error> {
    let tensors = read(bytes)?;
    let found = |name: &str| {
        let view = tensors.tensor(name).ok()?;
        Some((format!("{:?}", view.dtype()), view.shape().to_vec()))
    };
    let of_network = graph.parameters.iter().map(|parameter| Difference {
        name: parameter.name.clone(),
        found: found(&parameter.name),
        expected: Some(parameter.shape.clone()),
        not_finite: false,
    });
    let fits = |difference: &Difference| {
        let wanted = difference
            .expected
            .clone()
            .map(|shape| (format!("{:?}", Dtype::F32), shape));
        difference.found == wanted
    };
    let mut all: Vec<Difference> = of_network.filter(|difference| !fits(difference)).collect();
    let is_known = |name: &str| graph.parameters.iter().any(|parameter| parameter.name == name);
    let mut strangers: Vec<&str> = tensors
        .names()
        .into_iter()
        .filter(|name| !is_known(name))
        .collect();
    strangers.sort_unstable();
    all.extend(strangers.into_iter().map(|name| Difference {
        name: name.to_owned(),
        found: found(name),
        expected: None,
        not_finite: false,
    }));
    Ok(all)
}

fn read(bytes: &[u8]) -> Result<SafeTensors<'_>, Error> {
    SafeTensors::deserialize(bytes).map_err(|error| Error::NotSafetensors(error.to_string()))
}

/// The parameter arena that a file's tensors give for this network.
///
/// # Errors
/// [`Error::NotSafetensors`], or [`Error::Mismatch`] with every tensor that is missing, unexpected, of another shape or
/// type, or not finite.
pub fn read_safetensors(graph: &Graph, bytes: &[u8]) -> Result<Vec<f32>, Error> {
    let mut all = differences(graph, bytes)?;
    let tensors = read(bytes)?;
    let mut arena = vec![0.0; graph.arena_len()];
    for parameter in &graph.parameters {
        let of_file = |difference: &Difference| difference.name == parameter.name;
        let Ok(view) = tensors.tensor(&parameter.name) else {
            continue;
        };
        if all.iter().any(of_file) {
            continue;
        }
        let values = bytemuck::pod_collect_to_vec::<u8, f32>(view.data());
        if values.iter().any(|value| !value.is_finite()) {
            all.push(Difference {
                name: parameter.name.clone(),
                found: Some((format!("{:?}", view.dtype()), parameter.shape.clone())),
                expected: Some(parameter.shape.clone()),
                not_finite: true,
            });
        }
        arena[parameter.range()].copy_from_slice(&values);
    }
    if all.is_empty() {
        Ok(arena)
    } else {
        Err(Error::Mismatch(all))
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
    use crate::net::{Kind, Unet, initial_weights};

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
            error.contains("head.weight: wrong shape") && error.contains("4 × 2 × 1 × 1"),
            "{error}"
        );
        assert!(matches!(
            read_safetensors(&graph, b"not weights"),
            Err(Error::NotSafetensors(_))
        ));
    }

    #[test]
    fn every_difference_says_what_was_expected() {
        let unet = Unet {
            classes: 3,
            width: 2,
            depth: 2,
            ..Unet::default()
        };
        let plain = unet.graph(8, 8).unwrap();
        let file = write_safetensors(&plain, &initial_weights(&plain, 7), &[]).unwrap();
        let other = Unet {
            kind: Kind::Attention,
            classes: 5,
            ..unet
        };
        let graph = other.graph(8, 8).unwrap();
        let all = differences(&graph, &file).unwrap();
        let kinds: Vec<(&str, &str)> = all.iter().map(|d| (d.name.as_str(), d.kind())).collect();
        let expected = [
            ("att0.theta.weight", "missing"),
            ("att0.phi.weight", "missing"),
            ("att0.phi.bias", "missing"),
            ("att0.psi.weight", "missing"),
            ("att0.psi.bias", "missing"),
            ("head.weight", "wrong shape"),
            ("head.bias", "wrong shape"),
        ];
        assert_eq!(kinds, expected);
        let told = all[5].to_string();
        assert_eq!(
            told,
            "head.weight: wrong shape, F32 3 × 2 × 1 × 1 where the network has F32 5 × 2 × 1 × 1"
        );
        assert_eq!(all[0].found_text(), "nothing");

        let gates = write_safetensors(&graph, &initial_weights(&graph, 7), &[]).unwrap();
        let same = Unet { classes: 5, ..unet }.graph(8, 8).unwrap();
        let all = differences(&same, &gates).unwrap();
        assert!(
            all.len() == 5 && all.iter().all(|d| d.kind() == "unexpected"),
            "{all:?}"
        );
    }

    #[test]
    fn a_number_that_is_none_is_named_with_its_tensor() {
        let graph = Unet::default().graph(8, 8).unwrap();
        let mut arena = initial_weights(&graph, 7);
        arena[graph.parameters[3].start] = f32::NAN;
        let file = write_safetensors(&graph, &arena, &[]).unwrap();
        assert_eq!(differences(&graph, &file), Ok(vec![]));
        let Err(Error::Mismatch(all)) = read_safetensors(&graph, &file) else {
            panic!("a NaN was taken for a weight");
        };
        assert_eq!(
            (all[0].name.as_str(), all[0].kind()),
            (graph.parameters[3].name.as_str(), "not finite")
        );
    }
}
