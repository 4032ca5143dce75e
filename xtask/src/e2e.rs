//! End-to-end suites that need programs from outside: they do not belong to `cargo test`.
//!
//! A suite that misses a program fails and names it. Every wait in it has an end, and what it starts ends with it.

mod deadline;
mod guarded;
mod http;
mod loki;
mod openmetrics;
mod otlp;
mod piped;
mod processes;
mod prometheus;
mod shop;

use crate::Result;

const SUITES: &[Suite] = &[
    Suite { name: "loki", run: loki::run },
    Suite { name: "openmetrics", run: openmetrics::run },
    Suite { name: "otlp", run: otlp::run },
    Suite { name: "processes", run: processes::run },
    Suite { name: "prometheus", run: prometheus::run },
];

/// One suite, in a file or folder of its name.
struct Suite {
    name: &'static str,
    run: fn() -> Result,
}

/// Runs a suite by name.
///
/// # Errors
///
/// There is none of that name, a program is missing, or something is wrong.
pub(crate) fn run(name: &str) -> Result {
    match SUITES.iter().find(|suite| suite.name == name) {
        Some(suite) => (suite.run)(),
        None => {
            let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
            Err(format!("no end-to-end suite is named {name}; known suites: {}", known.join(", ")).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_suite_is_answered_with_those_that_are_known() {
        assert!(run("teapot").is_err_and(|error| {
            error.to_string().contains("loki, openmetrics, otlp, processes, prometheus")
        }));
    }
}
