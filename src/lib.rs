//! Contour Lab: see, understand and train with contour-weighted segmentation losses.
//!
//! A house of rooms. Arrows point one way; `tests/source/house.rs` reads this table and holds it.
//!
//! | room | purpose | may use |
//! |---|---|---|
//! | [`bulk`] | arrays of plain numbers inside messages | nothing of ours |
//! | [`nifti`] | bytes → header → volume → slice; orientation, label maps | nothing of ours |
//! | [`gpu`] | adapter, device, kernels, tensors, recordings, readback | nothing of ours |
//! | [`reference`] | a CPU twin of every shader, generic over f32/f64 | nothing of ours |
//! | [`cpu`] | fast f32 kernels on the processor, for one image | nothing of ours |
//! | [`metrics`] | overlap and surface distances of a prediction and its reference; the empty-class rule | nothing of ours |
//! | [`ops`] | one file per shader stem: parameters, bindings, dispatches | `gpu` |
//! | [`contour`] | structuring element, contour map, distances, weight map | `ops`, `gpu`, `reference`, `cpu` |
//! | [`loss`] | losses: parameters, what they are made of, terms, gradients, shares | `contour`, `ops`, `gpu`, `reference`, `cpu`, `bulk` |
//! | [`net`] | graph, UNet, its executors, weights as safetensors | `ops`, `gpu`, `reference`, `cpu` |
//! | [`optim`] | Adam, AdamW, SGD | `ops`, `gpu`, `reference` |
//! | [`view`] | what a canvas pixel shows: image, label, contour, heat map | `ops`, `gpu`, `reference`, `bulk` |
//! | [`edit`] | a label that is drawn on: brush, strokes, undo | nothing of ours |
//! | [`train`] | recipe, data set, batches, session, command and event | `nifti`, `gpu`, `metrics`, `contour`, `loss`, `net`, `optim`, `cpu`, `bulk` |
//! | [`bench`] | workloads on which the application is timed | `gpu`, `ops`, `cpu`, `contour`, `loss`, `net`, `optim`, `train` |
//! | [`lab`] | what a lesson needs of its data and of a run: the cohort, the record and its export | `train`, `metrics`, `loss`, `nifti`, `bulk` |
//! | [`plan`] | a run planned from the data: settings, each with its reason, and the time they take | `engine`, `lab`, `train`, `contour`, `loss`, `net`, `optim`, `gpu`, `bulk` |
//! | [`limits`] | what the adapter can do at most, measured | `ops`, `gpu` |
//! | [`selfcheck`] | every op against its twin, for `cargo test` and for the page | `ops`, `contour`, `loss`, `net`, `optim`, `view`, `reference`, `cpu`, `gpu` |
//! | `report` | what an adapter does with kernels and workloads, as JSON (native) | `bench`, `limits`, `selfcheck`, `net`, `ops`, `gpu` |
//! | [`engine`] | what computes, apart from the page: requests, replies, sessions at work | `train`, `lab`, `nifti`, `metrics`, `contour`, `loss`, `net`, `limits`, `selfcheck`, `view`, `gpu`, `optim`, `bulk` |
//! | [`page`] | the page without a browser: the study, slices of it, what a run would be and where it stands, as plain values | `plan`, `engine`, `lab`, `train`, `nifti`, `metrics`, `contour`, `loss`, `net`, `view`, `gpu` |
//! | `ui` | the page (wasm32) | `page`, `engine`, `plan`, `bulk`, `train`, `bench`, `lab`, `nifti`, `metrics`, `contour`, `loss`, `net`, `optim`, `view`, `limits`, `selfcheck`, `edit`, `gpu` |

pub mod bench;
pub mod bulk;
pub mod contour;
pub mod cpu;
pub mod edit;
pub mod engine;
pub mod gpu;
pub mod lab;
pub mod limits;
pub mod loss;
pub mod metrics;
pub mod net;
pub mod nifti;
pub mod ops;
pub mod optim;
pub mod page;
pub mod plan;
pub mod reference;
#[cfg(not(target_arch = "wasm32"))]
pub mod report;
pub mod selfcheck;
pub mod train;
pub mod view;
