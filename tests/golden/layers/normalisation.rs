//! Group and instance norm.

use contour_lab::ops::{self, Sink};
use contour_lab::reference;

use super::{Bench, Case, Outcome};

/// Instance norm is group norm with as many groups as channels.
pub(crate) fn norm(case: &Case, bench: &Bench) -> [Outcome; 2] {
    let [x, weight, bias, upstream] = [
        case.input("x"),
        case.input("weight"),
        case.input("bias"),
        case.upstream(),
    ];
    let shape = x.nchw();
    let [n, c, ..] = shape;
    let groups = case.param("groups").map_or(c, |groups| groups as usize);
    let eps = case.param("eps").expect("eps");

    let [gx, gw, gb, gdy] = [&x, &weight, &bias, &upstream].map(|array| bench.upload(array));
    let [y, dx, statistics] = [x.values.len(), x.values.len(), 2 * n * groups].map(|len| bench.fresh(len));
    let [dw, db] = [c, c].map(|len| bench.zeros(len));
    bench.run(|r| {
        ops::norm::record_forward(r, &y, &statistics, &gx, &gw, &gb, shape, groups, eps as f32, None)
            .expect("small tensors");
        ops::norm::record_backward(
            r,
            Sink::write(&dx),
            &dw,
            &db,
            &gx,
            &statistics,
            &gw,
            &gdy,
            shape,
            groups,
        )
        .expect("small tensors");
    });
    let gpu = bench.outcome(&y, &[("x", &dx), ("weight", &dw), ("bias", &db)]);

    let [mut y, mut dx] = [x.values.len(); 2].map(|len| vec![f64::NAN; len]);
    let mut statistics = vec![f64::NAN; 2 * n * groups];
    let [mut dw, mut db] = [c, c].map(|len| vec![0.0; len]);
    let [x, weight, bias, dy] = [&x.values, &weight.values, &bias.values, &upstream.values];
    {
        use reference::norm as twin;
        twin::norm_statistics(&mut statistics, x, shape, groups, eps);
        twin::norm_forward(&mut y, x, &statistics, weight, bias, shape, groups);
        twin::norm_backward_input(&mut dx, x, &statistics, weight, dy, shape, groups, false);
        twin::norm_backward_weight(&mut dw, &mut db, x, &statistics, dy, shape, groups);
    }
    let grads = vec![("x", dx), ("weight", dw), ("bias", db)];
    [gpu, Outcome { output: y, grads }]
}
