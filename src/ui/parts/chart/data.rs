//! A history as uPlot wants it: one array of steps, one array of each curve, gaps as null.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::lab::{History, Line, Series};

/// The arrays of a chart, which grow with the history.
pub struct Columns {
    series: Vec<Series>,
    /// The steps, then each curve.
    arrays: Vec<Array>,
    /// Points of each curve that are in its array.
    taken: Vec<usize>,
    /// Values that a logarithm does not take are left out.
    log: bool,
}

impl Columns {
    pub fn new(series: Vec<Series>, log: bool) -> Self {
        let arrays = (0..=series.len()).map(|_| Array::new()).collect();
        let taken = vec![0; series.len()];
        Self {
            series,
            arrays,
            taken,
            log,
        }
    }

    /// Takes in what the history has more than before; starts anew if it has less.
    pub fn follow(&mut self, history: &History) {
        let lengths: Vec<usize> = self
            .series
            .iter()
            .map(|series| points(history, *series))
            .collect();
        if lengths.iter().zip(&self.taken).any(|(now, taken)| now < taken) {
            *self = Self::new(std::mem::take(&mut self.series), self.log);
        }
        for (i, length) in lengths.into_iter().enumerate() {
            if length > self.taken[i] {
                let Line { steps, values } = history.line(self.series[i]);
                for (step, value) in steps.iter().zip(&values).skip(self.taken[i]) {
                    self.put(i, *step as u32, *value);
                }
                self.taken[i] = length;
            }
        }
    }

    fn put(&self, series: usize, step: u32, value: Option<f64>) {
        while self.arrays[0].length() <= step {
            self.arrays[0].push(&self.arrays[0].length().into());
            for array in &self.arrays[1..] {
                array.push(&JsValue::NULL);
            }
        }
        let value = value.filter(|value| value.is_finite() && (!self.log || *value > 0.0));
        self.arrays[series + 1].set(step, value.map_or(JsValue::NULL, JsValue::from));
    }

    pub fn to_js(&self) -> Array {
        self.arrays.iter().collect()
    }
}

fn points(history: &History, series: Series) -> usize {
    match series {
        Series::TrainTotal | Series::TrainPixel | Series::TrainRegion => history.train.len(),
        Series::ValidationTotal
        | Series::ValidationPixel
        | Series::ValidationRegion
        | Series::ClassDice(_)
        | Series::MeanDice => history.validation.len(),
    }
}
