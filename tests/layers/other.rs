use contour_lab::gpu::{Recording, Tensor};
use contour_lab::ops::{self, Sink};
use contour_lab::reference;

use crate::bench::{Bench, RELATIVE, SHAPES};

#[test]
fn norm() {
    let mut bench = Bench::new();
    // Of one pixel alone nothing is left to compare: the gradient is 0 and the output is the bias.
    for shape in SHAPES.into_iter().filter(|[_, _, h, w]| h * w > 1) {
        let [n, c, h, w] = shape;
        let len = n * c * h * w;
        let [x, weight, bias, dy] = [len, c, c, len].map(|len| bench.numbers(len));
        for groups in [1, c] {
            let what = format!("norm {shape:?} in {groups} groups");
            for accumulate in [false, true] {
                // With few pixels 1/σ multiplies the roundings: a large ε keeps the comparison about indexing.
                let eps = 0.1;
                let mut y = bench.result(len, false);
                let mut statistics = bench.result(2 * n * groups, false);
                let mut dx = bench.result(len, accumulate);
                let [mut dw, mut db] = [c, c].map(|len| bench.numbers(len));
                bench.play(|r| {
                    let [y, statistics, dx, dw, db] = [&y, &statistics, &dx, &dw, &db].map(|n| &n.gpu);
                    let [x, weight, bias, dy] = [&x, &weight, &bias, &dy].map(|n| &n.gpu);
                    use ops::norm::{record_backward, record_forward};
                    record_forward(r, y, statistics, x, weight, bias, shape, groups, eps, None).unwrap();
                    record_backward(
                        r,
                        Sink::new(dx, accumulate),
                        dw,
                        db,
                        x,
                        statistics,
                        weight,
                        dy,
                        shape,
                        groups,
                    )
                    .unwrap();
                });
                use reference::norm as twin;
                let [x, weight, bias, dy] = [&x.twin, &weight.twin, &bias.twin, &dy.twin];
                twin::norm_statistics(&mut statistics.twin, x, shape, groups, f64::from(eps));
                let saved = &statistics.twin;
                twin::norm_forward(&mut y.twin, x, saved, weight, bias, shape, groups);
                twin::norm_backward_input(&mut dx.twin, x, saved, weight, dy, shape, groups, accumulate);
                twin::norm_backward_weight(&mut dw.twin, &mut db.twin, x, saved, dy, shape, groups);
                bench.agree(&format!("{what} statistics"), &statistics);
                bench.agree(&what, &y);
                bench.agree(&format!("{what} dx"), &dx);
                bench.agree(&format!("{what} dweight"), &dw);
                bench.agree(&format!("{what} dbias"), &db);
            }
        }
    }
}

#[test]
fn a_mean_of_a_thousand_costs_no_digits() {
    let bench = Bench::new();
    // 65,536 values around 1000 with a deviation of 0.01: E[x²] − E[x]² has no digit left in f32.
    let values: Vec<f32> = (0..65_536_u32)
        .map(|i| 1000.0 + 0.01 * f32::from((i % 7) as u8))
        .collect();
    let shape = [1, 1, 256, 256];
    let twin: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
    let mut expected = [0.0; 2];
    reference::norm::norm_statistics(&mut expected, &twin, shape, 1, 1e-5);
    let x = Tensor::from_slice(&bench.context, "x", &values).unwrap();
    let one = Tensor::from_slice(&bench.context, "weight", &[1.0_f32]).unwrap();
    let [y, statistics] = [65_536, 2].map(|len| Tensor::new(&bench.context, "result", len).unwrap());
    bench.play(|r| {
        ops::norm::record_forward(r, &y, &statistics, &x, &one, &one, shape, 1, 1e-5, None).unwrap()
    });
    let got: Vec<f32> = pollster::block_on(statistics.read(&bench.context)).unwrap();
    assert!(expected[1] > 40.0);
    for (got, expected) in got.iter().zip(expected) {
        assert!(
            (f64::from(*got) / expected - 1.0).abs() <= RELATIVE,
            "{got} for {expected}"
        );
    }
}

#[test]
fn pool_upsample_and_activation() {
    type Record = fn(&mut Recording, [&Tensor; 2], [&Tensor; 2], [usize; 4], bool);
    type Twin = fn([&mut [f64]; 2], [&[f64]; 2], [usize; 4], bool);
    type Len = fn([usize; 4]) -> usize;
    let smaller = |[n, c, h, w]: [usize; 4]| n * c * (h / 2) * (w / 2);
    let larger = |[n, c, h, w]: [usize; 4]| 4 * n * c * h * w;
    let same = |[n, c, h, w]: [usize; 4]| n * c * h * w;
    let layers: [(&str, Len, Record, Twin); 4] = [
        (
            "max pool",
            smaller,
            |r, [y, dx], [x, dy], shape, accumulate| {
                ops::pool::record_max_forward(r, y, x, shape);
                ops::pool::record_max_backward(r, Sink::new(dx, accumulate), x, dy, shape);
            },
            |[y, dx], [x, dy], shape, accumulate| {
                reference::pool::pool_max_forward(y, x, shape);
                reference::pool::pool_max_backward(dx, x, dy, shape, accumulate);
            },
        ),
        (
            "nearest",
            larger,
            |r, [y, dx], [x, dy], shape, accumulate| {
                ops::upsample::record_nearest_forward(r, y, x, shape);
                ops::upsample::record_nearest_backward(r, Sink::new(dx, accumulate), dy, shape);
            },
            |[y, dx], [x, dy], shape, accumulate| {
                reference::upsample::upsample_nearest_forward(y, x, shape);
                reference::upsample::upsample_nearest_backward(dx, dy, shape, accumulate);
            },
        ),
        (
            "bilinear",
            larger,
            |r, [y, dx], [x, dy], shape, accumulate| {
                ops::upsample::record_bilinear_forward(r, y, x, shape);
                ops::upsample::record_bilinear_backward(r, Sink::new(dx, accumulate), dy, shape);
            },
            |[y, dx], [x, dy], shape, accumulate| {
                reference::upsample::upsample_bilinear_forward(y, x, shape);
                reference::upsample::upsample_bilinear_backward(dx, dy, shape, accumulate);
            },
        ),
        (
            "leaky ReLU",
            same,
            |r, [y, dx], [x, dy], _, accumulate| {
                ops::activation::record_forward(r, y, x, 0.01);
                ops::activation::record_backward(r, dx, x, dy, 0.01, accumulate);
            },
            |[y, dx], [x, dy], _, accumulate| {
                reference::activation::activation_forward(y, x, 0.01);
                reference::activation::activation_backward(dx, x, dy, 0.01, accumulate);
            },
        ),
    ];
    let mut bench = Bench::new();
    for (name, output, record, twin) in layers {
        for shape in SHAPES.into_iter().filter(|shape| output(*shape) > 0) {
            for accumulate in [false, true] {
                let what = format!("{name} {shape:?}");
                let [x, dy] = [same(shape), output(shape)].map(|len| bench.numbers(len));
                let mut y = bench.result(dy.twin.len(), false);
                let mut dx = bench.result(x.twin.len(), accumulate);
                bench.play(|r| record(r, [&y.gpu, &dx.gpu], [&x.gpu, &dy.gpu], shape, accumulate));
                twin(
                    [&mut y.twin, &mut dx.twin],
                    [&x.twin, &dy.twin],
                    shape,
                    accumulate,
                );
                bench.agree(&what, &y);
                bench.agree(&format!("{what} dx"), &dx);
            }
        }
    }
}

#[test]
fn concat() {
    let mut bench = Bench::new();
    let (images, first, second) = (3, 5 * 7, 2 * 7);
    let [x1, x2] = [first, second].map(|run| bench.numbers(images * run));
    let dy = bench.numbers(images * (first + second));
    let mut y = bench.result(dy.twin.len(), false);
    let [mut d1, mut d2] = [&x1, &x2].map(|x| bench.result(x.twin.len(), false));
    bench.play(|r| {
        ops::concat::record_forward(r, &y.gpu, &x1.gpu, &x2.gpu, images);
        ops::concat::record_backward(
            r,
            [Some(&d1.gpu), Some(&d2.gpu)],
            &dy.gpu,
            [d1.gpu.len(), d2.gpu.len()].map(|len| len / images),
        );
    });
    reference::concat::concat_forward(&mut y.twin, &x1.twin, &x2.twin, images);
    reference::concat::concat_backward(&mut d1.twin, &mut d2.twin, &dy.twin, images, [false; 2]);
    for (what, numbers) in [("concat", &y), ("concat dx1", &d1), ("concat dx2", &d2)] {
        bench.agree(what, numbers);
    }
}
