//! Every kernel and variant against its twin, one row for each size of activation.

use std::time::Instant;

use serde_json::{Value, json};

use super::Error;
use super::adapter;
use super::job::{Clock, Line, Teller};
use super::json::rounded;
use crate::gpu::{self, Context, Request};
use crate::selfcheck::{self, Case, Finding};

/// The cases by variant whose names hold a text.
pub(super) fn cases(holding: &str) -> Vec<Case> {
    let all = selfcheck::cases_by_variant().into_iter();
    all.filter(|case| case.name.contains(holding)).collect()
}

pub(super) async fn run<F: Future<Output = Result<Context, gpu::Error>>>(
    open: &dyn Fn() -> F,
    from: usize,
    holding: &str,
    clock: Clock,
    tell: &mut Teller<'_>,
) -> Result<(), Error> {
    let device = || async {
        let opened = open().await;
        opened.map_err(|error| adapter::missing(Request::Fastest, &error))
    };
    let mut context = device().await?;
    let cases = cases(holding);
    for (number, case) in cases.iter().enumerate().skip(from) {
        if clock.left() < 0.0 {
            return Ok(());
        }
        tell.doing(format!(
            "selfcheck {} of {}: {}",
            number + 1,
            cases.len(),
            case.name
        ));
        for row in rows(case, &context).await {
            tell.row("rows", row);
        }
        (tell.line)(Line::Case(number + 1));
        if context.fault().is_some() {
            context = device().await?;
        }
    }
    Ok(())
}

async fn rows(case: &Case, context: &Context) -> Vec<Value> {
    let start = Instant::now();
    let mut all = vec![row(
        case.name,
        "f32",
        case.run_floats(context).await.map(Some),
        context,
        start,
    )];
    if context.fault().is_none() {
        let start = Instant::now();
        all.push(row(
            case.name,
            "f16",
            case.run_halves(context).await,
            context,
            start,
        ));
    }
    all.into_iter().flatten().collect()
}

/// `None` where the device does not have numbers of that size.
fn row(
    name: &str,
    numbers: &str,
    finding: Result<Option<Finding>, gpu::Error>,
    context: &Context,
    start: Instant,
) -> Option<Value> {
    let seconds = rounded(start.elapsed().as_secs_f64());
    let fault = context.fault().or_else(|| finding.as_ref().err().cloned());
    if let Some(fault) = fault {
        return Some(failed(name, numbers, &fault.to_string()));
    }
    let finding = finding.ok()??;
    let difference = finding.difference;
    Some(json!({
        "name": name, "numbers": numbers, "worst": rounded(difference.largest), "allowed": rounded(difference.allowed),
        "compared": difference.compared, "passed": finding.agrees(), "seconds": seconds,
    }))
}

/// Of a case that was not brought to its end.
pub(super) fn failed(name: &str, numbers: &str, fault: &str) -> Value {
    json!({"name": name, "numbers": numbers, "passed": false, "fault": fault})
}
