//! A recording in several submissions, and its profile.

use contour_lab::gpu::{Choices, Clock, Context, Recording, Request, Tensor, time};
use contour_lab::ops::activation;
use pollster::block_on;

const LEN: usize = 4 << 20;
const ACTIVATIONS: usize = 6;

fn context() -> Context {
    block_on(Context::new(Request::Software)).expect("a graphics adapter")
}

/// A chain of leaky activations, each halving what is negative.
fn chain(context: &Context) -> (Recording, Tensor, Tensor) {
    let tensor = |name: &str| Tensor::new(context, name, LEN).expect("a tensor");
    let [a, b] = ["a", "b"].map(tensor);
    let mut recording = Recording::new(context);
    for i in 0..ACTIVATIONS {
        let (y, x) = if i % 2 == 0 { (&b, &a) } else { (&a, &b) };
        recording.scope(["even", "odd"][i % 2]);
        recording.flops(LEN);
        activation::record_forward(&mut recording, y, x, 0.5);
    }
    let [keep, other] = ["keep", "other"].map(tensor);
    recording.copy(&keep, 0, &a, 0, LEN);
    recording.clear(&other);
    (recording, a, keep)
}

fn first(tensor: &Tensor, context: &Context) -> f32 {
    block_on(tensor.read::<f32>(context)).expect("values")[0]
}

#[test]
fn a_recording_cut_into_submissions_gives_the_same() {
    let context = context();
    let (recording, a, keep) = chain(&context);
    for (limit_ms, submissions) in [
        (f64::INFINITY, 1..=1),
        (1e-3, ACTIVATIONS as u64 + 2..=ACTIVATIONS as u64 + 2),
    ] {
        a.write(&context, &[-64.0_f32]);
        context.limit_submissions(limit_ms);
        let before = context.submissions();
        context.submit(|encoder| recording.replay(encoder));
        let sent = context.submissions() - before;
        assert!(
            submissions.contains(&sent),
            "{sent} submissions at a limit of {limit_ms} ms"
        );
        assert_eq!(first(&keep, &context), -1.0);
    }
    assert_eq!(context.fault(), None);
}

#[test]
fn an_adapter_is_taken_for_slow_only_until_it_is_measured() {
    let context = context();
    let (recording, ..) = chain(&context);
    let mut ring = contour_lab::gpu::Ring::new(&context);
    let tensor = Tensor::new(&context, "result", 1).expect("a tensor");
    let mut sent = Vec::new();
    for turn in 0..3 {
        let before = context.submissions();
        ring.submit(turn, &[&tensor], |encoder| recording.replay(encoder));
        sent.push(context.submissions() - before);
        let (answered, words) = block_on(ring.next()).expect("an answer");
        assert_eq!((answered, words), (turn, Ok(vec![0])));
    }
    // 6 · (32 MiB bound + 4 M operations) and 48 MiB moved are 2 s of an unknown adapter.
    assert!(sent[0] > 1, "{sent:?}");
    assert_eq!(
        sent[2], 1,
        "the same commands within a fraction of a second: {sent:?}"
    );
}

/// Some drivers take no more work while they are busy, so that most of it is done when the last portion is sent.
#[test]
fn a_slow_recording_stays_cut() {
    let context = context();
    let (recording, ..) = chain(&context);
    context.limit_submissions(1.0);
    let mut ring = contour_lab::gpu::Ring::new(&context);
    let tensor = Tensor::new(&context, "result", 1).expect("a tensor");
    for turn in 0..5 {
        let before = context.submissions();
        ring.submit(turn, &[&tensor], |encoder| recording.replay(encoder));
        let sent = context.submissions() - before;
        let answered = block_on(ring.next()).map(|(turn, _)| turn);
        assert_eq!(answered, Some(turn));
        // 208 MiB are read and written, for which no processor takes 2 ms.
        assert!(sent > 2, "{sent} submissions in turn {turn}");
    }
}

#[test]
fn a_profile_tells_owners_and_kernels_apart() {
    let context = context();
    let (mut recording, ..) = chain(&context);
    let profile = block_on(recording.profile()).expect("a profile");
    println!("{profile:?}");
    assert_eq!(profile.timings.len(), 2);
    for (timing, owner) in profile.timings.iter().zip(["even", "odd"]) {
        assert_eq!(
            (timing.owner.as_str(), timing.entry_point.as_str()),
            (owner, "activation_forward")
        );
        assert_eq!(timing.dispatches as usize, ACTIVATIONS / 2);
        assert_eq!(timing.flops as usize, ACTIVATIONS / 2 * LEN);
        assert_eq!(timing.bytes as usize, ACTIVATIONS / 2 * 2 * 4 * LEN);
        assert!(timing.ms > 0.0);
    }
    assert!(profile.resolution_ms > 0.0);
    let has_clock = context
        .adapter()
        .features()
        .contains(wgpu::Features::TIMESTAMP_QUERY);
    assert_eq!(profile.clock == Clock::Adapter, has_clock);
    // The sum of the parts and the whole: the clear and the copy are only in the latter.
    let sum: f64 = profile.timings.iter().map(|timing| timing.ms).sum();
    let whole = block_on(time(&recording, 3)).expect("a time");
    println!("{sum} ms of {whole} ms");
    assert!(sum > 0.1 * whole && sum < 10.0 * whole, "{sum} ms of {whole} ms");
    assert_eq!(context.fault(), None);
}

#[test]
fn kernels_are_compiled_once_and_counted() {
    let context = context();
    let (recording, ..) = chain(&context);
    let kernels: Vec<_> = recording.kernels().cloned().collect();
    assert_eq!(kernels.len(), ACTIVATIONS);
    assert!(kernels.iter().all(|kernel| !kernel.is_compiled()));
    let mut told = Vec::new();
    block_on(context.compile(&kernels, &mut |done, all| told.push([done, all])));
    assert_eq!(told, [[0, 1], [1, 1]]);
    assert!(kernels.iter().all(contour_lab::gpu::Kernel::is_compiled));
    block_on(context.compile(&kernels, &mut |done, all| told.push([done, all])));
    assert_eq!(told.len(), 2, "nothing was left to compile");
}

#[test]
fn clones_of_a_context_share_the_choices() {
    let context = context();
    let other = context.clone();
    let choices: &Choices = context.choices();
    choices.force("net/conv3x3", "direct");
    assert_eq!(
        other.choices().get("net/conv3x3", "any").as_deref(),
        Some("direct")
    );
}
