//! Requests and replies: plain data in both directions.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::bulk;
use crate::bulk::named::{Parcel, Slot};
use crate::contour::{Choice, Weighting};
use crate::gpu::{self, AdapterKind};
use crate::lab::cohort::{Known, Piece};
use crate::lab::{Cohort, Overview, Sample, Settling};
use crate::loss::cpu::Maps;
use crate::loss::{self, Facts, Params};
use crate::metrics::{Comparison, Field};
use crate::nifti::Assignment;
use crate::selfcheck::Finding;
use crate::train::{Command, Dataset, Event, Extent, Fit, Placed, Recipe, Share, Snapshot, Task};
use crate::view::Painting;

/// Who does the arithmetic of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Processor {
    Gpu,
    Cpu,
}

/// Which variants of the kernels are to be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kernels {
    /// What the graphics adapter calls itself.
    pub adapter: String,
    /// What was measured before, in the words of [`Choices::to_json`](crate::gpu::Choices::to_json).
    pub remembered: Option<String>,
    /// Those that take the place of any measured ones, as [`Choices::force_all`](crate::gpu::Choices::force_all) reads them.
    pub forced: String,
}

/// What the page has to know of a graphics adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adapter {
    /// What it calls itself.
    pub name: String,
    pub kind: AdapterKind,
    /// Kernels may read and write f16.
    pub has_halves: bool,
}

/// A question about contours.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Mapping {
    /// (D, H, W), class numbers.
    #[serde(with = "bulk")]
    pub labels: Vec<u8>,
    /// D, H, W.
    pub dims: [usize; 3],
    pub choice: Choice,
    /// The slices that are asked about; the others only are their neighbours.
    pub slices: Range<usize>,
    /// The name under which the contour is kept, if messages are to name it.
    pub name: Option<u64>,
}

/// A question about the weight of each pixel of a slice.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Weighing {
    /// Labels (H, W), class numbers or of no class, and their contour: see [`Weighing::slots`].
    pub arrays: Parcel,
    /// H, W.
    pub dims: [usize; 2],
    pub weighting: Weighting,
    /// The name under which the weights are kept.
    pub name: u64,
}

impl Weighing {
    /// What the arrays are.
    pub fn slots<'a>(labels: &'a mut Arc<[u8]>, contour: &'a mut Arc<[u32]>) -> Vec<Slot<'a>> {
        vec![Slot::Bytes(labels), Slot::Words(contour)]
    }
}

/// A question about what each pixel of a slice costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pricing {
    /// Those of a [`Given`].
    pub arrays: Parcel,
    /// 1, K, H, W.
    pub shape: [usize; 4],
    pub loss: Params,
    pub facts: Facts,
    /// The map that goes on screen, how the slice lies on the grid, and the name under which the map is kept.
    pub drawn: Option<(loss::Share, Fit, u64)>,
}

/// What a session is there for. An engine has at most one session for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// It is the run.
    Train,
    /// It predicts under the weights that it starts from, and leaves the run alone.
    Ask,
}

/// All that a session on a cohort that the engine holds is made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opening {
    pub purpose: Purpose,
    pub recipe: Recipe,
    /// Its number.
    pub cohort: u64,
    /// Width and height in pixels of the grid that slices are brought onto.
    pub grid: [usize; 2],
    /// To start from; none are those of the seed.
    #[serde(with = "bulk")]
    pub weights: Vec<f32>,
    pub processor: Processor,
    pub kernels: Kernels,
    /// Workers that share the images of a batch on the processor, if not as many as help.
    pub workers: Option<usize>,
    /// Where to go on, if not at the beginning.
    pub snapshot: Option<Snapshot>,
    /// What the session is told as soon as it is there.
    pub first: Option<Command>,
}

/// A run that nobody has asked for yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehearsal {
    pub recipe: Recipe,
    /// Of the data set that it would have.
    pub extent: Extent,
    pub kernels: Kernels,
    /// As in [`Opening::workers`].
    pub workers: Option<usize>,
}

/// What the page asks of the engine. Replies belong to a request; what needs none gets none.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// The visitor's files, which come along as objects; paired as said, or by name and content. Replies with
    /// [`Reply::Progress`] and [`Reply::Intake`], after which the engine holds them.
    Read {
        paths: Vec<String>,
        assignments: Option<Vec<Assignment>>,
    },
    /// Does something about the files that are held; replies with [`Reply::Intake`].
    Settle(Settling),
    /// The cohort of the files that are held, under this number.
    Accept(u64),
    /// Forgets the files that are held.
    Dismiss,
    /// Back to the files of the cohort that was opened last; replies with [`Reply::Intake`].
    Reopen,
    /// A cohort of a sample, whose image and label come along as objects.
    Sample(Box<Sample>),
    /// Compares two label maps of a field, class by class from 1 on; replies with as many [`Reply::Compared`].
    Measure {
        #[serde(with = "bulk")]
        predicted: Vec<u8>,
        #[serde(with = "bulk")]
        reference: Vec<u8>,
        field: Field,
        /// Background included.
        classes: usize,
    },
    /// Opens the graphics device; replies with [`Reply::Adapter`], and should the device be lost with [`Reply::Lost`].
    Adapter(Kernels),
    /// A canvas under this number, which comes along as an object. It is drawn on by the device if there is one, and by the
    /// processor if not: for life, since a canvas takes only one of them.
    Canvas(u32),
    /// Replies with [`Reply::Painted`] once the canvas shows it, with [`Reply::Missing`], or with a fault.
    Paint {
        canvas: u32,
        painting: Box<Painting>,
    },
    /// The canvas is gone.
    Discard(u32),
    /// Replies with [`Reply::Contour`].
    Map(Box<Mapping>),
    /// Replies with [`Reply::Weight`] or [`Reply::Missing`].
    Weigh(Box<Weighing>),
    /// What each pixel costs; replies with [`Reply::Explained`] or [`Reply::Missing`].
    Explain(Box<Pricing>),
    /// Every kernel against its twin; replies with as many [`Reply::Checked`].
    Check,
    /// Compiles what a run would wait for; replies with [`Reply::Compiling`] and [`Reply::Prepared`].
    Prepare(Box<Rehearsal>),
    /// Tries which variants of a run's kernels are the fastest, for later runs, piece by piece for as long as that is wanted;
    /// replies with [`Reply::Tried`] after each, until as many shapes are done as there are.
    Try(Box<Rehearsal>),
    /// Times one step of a run on either engine; replies with two [`Reply::Took`].
    Compare(Box<Rehearsal>),
    /// A cohort for sessions, in the place of any of its number, without voxels: the engine holds what is known of each
    /// subject, and the rest comes as [`Request::Piece`]s.
    Hold {
        cohort: Box<Cohort>,
        known: Vec<Known>,
    },
    Piece(Piece),
    /// Nobody will ask for the cohort of this number again.
    Forget(u64),
    /// A session, in the place of the one before it for the same purpose; its replies end with [`Reply::Closed`] or
    /// [`Reply::Fault`].
    Open(Box<Opening>),
    /// A member of a crew that shares the images of a run on the processor; replies with [`Reply::Joined`].
    Join(Box<(Recipe, Dataset)>),
    /// To that member; replies with [`Reply::Share`].
    Share(Task),
    /// To the session for this purpose, if there is one.
    Tell(Purpose, Command),
    /// Ends the session.
    Close(Purpose),
}

/// What the engine answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Reply {
    /// Files read, and all of them.
    Progress([usize; 2]),
    /// What there is to know of the files that are held.
    Intake(Box<Overview>),
    /// Without its voxels, which come as [`Reply::Piece`]s.
    Cohort(Box<Cohort>),
    Piece(Piece),
    /// The next class.
    Compared(Box<Comparison>),
    /// The graphics adapter, or why there is none.
    Adapter(Result<Adapter, gpu::Error>),
    /// The graphics device is gone.
    Lost(gpu::Error),
    /// The canvas shows it.
    Painted,
    /// The request names an array that never came: it is to be sent again with all of its arrays.
    Missing,
    /// (D, H, W) of the slices that were asked about, class k at bit k.
    Contour(#[serde(with = "bulk")] Vec<u32>),
    /// (H, W): the weight of each pixel.
    Weight(#[serde(with = "bulk")] Vec<f32>),
    /// The weight (H, W) of each pixel, and what the loss says of it.
    Explained {
        #[serde(with = "bulk")]
        weight: Vec<f32>,
        maps: Box<Maps<f32>>,
        /// The map that goes on screen, on the slice's own pixels; empty if none was asked for.
        #[serde(with = "bulk")]
        drawn: Vec<f32>,
    },
    /// The next kernel.
    Checked(Finding),
    /// Kernels compiled, and all of them.
    Compiling([usize; 2]),
    /// All of them are.
    Prepared,
    /// One variant more has been tried.
    Tried {
        /// Shapes whose fastest variant has been found, and all of them.
        shapes: [usize; 2],
        /// What is known of the adapter, to be remembered.
        kernels: String,
    },
    /// What a step takes.
    Took {
        processor: Processor,
        ms: f64,
    },
    /// There is a session, and it takes commands.
    Opened {
        placed: Vec<Placed>,
        facts: Facts,
        /// Of each op and shape the variant that had been found to be the fastest: the run is taken up with the same.
        kernels: Option<String>,
    },
    /// The member is ready.
    Joined,
    /// What the member has worked out.
    Share(Share),
    /// From the session.
    Report(Report),
    /// The session is over; nothing more comes.
    Closed,
    /// What was asked for cannot be had; in words.
    Fault(String),
}

/// What a session at work tells the page, in order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Report {
    Event(Event),
    /// Back at the initial weights: everything that was reported is void.
    Restarted,
    Running,
    /// The volume is being predicted; steps wait.
    Predicting,
    /// The adapter's peak is being measured.
    MeasuringPeak,
    /// A step is being measured; the peak in floating-point operations a second.
    MeasuringStep {
        peak: f64,
    },
    /// The volume is not wanted any more.
    VolumeCancelled,
    /// Told to pause; results are still on their way.
    Pausing,
    /// Nothing more to do until a command comes.
    Resting {
        finished: bool,
    },
    /// The session is gone.
    Failed(String),
    /// So it is, because the device is gone; what it said.
    Lost(String),
}
