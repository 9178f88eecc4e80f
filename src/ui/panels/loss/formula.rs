//! The loss with the current values filled in.

use crate::loss::{Params, Value};
use crate::ui::parts::math::tex;

/// LaTeX of each line.
pub fn filled(loss: &Params) -> Vec<String> {
    let line = |line: &&str| {
        let mut text = String::new();
        let mut rest = *line;
        while let Some((before, after)) = rest.split_once('⟨') {
            let (key, after) = after.split_once('⟩').unwrap_or((after, ""));
            // A summand of 0 says nothing.
            match (before.strip_suffix(" + "), loss.value(key)) {
                (Some(before), Value::Number(0.0)) if after.is_empty() || after.starts_with([',', '}']) => {
                    text.push_str(before);
                }
                (_, number) => {
                    text.push_str(before);
                    text.push_str(&value(&number));
                }
            }
            rest = after;
        }
        text + rest
    };
    loss.definition().formula.iter().map(line).collect()
}

fn value(value: &Value) -> String {
    match value {
        Value::Number(number) => tex(*number),
        Value::Word(word) => format!(r"\text{{{word}}}"),
        Value::PerClass(_) => "a".into(),
    }
}
