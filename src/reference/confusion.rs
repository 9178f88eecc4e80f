//! Twin of `shaders/loss/confusion.wgsl`.

/// Pixels of each class in the prediction, in the reference and in both, of those that the reference has a class for:
/// counts (N, K, 3), 0 on entry, of prediction and labels (N, H, W) with `pixels` = H·W.
pub fn confusion(counts: &mut [u32], prediction: &[u32], labels: &[u32], classes: usize, pixels: usize) {
    for pixel in 0..labels.len() {
        let image = pixel / pixels;
        if labels[pixel] as usize >= classes {
            continue;
        }
        for class in 0..classes {
            let predicted = u32::from(prediction[pixel] as usize == class);
            let labelled = u32::from(labels[pixel] as usize == class);
            let at = (image * classes + class) * 3;
            counts[at] += predicted;
            counts[at + 1] += labelled;
            counts[at + 2] += predicted * labelled;
        }
    }
}
