//! Expectations made wrong, to see that the checks notice.

use serde_json::{Value, json};

/// A value of the same kind that is wrong.
pub(crate) fn spoiled(value: &Value) -> Value {
    match value {
        Value::Bool(truth) => json!(!truth),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => json!(whole + 1),
            None => json!(number.as_f64().unwrap() * 1.01 + 0.01),
        },
        Value::String(text) if text == "NaN" => json!(1.0),
        Value::String(text) => json!(format!("{text}?")),
        Value::Array(items) => {
            let mut items = items.clone();
            let last = items.len() - 1;
            items[last] = spoiled(&items[last]);
            Value::Array(items)
        }
        Value::Object(fields) => {
            let mut fields = fields.clone();
            let last = fields.keys().next_back().unwrap().clone();
            fields[&last] = spoiled(&fields[&last]);
            Value::Object(fields)
        }
        Value::Null => json!(0),
    }
}
