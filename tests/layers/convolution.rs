use contour_lab::gpu::Tensor;
use contour_lab::ops::{self, Sink};
use contour_lab::reference;

use crate::bench::{Bench, SHAPES};

#[test]
fn conv3x3() {
    let mut bench = Bench::new();
    for (shape, c_out) in SHAPES.into_iter().flat_map(|shape| [(shape, 1), (shape, 6)]) {
        let [n, c, h, w] = shape;
        let what = format!("conv3x3 {shape:?} to {c_out}");
        let [x, weight, bias, dy] =
            [n * c * h * w, c_out * c * 9, c_out, n * c_out * h * w].map(|len| bench.numbers(len));
        for accumulate in [false, true] {
            let mut y = bench.result(dy.twin.len(), false);
            let mut dx = bench.result(x.twin.len(), accumulate);
            let mut dw = bench.numbers(weight.twin.len());
            let bias = accumulate.then_some(&bias);
            bench.play(|r| {
                use ops::conv3x3::{Finish, record_backward_input, record_backward_weight, record_forward};
                let bias = bias.map(|bias| &bias.gpu);
                let finish = Finish { bias, slope: None };
                record_forward(r, &y.gpu, &x.gpu, &weight.gpu, finish, shape, c_out).unwrap();
                let sink = Sink::new(&dx.gpu, accumulate);
                record_backward_input(r, sink, &dy.gpu, &weight.gpu, shape, c_out).unwrap();
                record_backward_weight(r, &dw.gpu, None, &x.gpu, &dy.gpu, shape, c_out).unwrap();
            });
            use reference::conv3x3::{conv3x3_backward_input, conv3x3_backward_weight, conv3x3_forward};
            let b = bias.map(|bias| bias.twin.as_slice());
            conv3x3_forward(&mut y.twin, &x.twin, &weight.twin, b, shape, c_out);
            conv3x3_backward_input(&mut dx.twin, &dy.twin, &weight.twin, shape, c_out, accumulate);
            conv3x3_backward_weight(&mut dw.twin, &x.twin, &dy.twin, shape, c_out);
            bench.agree(&what, &y);
            bench.agree(&format!("{what} dx"), &dx);
            bench.agree(&format!("{what} dweight"), &dw);
        }
    }
}

#[test]
fn conv1x1() {
    let mut bench = Bench::new();
    for (shape, c_out) in SHAPES.into_iter().flat_map(|shape| [(shape, 1), (shape, 6)]) {
        let [n, c, h, w] = shape;
        let what = format!("conv1x1 {shape:?} to {c_out}");
        let [x, weight, bias, dy] =
            [n * c * h * w, c_out * c, c_out, n * c_out * h * w].map(|len| bench.numbers(len));
        for accumulate in [false, true] {
            let mut y = bench.result(dy.twin.len(), false);
            let mut dx = bench.result(x.twin.len(), accumulate);
            let [mut dw, mut db] = [weight.twin.len(), c_out].map(|len| bench.numbers(len));
            let bias = accumulate.then_some(&bias);
            bench.play(|r| {
                use ops::conv1x1::{record_backward_input, record_backward_weight, record_forward};
                let b = bias.map(|bias| &bias.gpu);
                let sink = Sink::new(&dx.gpu, accumulate);
                record_forward(r, &y.gpu, &x.gpu, &weight.gpu, b, shape, c_out);
                record_backward_input(r, sink, &dy.gpu, &weight.gpu, shape, c_out);
                record_backward_weight(r, &dw.gpu, Some(&db.gpu), &x.gpu, &dy.gpu, shape, c_out).unwrap();
            });
            use reference::conv1x1::{conv1x1_backward_input, conv1x1_backward_weight, conv1x1_forward};
            let b = bias.map(|bias| bias.twin.as_slice());
            conv1x1_forward(&mut y.twin, &x.twin, &weight.twin, b, shape, c_out);
            conv1x1_backward_input(&mut dx.twin, &dy.twin, &weight.twin, shape, c_out, accumulate);
            conv1x1_backward_weight(&mut dw.twin, &x.twin, &dy.twin, shape, c_out);
            reference::channel_sum::channel_sum(&mut db.twin, &dy.twin, [n, c_out, h, w]);
            bench.agree(&what, &y);
            bench.agree(&format!("{what} dx"), &dx);
            bench.agree(&format!("{what} dweight"), &dw);
            bench.agree(&format!("{what} dbias"), &db);
        }
    }
}

#[test]
fn the_same_step_gives_the_same_bits() {
    let mut bench = Bench::new();
    let shape = [2, 9, 34, 40];
    let [x, dy] = [2 * 9 * 34 * 40; 2].map(|len| bench.numbers(len));
    let results: Vec<Vec<u32>> = (0..2)
        .map(|_| {
            let dw = Tensor::from_slice(&bench.context, "dweight", &[0.0_f32; 9 * 9 * 9]).unwrap();
            bench.play(|r| {
                ops::conv3x3::record_backward_weight(r, &dw, None, &x.gpu, &dy.gpu, shape, 9).unwrap()
            });
            pollster::block_on(dw.read(&bench.context)).unwrap()
        })
        .collect();
    assert_eq!(results[0], results[1]);
}
