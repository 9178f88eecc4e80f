//! What the adapter's limits are measured with.

use super::{Case, Probe, Run};
use crate::gpu::Error;
use crate::ops;
use crate::reference as twin;

/// More than the numbers that a start is repeated after, and no multiple of a workgroup.
const LEN: usize = 201;

pub(super) const CASES: &[Case] = &[Case {
    name: "limits/multiply_add",
    run: Run::Gpu(|p| Box::pin(multiply_add(p))),
}];

/// Few turns, after which the numbers still differ.
async fn multiply_add(p: &mut Probe) -> Result<(), Error> {
    for turns in [0, 1, 2] {
        let y = p.noise(LEN)?;
        let mut recording = p.recording();
        ops::multiply_add::record(&mut recording, &y, turns);
        p.play(&recording);
        let mut expected = vec![0.0; LEN];
        let params = ops::multiply_add::params(LEN, turns);
        twin::multiply_add::multiply_add(&mut expected, turns, params.factor, params.addend);
        p.close(&y, &expected).await?;
    }
    Ok(())
}
