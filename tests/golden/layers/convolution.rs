//! Convolutions with their parameters' gradients.

use contour_lab::gpu::Tensor;
use contour_lab::ops::{self, Sink};
use contour_lab::reference;

use super::{Bench, Case, Outcome};

pub(crate) fn conv2d(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x, weight, upstream] = [case.input("x"), case.input("weight"), case.upstream()];
    let bias = case.has("bias").then(|| case.input("bias"));
    let [c_out, .., kernel] = weight.nchw();
    let shape = x.nchw();
    let [n, _, h, w] = shape;
    let is_3x3 = kernel == 3;

    let [gx, gw, gdy] = [&x, &weight, &upstream].map(|array| bench.upload(array));
    let gb = bias.as_ref().map(|bias| bench.upload(bias));
    let [y, dx] = [case.output_len(), x.values.len()].map(|len| bench.fresh(len));
    // The bias stands behind its weight, as in a network's arena.
    let bias_at = weight.values.len().next_multiple_of(Tensor::ALIGNMENT);
    let arena = bench.zeros(bias_at + c_out);
    let (dw, db) = (arena.slice(0, weight.values.len()), arena.slice(bias_at, c_out));
    bench.run(|r| {
        if is_3x3 {
            use ops::conv3x3::{Finish, record_backward_input, record_backward_weight, record_forward};
            let finish = Finish {
                bias: gb.as_ref(),
                slope: None,
            };
            record_forward(r, &y, &gx, &gw, finish, shape, c_out).expect("small tensors");
            record_backward_input(r, Sink::write(&dx), &gdy, &gw, shape, c_out).expect("small tensors");
            record_backward_weight(r, &dw, Some(&db), &gx, &gdy, shape, c_out).expect("small tensors");
        } else {
            use ops::conv1x1::{record_backward_input, record_backward_weight, record_forward};
            record_forward(r, &y, &gx, &gw, gb.as_ref(), shape, c_out);
            record_backward_input(r, Sink::write(&dx), &gdy, &gw, shape, c_out);
            record_backward_weight(r, &dw, Some(&db), &gx, &gdy, shape, c_out).expect("small tensors");
        }
    });
    let mut grads = vec![("x", &dx), ("weight", &dw)];
    grads.extend(bias.is_some().then_some(("bias", &db)));
    let gpu = bench.outcome(&y, &grads);

    let mut y = vec![0.0; case.output_len()];
    let [mut dx, mut dw, mut db] = [x.values.len(), weight.values.len(), c_out].map(|len| vec![0.0; len]);
    let b = bias.as_ref().map(|bias| bias.values.as_slice());
    let [x, weight, dy] = [&x.values, &weight.values, &upstream.values];
    if is_3x3 {
        use reference::conv3x3::{conv3x3_backward_input, conv3x3_backward_weight, conv3x3_forward};
        conv3x3_forward(&mut y, x, weight, b, shape, c_out);
        conv3x3_backward_input(&mut dx, dy, weight, shape, c_out, false);
        conv3x3_backward_weight(&mut dw, x, dy, shape, c_out);
    } else {
        use reference::conv1x1::{conv1x1_backward_input, conv1x1_backward_weight, conv1x1_forward};
        conv1x1_forward(&mut y, x, weight, b, shape, c_out);
        conv1x1_backward_input(&mut dx, dy, weight, shape, c_out, false);
        conv1x1_backward_weight(&mut dw, x, dy, shape, c_out);
    }
    reference::channel_sum::channel_sum(&mut db, dy, [n, c_out, h, w]);
    let mut grads = vec![("x", dx), ("weight", dw)];
    grads.extend(bias.is_some().then_some(("bias", db)));
    [gpu, Outcome { output: y, grads }]
}
