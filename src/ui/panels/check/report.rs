//! What the check has found so far, as words and as text to take along.

use std::fmt::Write;

use crate::selfcheck::Finding;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What is checked.
    pub adapter: String,
    pub planned: usize,
    pub findings: Vec<Finding>,
    /// Which variants of the kernels are used.
    pub variants: Vec<String>,
    /// Why it ended early.
    pub fault: Option<String>,
}

impl Report {
    pub fn summary(&self) -> String {
        let (done, planned) = (self.findings.len(), self.planned);
        if let Some(fault) = &self.fault {
            return format!("Stopped after {done} of {planned} kernels: {fault}");
        }
        let disagreeing = || self.findings.iter().filter(|finding| !finding.agrees());
        let wrong = disagreeing().count();
        let advice = if disagreeing().any(Finding::is_of_device) {
            "Update the graphics driver and check again."
        } else {
            "Update the browser and check again."
        };
        match (done == planned, wrong) {
            (false, 0) => format!("{done} of {planned} kernels checked"),
            (false, wrong) => format!("{done} of {planned} kernels checked, {wrong} disagree"),
            (true, 0) => format!(
                "All {planned} kernels agree with their twins on {}.",
                self.adapter
            ),
            (true, wrong) => format!(
                "{wrong} of {planned} kernels disagree with their twins on {}. {advice}",
                self.adapter
            ),
        }
    }

    /// Summary and table, tab-separated.
    pub fn text(&self) -> String {
        let mut text = format!(
            "Contour Lab, check of {}\n{}\nkernel\tcompared\tlargest difference\tshare of tolerance\tverdict\n",
            self.adapter,
            self.summary()
        );
        for finding in &self.findings {
            let difference = finding.difference;
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{}\t{}\t{}\t{:.3}\t{}",
                finding.name,
                difference.compared,
                figure(difference.largest),
                difference.share,
                verdict(finding)
            );
        }
        if !self.variants.is_empty() {
            text.push_str("\nvariants\n");
        }
        for line in &self.variants {
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

pub fn verdict(finding: &Finding) -> &'static str {
    if finding.agrees() { "agrees" } else { "disagrees" }
}

pub fn figure(difference: f64) -> String {
    if difference == 0.0 {
        "0".into()
    } else {
        format!("{difference:.1e}")
    }
}
