//! Two activations one after the other, along C.

pub fn forward(y: &mut [f32], first: &[f32], second: &[f32]) {
    let (to_first, to_second) = y.split_at_mut(first.len());
    to_first.copy_from_slice(first);
    to_second.copy_from_slice(second);
}

/// The gradients that are wanted, each a copy.
pub fn backward([first, second]: [Option<&mut [f32]>; 2], dy: &[f32], split: usize) {
    let (of_first, of_second) = dy.split_at(split);
    if let Some(first) = first {
        first.copy_from_slice(of_first);
    }
    if let Some(second) = second {
        second.copy_from_slice(of_second);
    }
}
