//! A file as lines that know what they are.

/// What a line of Rust belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What is built for users.
    Code,
    /// A test.
    Test,
}

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) part: Part,
    /// Without what follows `//`, in Rust.
    pub(crate) code: &'a str,
    pub(crate) whole: &'a str,
}

/// A server that clients of others call; it may take its time.
const PROGRAM: &str = "tests/interop/";

/// The lines of a file. Tests stand at the foot of a Rust file, from `#[cfg(test)]` (or `all(test, ..)`) on, or in a
/// folder of tests; what a suite runs is a program.
pub(crate) fn of<'a>(path: &str, text: &'a str) -> Vec<Line<'a>> {
    let is_rust = path.ends_with(".rs");
    let is_test = path.starts_with("tests/") || path.contains("/tests/");
    let mut part = if is_test && !path.starts_with(PROGRAM) { Part::Test } else { Part::Code };
    text.lines()
        .enumerate()
        .map(|(index, whole)| {
            if is_rust && (whole == "#[cfg(test)]" || whole.starts_with("#[cfg(all(test,")) {
                part = Part::Test;
            }
            Line {
                number: index + 1,
                part,
                code: if is_rust { without_comment(whole) } else { whole },
                whole,
            }
        })
        .collect()
}

/// A comment is taken for one only where it cannot be a URL in a text.
fn without_comment(line: &str) -> &str {
    match line.trim_start() {
        comment if comment.starts_with("//") => "",
        _ => line.split_once(" // ").map_or(line, |(code, _comment)| code),
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn tests_begin_where_they_say_so() {
        let lines = of("crates/a/src/b.rs", "fn a() {}\n#[cfg(test)]\nmod tests {}\n");
        assert_eq!([lines[0].part, lines[1].part, lines[2].part], [Part::Code, Part::Test, Part::Test]);
        assert_eq!(of("tests/interop/src/a.rs", "fn a() {}")[0].part, Part::Code);
        for path in ["tests/src/a.rs", "crates/a/tests/b.rs"] {
            assert_eq!(of(path, "fn a() {}")[0].part, Part::Test, "{path}");
        }
    }

    #[test]
    fn a_comment_is_no_code() {
        let lines = of("a.rs", "    /// b\nc(\"http://d\"); // e\n");
        assert_eq!([lines[0].code, lines[1].code], ["", "c(\"http://d\");"]);
        assert_eq!(of("a.md", "// b")[0].code, "// b");
    }
}
