//! Trains the weights that the page ships, and measures what its plans reach, with the data, the plans and the session that
//! the page uses, on the processor.
//!
//! | command | what it does |
//! |---|---|
//! | `ship` | trains from random weights and writes the file and its figures into `www/weights` |
//! | `score` | the shipped files on all abdomens, without any tuning |
//! | `tune` | the same short run on another abdomen from shipped and from random weights |
//! | `recipes` | what a preset's plan reaches on the opening sample, over the work that it takes |
//!
//! Options come in pairs and change what is planned: see `options`. Such as
//! `cargo run --release --bin pretrain -- ship --size 64 --steps 2000`.

#[cfg(not(target_arch = "wasm32"))]
mod data;
#[cfg(not(target_arch = "wasm32"))]
mod options;
#[cfg(not(target_arch = "wasm32"))]
mod recipes;
#[cfg(not(target_arch = "wasm32"))]
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod ship;
#[cfg(not(target_arch = "wasm32"))]
mod tune;

#[cfg(not(target_arch = "wasm32"))]
type Failure = Box<dyn std::error::Error>;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let options = options::Options::parse(arguments)?;
    match command.as_str() {
        "ship" => ship::ship(&options),
        "score" => ship::score(&options),
        "tune" => tune::tune(&options),
        "recipes" => recipes::recipes(&options),
        _ => Err("Say ship, score, tune or recipes; see the head of src/bin/pretrain/main.rs.".into()),
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {}
