//! Numbers in words.

/// Such as "1.2 GB"; powers of a thousand, as files are listed.
pub fn bytes(bytes: usize) -> String {
    const STEP: f64 = 1000.0;
    let mut size = bytes as f64;
    for unit in ["bytes", "kB", "MB"] {
        if size < STEP {
            return if unit == "bytes" {
                format!("{size:.0} {unit}")
            } else {
                format!("{size:.1} {unit}")
            };
        }
        size /= STEP;
    }
    format!("{size:.2} GB")
}

/// Such as "1 subject" and "3 subjects".
pub fn counted(count: usize, thing: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}")
}
