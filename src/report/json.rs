//! The report as text.

use std::fmt::Write;

use serde_json::Value;

/// What fits this many letters stands on one line.
const LINE: usize = 280;

/// JSON for people: what is short on one line, what is long a line for each of its parts.
#[must_use]
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    lay_out(&mut text, value, 0);
    text
}

fn lay_out(text: &mut String, value: &Value, depth: usize) {
    let short = value.to_string();
    let indent = "  ".repeat(depth);
    match value {
        _ if depth > 0 && short.len() <= LINE => text.push_str(&short),
        Value::Object(entries) if !entries.is_empty() => {
            text.push_str("{\n");
            for (i, (key, entry)) in entries.iter().enumerate() {
                let comma = if i > 0 { ",\n" } else { "" };
                // Writing into a string cannot fail.
                let _ = write!(text, "{comma}{indent}  {}: ", Value::from(key.as_str()));
                lay_out(text, entry, depth + 1);
            }
            let _ = write!(text, "\n{indent}}}");
        }
        Value::Array(elements) if !elements.is_empty() => {
            text.push_str("[\n");
            for (i, element) in elements.iter().enumerate() {
                let comma = if i > 0 { ",\n" } else { "" };
                let _ = write!(text, "{comma}{indent}  ");
                lay_out(text, element, depth + 1);
            }
            let _ = write!(text, "\n{indent}]");
        }
        _ => text.push_str(&short),
    }
}

/// To five significant digits; null of what is no number.
pub(super) fn rounded(value: f64) -> Value {
    if value == 0.0 || !value.is_finite() {
        return value.into();
    }
    let text = format!("{value:.4e}");
    text.parse::<f64>().map_or(Value::Null, Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn text_is_the_same_json() {
        let rows: Vec<Value> = (0..40)
            .map(|i| json!({"row": i, "text": "a \"quoted\" word"}))
            .collect();
        let value = json!({"empty": {}, "none": [], "rows": rows, "short": {"a": [1, 2.5, null]}});
        let text = text(&value);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert_eq!(text.lines().count(), 2 + 3 + 2 + 40, "{text}");
    }

    #[test]
    fn five_digits_are_kept() {
        assert_eq!(rounded(1_234.567_89), json!(1234.6));
        assert_eq!(rounded(0.000_012_345_67), json!(0.000_012_346));
        assert_eq!(rounded(0.0), json!(0.0));
        assert_eq!(rounded(f64::NAN), Value::Null);
    }
}
