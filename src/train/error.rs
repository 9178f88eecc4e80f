//! What can stop a training run.

/// Faults of the recipe, the data or the device.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Check that image and labels have the same shape.
    #[error(
        "The image has {image} voxels and the labels {labels}; {shape:?} needs as many of each. Load a pair of the same shape."
    )]
    Shape {
        image: usize,
        labels: usize,
        shape: [usize; 3],
    },
    /// Check the classes against the labels.
    #[error("Label {label} is not one of the {classes} classes. Remap the labels to 0, 1, 2, …")]
    Label { label: u8, classes: usize },
    /// Check the intensity window.
    #[error("The intensity window {low} to {high} is empty. Choose a lower limit below the upper one.")]
    Window { low: f32, high: f32 },
    /// Check that all subjects have the same channels.
    #[error(
        "A subject has {found} channels where {wanted} are wanted. Leave it out, or add what is missing."
    )]
    Channels { found: usize, wanted: usize },
    /// Check that the label map has a foreground.
    #[error(
        "No slice is left to train on: the labels need a class other than background in at least one slice."
    )]
    NothingToTrain,
    /// Check the split.
    #[error("The split names slice {slice}, but the volume has {slices}. Choose slices below that.")]
    Slice { slice: u32, slices: usize },
    /// Check the named setting against its range.
    #[error("{name} is {value}, outside {low} to {high}. Choose a number in that range.")]
    Range {
        name: &'static str,
        value: f64,
        low: f64,
        high: f64,
    },
    /// Check the patch against the image size.
    #[error(
        "Patches of {patch} × {patch} pixels do not fit into slices of {width} × {height}. Choose smaller patches, or a larger image size."
    )]
    Patch {
        patch: usize,
        width: usize,
        height: usize,
    },
    /// Check the contour settings.
    #[error(transparent)]
    Contour(#[from] crate::contour::Error),
    /// Check the augmentation against the loss.
    #[error(
        "The weight between objects is worked out once for each slice, so the slices cannot be moved. Switch flips, rotation, scale and shift off, or choose another weight map."
    )]
    Moved,
    /// Check the augmentation against the contour.
    #[error(
        "A contour in the volume needs each slice between its neighbours, so the slices cannot be moved. Switch flips, rotation, scale and shift off, or take contours slice by slice."
    )]
    MovedVolume,
    /// Check the loss settings.
    #[error(transparent)]
    Loss(#[from] crate::loss::Error),
    /// Check the network settings or the weights.
    #[error(transparent)]
    Network(#[from] crate::net::Error),
    /// Check the adapter, or choose smaller sizes.
    #[error(transparent)]
    Gpu(#[from] crate::gpu::Error),
    /// Check that recipe and data are those of the snapshot.
    #[error("The snapshot holds {given} numbers, and this run needs {needed}. Start the run anew.")]
    Snapshot { given: usize, needed: usize },
    /// Check whether the adapter offers `shader-f16`.
    #[error(
        "Activations of 16 bits need a graphics adapter with shader-f16, and this run has none. Switch them off in the settings of the run."
    )]
    NoHalves,
    /// Check that its worker still runs.
    #[error(
        "A worker that shares the images of each batch has failed ({0}). Reset the run, or use one worker: add ?workers=1 to the address."
    )]
    Crew(String),
    /// Check the optimiser's settings.
    #[error("{0}")]
    Optimiser(String),
}
