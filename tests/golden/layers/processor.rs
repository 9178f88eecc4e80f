//! The layers by the fast kernels of the processor, one image after the other.

use contour_lab::cpu::conv3x3::Packed;
use contour_lab::cpu::{Scratch, Sink, activation, concat, conv1x1, conv3x3, norm, pool, upsample};

use super::{Case, Outcome};
use crate::store::widen;

/// Where the images of a batch are put together: results are NaN until they are written.
struct Batch {
    images: usize,
    y: Vec<f32>,
    dx: Vec<f32>,
    scratch: Scratch,
}

impl Batch {
    fn new(case: &Case, x: &[f32]) -> Self {
        let [images, ..] = case.input("x").nchw();
        Self {
            images,
            y: vec![f32::NAN; case.output_len()],
            dx: vec![f32::NAN; x.len()],
            scratch: Scratch::default(),
        }
    }

    fn outcome(self, others: Vec<(&'static str, Vec<f32>)>) -> Outcome {
        let own = std::iter::once(("x", self.dx));
        let all = own.chain(others);
        Outcome {
            output: widen(&self.y),
            grads: all.map(|(name, values)| (name, widen(&values))).collect(),
        }
    }
}

/// The numbers of one image.
fn image(values: &[f32], images: usize, number: usize) -> &[f32] {
    let len = values.len() / images;
    &values[number * len..][..len]
}

fn image_mut(values: &mut [f32], images: usize, number: usize) -> &mut [f32] {
    let len = values.len() / images;
    &mut values[number * len..][..len]
}

/// The gradient of a parameter: each image's overwrites what is there, and all are added up.
fn added_up(len: usize, images: usize, mut of_image: impl FnMut(usize, &mut [f32])) -> Vec<f32> {
    let mut sums = vec![0.0; len];
    for number in 0..images {
        let mut own = vec![f32::NAN; len];
        of_image(number, &mut own);
        for (sum, own) in sums.iter_mut().zip(&own) {
            *sum += own;
        }
    }
    sums
}

/// `None` for a layer that no network has, and so no kernel.
pub(super) fn outcome(op: &str, case: &Case) -> Option<Outcome> {
    let [_, channels, ..] = case.input("x").nchw();
    match op {
        "conv2d" => Some(conv2d(case)),
        "instance_norm" => Some(instance_norm(case)),
        "group_norm" if case.param("groups").map(|groups| groups as usize) == Some(channels) => {
            Some(instance_norm(case))
        }
        "concat" => Some(concatenation(case)),
        "max_pool2d" | "upsample_nearest" | "upsample_bilinear" | "relu" | "leaky_relu" => {
            Some(elementwise(op, case))
        }
        _ => None,
    }
}

fn conv2d(case: &Case) -> Outcome {
    let [x, weight, dy] = [case.input("x"), case.input("weight"), case.upstream()];
    let bias = case.has("bias").then(|| case.input("bias").f32());
    let [c_out, .., kernel] = weight.nchw();
    let [images, c, h, w] = x.nchw();
    let shape = [c, h, w];
    let [x, weight, dy] = [x.f32(), weight.f32(), dy.f32()];
    let [mut packed, mut turned] = [Packed::default(), Packed::default()];
    if kernel == 3 {
        packed.pack(&weight, c_out, c);
        turned.pack_turned(&weight, c_out, c);
    }
    let mut batch = Batch::new(case, &x);
    let Batch { y, dx, scratch, .. } = &mut batch;
    // Both gradients are made by one call.
    let both = added_up(weight.len() + c_out, images, |number, own| {
        let (dweight, dbias) = own.split_at_mut(weight.len());
        let dbias = Some(dbias);
        let [x, dy] = [&x, &dy].map(|values| image(values, images, number));
        let y = image_mut(y, images, number);
        let sink = Some(Sink::new(image_mut(dx, images, number), false));
        let bias = bias.as_deref();
        if kernel == 3 {
            conv3x3::forward(y, x, &packed, bias, None, shape, scratch);
            conv3x3::backward(dweight, dbias, sink, x, dy, &turned, shape, scratch);
        } else {
            conv1x1::forward(y, x, &weight, bias, h * w);
            conv1x1::backward(dweight, dbias, sink, x, dy, &weight, h * w, scratch);
        }
    });
    let (dweight, dbias) = both.split_at(weight.len());
    let mut grads = vec![("weight", dweight.to_vec())];
    grads.extend(bias.is_some().then(|| ("bias", dbias.to_vec())));
    batch.outcome(grads)
}

fn instance_norm(case: &Case) -> Outcome {
    let [x, weight, bias, dy] = [
        case.input("x"),
        case.input("weight"),
        case.input("bias"),
        case.upstream(),
    ];
    let [images, channels, ..] = x.nchw();
    let [x, weight, bias, dy] = [x.f32(), weight.f32(), bias.f32(), dy.f32()];
    let epsilon = case.param("eps").expect("eps") as f32;
    let mut batch = Batch::new(case, &x);
    let Batch { y, dx, .. } = &mut batch;
    let both = added_up(2 * channels, images, |number, own| {
        let (dweight, dbias) = own.split_at_mut(channels);
        let [x, dy] = [&x, &dy].map(|values| image(values, images, number));
        let mut statistics = vec![f32::NAN; 2 * channels];
        let y = image_mut(y, images, number);
        norm::forward(y, &mut statistics, x, &weight, &bias, epsilon, None);
        let sink = Sink::new(image_mut(dx, images, number), false);
        norm::backward(dweight, dbias, sink, x, &statistics, &weight, dy);
    });
    let (dweight, dbias) = both.split_at(channels);
    batch.outcome(vec![("weight", dweight.to_vec()), ("bias", dbias.to_vec())])
}

/// Layers without parameters. ReLU is the leaky one with slope 0.
fn elementwise(op: &str, case: &Case) -> Outcome {
    let [images, c, h, w] = case.input("x").nchw();
    let shape = [c, h, w];
    let slope = case.param("slope").unwrap_or(0.0) as f32;
    let [x, dy] = [case.input("x").f32(), case.upstream().f32()];
    let mut batch = Batch::new(case, &x);
    for number in 0..batch.images {
        let [x, dy] = [&x, &dy].map(|values| image(values, images, number));
        let y = image_mut(&mut batch.y, images, number);
        let sink = Sink::new(image_mut(&mut batch.dx, images, number), false);
        let scratch = &mut batch.scratch;
        match op {
            "max_pool2d" => {
                pool::forward(y, x, shape);
                pool::backward(sink, x, dy, shape, scratch);
            }
            "upsample_nearest" => {
                upsample::nearest_forward(y, x, shape);
                upsample::nearest_backward(sink, dy, shape);
            }
            "upsample_bilinear" => {
                upsample::bilinear_forward(y, x, shape, scratch);
                upsample::bilinear_backward(sink, dy, shape, scratch);
            }
            _ => {
                activation::forward(y, x, slope);
                activation::backward(sink, x, dy, slope);
            }
        }
    }
    batch.outcome(Vec::new())
}

fn concatenation(case: &Case) -> Outcome {
    let [images, ..] = case.input("x").nchw();
    let [x, x2, dy] = [
        case.input("x").f32(),
        case.input("x2").f32(),
        case.upstream().f32(),
    ];
    let mut batch = Batch::new(case, &x);
    let mut dx2 = vec![f32::NAN; x2.len()];
    for number in 0..images {
        let [x, x2, dy] = [&x, &x2, &dy].map(|values| image(values, images, number));
        concat::forward(image_mut(&mut batch.y, images, number), x, x2);
        let of_x = image_mut(&mut batch.dx, images, number);
        let of_x2 = image_mut(&mut dx2, images, number);
        concat::backward([Some(of_x), Some(of_x2)], dy, x.len());
    }
    batch.outcome(vec![("x2", dx2)])
}
