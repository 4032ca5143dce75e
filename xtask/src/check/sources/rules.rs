//! The rules, as texts that may not stand in a place.
//!
//! This file alone is exempt: it has to name what it forbids.

use super::{
    Finding,
    lines::{self, Line, Part},
};

const THIS_FILE: &str = "xtask/src/check/sources/rules.rs";

const RULES: &[Rule] = &[
    Rule {
        texts: &["grpc-status", "application/grpc"],
        read: Read::Code,
        holds_for: |path, part| is_library(path) && part == Part::Code,
        why: "only the core decides what is gRPC and how it went",
    },
    Rule {
        texts: &["\"tower_telemetry."],
        read: Read::Code,
        holds_for: |path, part| path.starts_with("crates/") && path != NAMES && part == Part::Code,
        why: "names live in the core's names.rs",
    },
    Rule {
        texts: &["unsafe {", "unsafe fn", "unsafe impl", "unsafe trait", "unsafe extern", "#[unsafe("],
        read: Read::Code,
        holds_for: |path, _| is_rust(path),
        why: "there is no unsafe code here",
    },
    Rule {
        texts: &["#[ignore"],
        read: Read::Code,
        holds_for: |path, _| is_rust(path),
        why: "a test that does not run is no test",
    },
    Rule {
        texts: &["```ignore", "```rust,ignore", "```rust, ignore", "```no_test"],
        read: Read::Whole,
        holds_for: |path, _| is_rust(path) || path.ends_with(".md"),
        why: "an example that is not compiled goes stale; `no_run` is for servers",
    },
    Rule {
        texts: &["thread::sleep", "time::sleep", " sleep("],
        read: Read::Code,
        holds_for: |path, part| is_rust(path) && part == Part::Test,
        why: "a test that sleeps is slow or flaky; pause the time of tokio",
    },
    Rule {
        texts: &["TODO", "FIXME", "XXX"],
        read: Read::Whole,
        holds_for: |_, _| true,
        why: "what is not done is not here",
    },
    Rule {
        texts: &["/home/", "/root/", "/Users/", "/work/", "C:\\"],
        read: Read::Whole,
        holds_for: |_, _| true,
        why: "a path of one machine",
    },
];

/// Where names live.
const NAMES: &str = "crates/core/src/names.rs";

struct Rule {
    texts: &'static [&'static str],
    read: Read,
    holds_for: fn(&str, Part) -> bool,
    why: &'static str,
}

/// What of a line is read.
#[derive(Clone, Copy)]
enum Read {
    /// Comments left out.
    Code,
    /// All of it.
    Whole,
}

/// Each line of a file that breaks a rule.
pub(crate) fn findings(path: &str, text: &str) -> Vec<Finding> {
    if path == THIS_FILE {
        return Vec::new();
    }
    lines::of(path, text).into_iter().flat_map(|line| broken(path, line)).collect()
}

fn broken(path: &str, line: Line<'_>) -> impl Iterator<Item = Finding> {
    RULES.iter().filter_map(move |rule| {
        let read = match rule.read {
            Read::Code => line.code,
            Read::Whole => line.whole,
        };
        let text = rule.texts.iter().find(|text| read.contains(**text))?;
        (rule.holds_for)(path, line.part).then(|| format!("{path}:{}: {text:?}: {}", line.number, rule.why))
    })
}

/// A crate that acts on exchanges; the testing crate plays both ends, and so speaks gRPC itself.
fn is_library(path: &str) -> bool {
    path.starts_with("crates/") && !path.starts_with("crates/core/") && !path.starts_with("crates/testing/")
}

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(path: &str, text: &str) {
        assert_eq!(findings(path, text).len(), 1, "{path}: {text}");
    }

    #[track_caller]
    fn taken(path: &str, text: &str) {
        assert_eq!(findings(path, text), [""; 0], "{path}: {text}");
    }

    #[test]
    fn grpc_is_decided_in_the_core() {
        refused("crates/log/src/a.rs", "headers.get(\"grpc-status\")");
        refused("crates/pipeline/src/a.rs", "b\"application/grpc\"");
        taken("crates/core/src/a.rs", "\"grpc-status\"");
        taken("crates/log/src/a.rs", "/// Reads no grpc-status.");
        taken("crates/log/src/a.rs", "#[cfg(test)]\nmod tests { \"grpc-status\" }");
        taken("crates/log/tests/a.rs", "\"grpc-status\"");
        taken("examples/shop/src/a.rs", "\"application/grpc\"");
    }

    #[test]
    fn names_are_defined_in_one_place() {
        refused("crates/metrics/src/a.rs", "\"tower_telemetry.lost\"");
        taken("crates/core/src/names.rs", "\"tower_telemetry.lost\"");
        taken("crates/metrics/tests/a.rs", "\"tower_telemetry.lost\"");
    }

    #[test]
    fn no_code_is_unsafe() {
        for code in
            ["unsafe { a() }", "pub unsafe fn a() {}", "unsafe impl A for B {}", "#[unsafe(no_mangle)]"]
        {
            refused("xtask/src/a.rs", code);
        }
        taken("crates/core/src/a.rs", "// unsafe { } would not help");
        taken("Cargo.toml", "unsafe_code = \"forbid\"");
    }

    #[test]
    fn every_test_and_every_example_runs() {
        refused("tests/src/a.rs", "#[ignore = \"slow\"]");
        refused("crates/a/src/lib.rs", "//! ```ignore");
        refused("README.md", "```rust,ignore");
        taken("crates/a/src/lib.rs", "//! ```no_run");
    }

    #[test]
    fn tests_do_not_sleep_and_programs_may() {
        refused("tests/src/a.rs", "tokio::time::sleep(SECOND).await;");
        refused("crates/a/src/b.rs", "#[cfg(test)]\nstd::thread::sleep(SECOND);");
        refused("tests/src/a.rs", "    sleep(SECOND).await;");
        taken("examples/shop/src/a.rs", "tokio::time::sleep(SECOND).await;");
    }

    #[test]
    fn nothing_is_left_to_do_and_no_machine_is_named() {
        refused("justfile", "# TODO");
        refused("docs/a.md", "see /home/me/a");
        taken("crates/a/src/b.rs", "\"/users/{id}\"");
    }
}
