//! What the device's room refuses, and sums of a million numbers beyond those of the loss.

use contour_lab::gpu::{Context, Error, Recording, Request, Tensor};
use contour_lab::{ops, reference};
use pollster::block_on;

/// What is asked of f32 sums of a million values.
const SUM_RELATIVE: f64 = 1e-5;

fn context() -> Context {
    block_on(Context::poisoned(Request::Software)).expect("a graphics adapter")
}

#[test]
fn a_tensor_past_the_binding_limit_is_refused_in_words() {
    // Not poisoned: that would fill the tensor on the CPU first.
    let context = block_on(Context::new(Request::Software)).expect("a graphics adapter");
    let limit = context.device().limits().max_storage_buffer_binding_size;
    assert_eq!(
        limit,
        128 << 20,
        "the browser's default limit, whatever the adapter has"
    );
    let most = (limit / 4) as usize;
    assert!(Tensor::new(&context, "volume", most).is_ok());

    let bytes = limit + 16;
    let too_large = Error::TooLarge {
        label: "volume".into(),
        bytes,
        limit,
    };
    let refused = Tensor::new(&context, "volume", most + 1).map(|_| ());
    assert_eq!(refused, Err(too_large.clone()));
    let mut recording = Recording::new(&context);
    assert_eq!(
        recording.scratch("volume", most + 1).map(|_| ()),
        Err(too_large.clone())
    );
    let values = vec![0_u32; most + 1];
    let refused = Tensor::from_slice(&context, "volume", &values).map(|_| ());
    assert_eq!(refused, Err(too_large.clone()));
    let words = too_large.to_string();
    assert!(
        words.contains("volume") && words.contains("Choose a smaller"),
        "{words}"
    );
    assert_eq!(context.fault(), None, "refused before the device was asked");
}

#[test]
#[should_panic(expected = "activation_forward: a buffer is bound both to be read and to be written")]
fn one_buffer_read_and_written_in_a_dispatch_panics() {
    let context = context();
    let x = Tensor::from_slice(&context, "x", &[1.0_f32; 128]).expect("a tensor");
    ops::activation::record_forward(&mut Recording::new(&context), &x, &x, 0.0);
}

/// WebGPU forbids it by buffer, not by range.
#[test]
#[should_panic(expected = "activation_forward: a buffer is bound both to be read and to be written")]
fn two_parts_of_one_buffer_read_and_written_in_a_dispatch_panic() {
    let context = context();
    let arena = Tensor::from_slice(&context, "arena", &[1.0_f32; 128]).expect("a tensor");
    let (y, x) = (arena.slice(64, 64), arena.slice(0, 64));
    ops::activation::record_forward(&mut Recording::new(&context), &y, &x, 0.0);
}

#[test]
fn two_parts_of_one_buffer_may_both_be_read() {
    let context = context();
    let arena = Tensor::from_slice(&context, "arena", &[2.0_f32; 128]).expect("a tensor");
    let dx = Tensor::new(&context, "dx", 64).expect("a tensor");
    let mut recording = Recording::new(&context);
    ops::activation::record_backward(
        &mut recording,
        &dx,
        &arena.slice(0, 64),
        &arena.slice(64, 64),
        0.0,
        false,
    );
    context.submit(|encoder| recording.replay(encoder));
    assert_eq!(block_on(dx.read::<f32>(&context)).expect("a gradient"), [2.0; 64]);
    assert_eq!(context.fault(), None);
}

/// Numbers in 0…1 that look random.
fn noise(len: usize) -> Vec<f32> {
    let hash = |i: u32| (i ^ 0x5bd1_e995).wrapping_mul(2_654_435_761);
    (0..len as u32)
        .map(|i| (hash(hash(i)) >> 8) as f32 / (1 << 24) as f32)
        .collect()
}

/// The sums of the layers; those of the loss are in `tests/integration/loss.rs`.
#[test]
fn a_layer_sums_a_megapixel() {
    let len = 1009 * 997;
    for values in [noise(len), vec![0.1; len]] {
        for (what, got, expected) in sums(&values, [1, 1, 1009, 997]) {
            let error = (f64::from(got) / expected - 1.0).abs();
            assert!(error <= SUM_RELATIVE, "{what} is {got} for {expected}");
        }
    }
    // Shows that the test bites: one running f32 sum does not hold it.
    let naive: f32 = std::iter::repeat_n(0.1_f32, len).fold(0.0, |sum, value| sum + value);
    assert!((f64::from(naive) / (f64::from(0.1_f32) * len as f64) - 1.0).abs() > 1e-3);
}

/// What is summed, what the GPU makes of it, and the truth.
fn sums(values: &[f32], shape: [usize; 4]) -> [(&'static str, f32, f64); 6] {
    let context = context();
    let x = Tensor::from_slice(&context, "x", values).expect("a tensor");
    let one = Tensor::from_slice(&context, "one", &[1.0_f32]).expect("a tensor");
    let zero = |name| Tensor::from_slice(&context, name, &[0.0_f32]).expect("a tensor");
    let (dbias, dweight) = (zero("dbias"), zero("dweight"));
    let (norm_dbias, norm_dweight) = (zero("dbias"), zero("dweight"));
    // A mean of 0 and a deviation of 1, so that the weight's gradient is a sum of squares.
    let fixed = Tensor::from_slice(&context, "fixed", &[0.0_f32, 1.0]).expect("a tensor");
    let statistics = Tensor::new(&context, "statistics", 2).expect("a tensor");
    let [y, dx] = ["y", "dx"].map(|name| Tensor::new(&context, name, values.len()).expect("a tensor"));

    let mut recording = Recording::new(&context);
    ops::channel_sum::record(&mut recording, &dbias, &x, shape).expect("a sum");
    ops::conv1x1::record_backward_weight(&mut recording, &dweight, None, &x, &x, shape, 1).expect("a sum");
    ops::norm::record_forward(
        &mut recording,
        &y,
        &statistics,
        &x,
        &one,
        &one,
        shape,
        1,
        1e-5,
        None,
    )
    .expect("a norm");
    ops::norm::record_backward(
        &mut recording,
        ops::Sink::write(&dx),
        &norm_dweight,
        &norm_dbias,
        &x,
        &fixed,
        &one,
        &x,
        shape,
        1,
    )
    .expect("a norm");
    context.submit(|encoder| recording.replay(encoder));
    let read = |tensor: &Tensor| block_on(tensor.read::<f32>(&context)).expect("a result");

    let wide: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
    let mut expected = [0.0; 2];
    reference::norm::norm_statistics(&mut expected, &wide, shape, 1, 1e-5);
    let statistics = read(&statistics);
    let sum: f64 = wide.iter().sum();
    let squares: f64 = wide.iter().map(|value| value * value).sum();
    [
        ("channel_sum", read(&dbias)[0], sum),
        ("conv1x1 dweight", read(&dweight)[0], squares),
        ("norm dbias", read(&norm_dbias)[0], sum),
        ("norm dweight", read(&norm_dweight)[0], squares),
        ("mean", statistics[0], expected[0]),
        ("reciprocal deviation", statistics[1], expected[1]),
    ]
}

#[test]
fn scratch_is_given_again_once_nobody_holds_it() {
    let context = context();
    let before = context.tensor_bytes();
    let mut recording = Recording::new(&context);
    let held = recording.scratch("held", 100).expect("a tensor");
    let part = recording.scratch("dropped", 300).expect("a tensor").slice(64, 10);
    let taken = context.tensor_bytes() - before;
    assert_eq!(taken, Tensor::bytes_of(100) + Tensor::bytes_of(300));
    let other = recording.scratch("other", 50).expect("a tensor");
    assert_eq!(
        context.tensor_bytes() - before - taken,
        Tensor::bytes_of(50),
        "a part is held, too"
    );
    drop((part, other));
    let again = recording.scratch("again", 40).expect("a tensor");
    let larger = recording.scratch("larger", 60).expect("a tensor");
    assert_eq!((again.len(), larger.len()), (40, 60));
    assert_eq!(context.tensor_bytes() - before - taken, Tensor::bytes_of(50));
    drop((held, again, larger, recording));
    assert_eq!(context.tensor_bytes(), before);
}

#[test]
fn a_copy_moves_what_it_says() {
    let context = context();
    let from = Tensor::from_slice(&context, "from", &[1.0_f32, 2.0, 3.0, 4.0]).expect("a tensor");
    let to = Tensor::from_slice(&context, "to", &[0.0_f32; 5]).expect("a tensor");
    let mut recording = Recording::new(&context);
    recording.copy(&to, 2, &from, 1, 2);
    context.submit(|encoder| recording.replay(encoder));
    assert_eq!(
        block_on(to.read::<f32>(&context)).expect("a copy"),
        [0.0, 0.0, 2.0, 3.0, 0.0]
    );
    assert_eq!(recording.dispatches(), 0);
}

#[test]
#[should_panic(expected = "a copy within one buffer")]
fn a_copy_within_one_buffer_panics() {
    let context = context();
    let arena = Tensor::from_slice(&context, "arena", &[1.0_f32; 128]).expect("a tensor");
    Recording::new(&context).copy(&arena.slice(64, 64), 0, &arena.slice(0, 64), 0, 64);
}
