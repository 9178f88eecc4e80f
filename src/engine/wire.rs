//! Messages as bytes, without names: whoever reads them is of the same build as who wrote them.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message that does not fit its reader.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("A message cannot be written ({0}). Reload the page.")]
    Write(postcard::Error),
    #[error("A message cannot be understood ({0}). Reload the page.")]
    Read(postcard::Error),
}

/// # Errors
/// [`Error::Write`] for a type that the format cannot write.
pub fn write<T: Serialize>(message: &T) -> Result<Vec<u8>, Error> {
    postcard::to_stdvec(message).map_err(Error::Write)
}

/// # Errors
/// [`Error::Read`] where the bytes are cut short, or those of something else.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    postcard::from_bytes(bytes).map_err(Error::Read)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::contour;
    use crate::engine::{Kernels, Opening, Processor, Purpose, Request};
    use crate::lab::Cohort;
    use crate::lab::cohort::{Candidate, Frames};
    use crate::loss::{Kind, Params};
    use crate::net::Unet;
    use crate::nifti::Volume;
    use crate::optim::Optimiser;
    use crate::train::{Augmentation, Command, Recipe, Regimen};

    /// A sample of the page, as a cohort.
    fn cohort() -> Cohort {
        let file = |name: &str| {
            let path = format!("{}/www/samples/{name}.nii.gz", env!("CARGO_MANIFEST_DIR"));
            Arc::new(Volume::from_bytes(&std::fs::read(path).unwrap()).unwrap())
        };
        let images = vec![("CT".to_owned(), file("abdomen_ct_b_image"))];
        let candidate = Candidate::new("b", images, file("abdomen_ct_b_label"), Frames::One(0), false);
        let mut cohort = Cohort::open(7, "B", &[candidate]).unwrap();
        cohort.table.rename(1, "renamed");
        cohort
    }

    fn sent<T: Serialize + DeserializeOwned>(message: &T) -> T {
        read(&write(message).unwrap()).unwrap()
    }

    #[test]
    fn a_cohort_arrives_with_every_voxel() {
        let (was, is) = (cohort(), sent(&cohort()));
        assert_eq!(
            is.subjects[0].values(0).unwrap(),
            was.subjects[0].values(0).unwrap()
        );
        assert_eq!(is.subjects[0].rows, was.subjects[0].rows);
        assert_eq!(is.subjects[0].grid, was.subjects[0].grid);
        assert_eq!(is.subjects[0].file, was.subjects[0].file);
        assert_eq!(is.table, was.table);
        assert_eq!(is.split(), was.split());
        let dataset = |cohort: &Cohort| cohort.dataset([64, 64]).unwrap();
        let (was, is) = (dataset(&was), dataset(&is));
        assert_eq!(
            (is.images, is.labels, is.split),
            (was.images, was.labels, was.split)
        );
    }

    #[test]
    fn a_volume_of_several_channels_travels_once() {
        let len = |cohort: &Cohort| write(cohort).unwrap().len();
        let one = cohort();
        let mut two = one.clone();
        let subject = Arc::make_mut(&mut two.subjects[0]);
        let twin = subject.channels[0].clone();
        subject.channels.push(twin);
        // A name and two numbers more.
        assert!(len(&two) < len(&one) + 100);
        let channels = &sent(&two).subjects[0].channels;
        assert!(channels[0].is_same(&channels[1]));
    }

    #[test]
    fn an_opening_arrives_as_it_was() {
        let cohort = cohort();
        // Only what is not as ever is written of a loss's parameters.
        let mut loss = Params::new(Kind::Tversky);
        loss.set("alpha", 0.25);
        let recipe = Recipe {
            network: Unet::default(),
            contour: contour::Choice::default(),
            loss,
            optimiser: Optimiser::default(),
            batch: 2,
            steps: 3,
            validate_every: 1,
            seed: u64::MAX,
            augmentation: Augmentation::default(),
            half_activations: false,
            patch: None,
            regimen: Regimen::default(),
        };
        let opening = Opening {
            recipe,
            purpose: Purpose::Train,
            cohort: cohort.id,
            grid: [64, 48],
            weights: vec![1.0, f32::MIN_POSITIVE, -0.0],
            processor: Processor::Gpu,
            kernels: Kernels::default(),
            workers: None,
            snapshot: None,
            first: Some(Command::Run),
        };
        let Request::Open(is) = sent(&Request::Open(Box::new(opening.clone()))) else {
            panic!("another request arrived");
        };
        assert_eq!(is.recipe, opening.recipe);
        assert_eq!((is.cohort, is.grid), (opening.cohort, opening.grid));
        assert_eq!(is.weights, opening.weights);
    }

    #[test]
    fn what_is_cut_short_or_of_another_kind_is_an_error() {
        let bytes = write(&Request::Accept(3)).unwrap();
        for len in 0..bytes.len() {
            assert!(read::<Request>(&bytes[..len]).is_err(), "{len} bytes");
        }
        assert!(read::<Opening>(&bytes[..]).is_err());
    }
}
