//! Loops in WGSL text, unrolled before it is compiled.
//!
//! A kernel whose arrays are to live in registers is written for any tile and unrolled for one:
//!
//! ```wgsl
//! //#for k in 0..K
//! let z$k = logits[at + $(k)u * params.pixels];
//! //#end
//! ```
//!
//! The lines between are copied once for each number, without braces, so that what they declare stays in reach; those
//! between `//#if expression` and its `//#end` once, or not at all where the expression is 0.
//! `$name` and `$(expression)` become integers; a name is letters only (`x$r_$c` are two), an expression knows
//! `+ - * / %` and parentheses. Loops nest, and their bounds are expressions too.

/// Names of a template and what they stand for.
pub type Constants = &'static [(&'static str, u32)];

/// `text` with its loops unrolled and its names put in.
///
/// # Panics
/// If a name is unknown, an expression is none, or a loop has no end; `tests/source/contract.rs` expands every shader.
#[must_use]
pub fn expand(text: &str, constants: &[(&str, u32)]) -> String {
    let mut names: Vec<(&str, i64)> = constants
        .iter()
        .map(|(name, value)| (*name, i64::from(*value)))
        .collect();
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len());
    let used = block(&lines, &mut names, &mut out);
    assert_eq!(used, lines.len(), "`//#end` without a loop");
    out
}

/// Copies lines up to the end of the loop that they are in; how many they were.
fn block<'a>(lines: &[&'a str], names: &mut Vec<(&'a str, i64)>, out: &mut String) -> usize {
    let mut i = 0;
    while i < lines.len() {
        let line = lines[i].trim();
        if line == "//#end" {
            return i;
        }
        i += 1;
        if !opens(line) {
            paste(lines[i - 1], names, out);
            continue;
        }
        let length = end(&lines[i..]);
        let body = &lines[i..i + length];
        if let Some(condition) = line.strip_prefix("//#if ") {
            if evaluate(condition, names) != 0 {
                block(body, names, out);
            }
        } else {
            let (name, from, to) = head(line).unwrap_or_else(|| panic!("`{line}`"));
            for value in evaluate(from, names)..evaluate(to, names) {
                names.push((name, value));
                block(body, names, out);
                names.pop();
            }
        }
        i += length + 1;
    }
    i
}

fn opens(line: &str) -> bool {
    line.starts_with("//#for ") || line.starts_with("//#if ")
}

/// Name and bounds of a loop.
fn head(line: &str) -> Option<(&str, &str, &str)> {
    let (name, range) = line.strip_prefix("//#for ")?.split_once(" in ")?;
    let (from, to) = range.split_once("..")?;
    Some((name.trim(), from, to))
}

/// Lines before the end of a loop whose body begins with `lines`.
fn end(lines: &[&str]) -> usize {
    let mut depth = 0;
    for (i, line) in lines.iter().enumerate() {
        let line = line.trim();
        if opens(line) {
            depth += 1;
        } else if line == "//#end" {
            if depth == 0 {
                return i;
            }
            depth -= 1;
        }
    }
    panic!("a loop without `//#end`")
}

fn paste(line: &str, names: &[(&str, i64)], out: &mut String) {
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let expression = if after.starts_with('(') {
            closed(after)
        } else {
            let letters = after.find(|c: char| !c.is_ascii_alphabetic());
            &after[..letters.unwrap_or(after.len())]
        };
        out.push_str(&evaluate(expression, names).to_string());
        rest = &after[expression.len()..];
    }
    out.push_str(rest);
    out.push('\n');
}

/// From an opening parenthesis to the one that closes it.
fn closed(text: &str) -> &str {
    let mut depth = 0;
    for (i, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' if depth == 1 => return &text[..=i],
            ')' => depth -= 1,
            _ => {}
        }
    }
    panic!("`${text}` is not closed")
}

fn evaluate(expression: &str, names: &[(&str, i64)]) -> i64 {
    let mut reader = Reader {
        rest: expression,
        names,
    };
    let value = reader.sum();
    assert!(reader.rest.trim().is_empty(), "`{expression}`");
    value
}

struct Reader<'a> {
    rest: &'a str,
    names: &'a [(&'a str, i64)],
}

impl Reader<'_> {
    fn sum(&mut self) -> i64 {
        let mut value = self.product();
        loop {
            value = match self.next_of("+-") {
                Some('+') => value + self.product(),
                Some(_) => value - self.product(),
                None => return value,
            };
        }
    }

    fn product(&mut self) -> i64 {
        let mut value = self.atom();
        loop {
            value = match self.next_of("*/%") {
                Some('*') => value * self.atom(),
                Some('/') => value / self.atom(),
                Some(_) => value % self.atom(),
                None => return value,
            };
        }
    }

    fn atom(&mut self) -> i64 {
        if self.next_of("(").is_some() {
            let value = self.sum();
            assert!(
                self.next_of(")").is_some(),
                "a parenthesis is open at `{}`",
                self.rest
            );
            return value;
        }
        let text = self.rest.trim_start();
        let length = text.find(|c: char| !c.is_ascii_alphanumeric());
        let (word, rest) = text.split_at(length.unwrap_or(text.len()));
        self.rest = rest;
        let known = self.names.iter().rev().find(|(name, _)| *name == word);
        known.map_or_else(
            || {
                word.parse()
                    .unwrap_or_else(|_| panic!("`{word}` is no name and no number"))
            },
            |(_, value)| *value,
        )
    }

    fn next_of(&mut self, letters: &str) -> Option<char> {
        let text = self.rest.trim_start();
        let letter = text.chars().next().filter(|letter| letters.contains(*letter))?;
        self.rest = &text[1..];
        Some(letter)
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn text_without_a_loop_stays_as_it_is() {
        let text = "fn f() {\n    // K stays\n    let a = b % K;\n}\n";
        assert_eq!(expand(text, &[("K", 4)]), text);
    }

    #[test]
    fn loops_nest_and_their_names_end() {
        let text = "//#for r in 0..ROWS\nlet a$r = 0;\n  //#for c in r..r + 2\nx$r_$c = $(c * K - 1)u;\n  //#end\n//#end\n$K\n";
        let out = "let a0 = 0;\nx0_0 = -1u;\nx0_1 = 3u;\nlet a1 = 0;\nx1_1 = 3u;\nx1_2 = 7u;\n4\n";
        assert_eq!(expand(text, &[("ROWS", 2), ("K", 4)]), out);
        let shadowed = "//#for K in 1..3\n$K\n//#end\n$K\n";
        assert_eq!(expand(shadowed, &[("K", 9)]), "1\n2\n9\n");
        assert_eq!(expand("//#for k in 0..0\n$k\n//#end\n", &[]), "");
    }

    #[test]
    fn conditions_keep_or_leave_out() {
        let text = "//#if A\na\n//#if 1 - A\nb\n//#end\n//#end\n//#if 1 - A\nc\n//#end\n";
        assert_eq!(expand(text, &[("A", 1)]), "a\n");
        assert_eq!(expand(text, &[("A", 0)]), "c\n");
    }

    #[test]
    fn expressions_bind_as_usual() {
        for (expression, value) in [
            ("2 + 3 * K", "14"),
            ("(2 + 3) * K", "20"),
            ("20 - 7 - K", "9"),
            ("40 / K % 7", "3"),
            ("((K))", "4"),
        ] {
            let text = format!("$({expression}),");
            assert_eq!(expand(&text, &[("K", 4)]), format!("{value},\n"));
        }
    }

    #[test]
    fn what_cannot_be_expanded_is_refused() {
        for text in [
            "$q",
            "$(1 +)",
            "$(1",
            "//#end",
            "//#for k in 0..2\n",
            "//#for k\n//#end",
        ] {
            assert!(
                std::panic::catch_unwind(|| expand(text, &[("K", 4)])).is_err(),
                "{text}"
            );
        }
    }
}
