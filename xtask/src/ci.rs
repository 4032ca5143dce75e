//! Everything that CI does, in its order: the quick and the likely to fail come first, the tests last.

use std::{
    fmt,
    time::{Duration, Instant},
};

use crate::{
    Result,
    check::{self, Check},
    e2e,
    fuzz::{self, Fuzz},
    metadata,
    process::{self, cargo},
    shop, workspace,
};

const STEPS: &[Step] = &[
    Step {
        name: "format",
        protects_from: "changes of layout that hide the change of meaning",
        run: || process::run(&mut cargo(["fmt", "--all", "--check"])),
    },
    Step {
        name: "checks",
        protects_from: "stale documentation, names beside the conventions, and the wrong crate in the wrong place",
        run: || check::run(Check::ALL),
    },
    Step {
        name: "deny",
        // Not `advisories`: its database is fetched from outside at each run, so that a change of
        // nobody's making turns an old commit red. `cargo deny check advisories` is for a schedule.
        protects_from: "second versions, banned crates, and licences or sources that users cannot accept",
        run: || process::run(&mut cargo(["deny", "--locked", "check", "bans", "licenses", "sources"])),
    },
    Step {
        name: "clippy",
        protects_from: "panics on the request path, clocks outside the core, undocumented items",
        run: || {
            process::run(&mut cargo([
                "clippy",
                "--locked",
                "--workspace",
                "--all-targets",
                "--all-features",
                "--",
                "-D",
                "warnings",
            ]))
        },
    },
    Step {
        name: "features",
        // Without `--no-dev-deps`: since resolver 2 the features of dev-dependencies stay out of such a build, and
        // that flag rewrites every manifest while it runs. Clippy, because a check lets warnings pass.
        protects_from: "a crate that builds, or builds without a warning, only because of a feature that another turned on",
        run: || {
            let mut hack = cargo(["hack", "clippy", "--locked", "--each-feature"]);
            for package in metadata::packages()?.iter().filter(|package| package.is_library()) {
                hack.args(["--package", &package.name]);
            }
            process::run(hack.args(["--", "-D", "warnings"]))
        },
    },
    Step {
        name: "documentation",
        protects_from: "links that lead nowhere",
        run: || {
            let mut doc = cargo(["doc", "--locked", "--workspace", "--no-deps", "--all-features"]);
            process::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
        },
    },
    Step {
        name: "shop",
        protects_from: "a first command that does not run, lost requests, and windows that disagree under load",
        run: shop::run,
    },
    Step {
        name: "openmetrics",
        protects_from: "a page that our own reader takes and other parsers do not, hostile labels and exemplars included",
        run: || e2e::run("openmetrics"),
    },
    Step {
        name: "otlp",
        protects_from: "exports that our own receiver takes and a collector does not, and a last export that is lost",
        run: || e2e::run("otlp"),
    },
    Step {
        name: "processes",
        protects_from: "traces that end where a process does, errors that a sampler loses, and jobs without their order",
        run: || e2e::run("processes"),
    },
    Step {
        name: "lines",
        protects_from: "log lines with the ids of another request, or with none",
        run: e2e::lines_in_short,
    },
    Step {
        name: "prometheus",
        protects_from: "a page that our own tests can read and a real Prometheus cannot, and dashboards without answers",
        run: || e2e::run("prometheus"),
    },
    Step {
        name: "correlation",
        protects_from: "a figure that leads to no span, and a span that leads to no log line",
        run: || e2e::run("correlation"),
    },
    Step {
        name: "transparency",
        protects_from: "bytes, trailers, statuses, resets and ends that a client sees otherwise because it is watched",
        run: || e2e::run("transparency"),
    },
    Step {
        name: "soak",
        // Half a minute: it shows that the suite is well, and finds what grows fast. `docs/reliability.md` has the long one.
        protects_from: "memory, series, tasks and sockets that grow under faults, overload and a bad collector",
        run: || e2e::run("soak"),
    },
    Step {
        name: "fuzz",
        // Short: it shows that the targets are well, and replays what was found. `just fuzz` searches.
        protects_from: "headers that panic, exceed a bound, or read back as something else",
        run: || fuzz::run(&Fuzz { seconds: 2, targets: Vec::new() }),
    },
    Step {
        name: "loom",
        protects_from: "recordings and exemplars that are lost or mixed where threads meet",
        run: || {
            // A directory of its own: with another flag for the compiler, each would drive the other out.
            let mut models = cargo(["test", "--locked", "--release", "--package", "tower-telemetry-metrics"]);
            models.args(["--lib", "loom", "--target-dir", "target/loom"]);
            process::run(models.env("RUSTFLAGS", "--cfg loom"))
        },
    },
    Step {
        name: "budgets",
        // Without the peers: half of the time to build, and nothing of theirs is held to a budget.
        // Exact figures alone: instructions are counted a little otherwise where malloc or the processor differ, and a
        // red run must mean a change. `just budgets` compares them, too. Most of its time builds the least service twice.
        protects_from: "an allocation more for each request, a larger future or body, and a facade that builds more or weighs more",
        run: || {
            let manifest = ["run", "--locked", "--release", "--manifest-path", "benchmarks/Cargo.toml"];
            process::run(cargo(manifest).args(["--no-default-features", "--", "--check", "--exact"]))
        },
    },
    Step {
        name: "tests",
        protects_from: "everything else; as the README says it, and last, so that its summary ends the run",
        run: tests,
    },
];

/// One step.
struct Step {
    name: &'static str,
    protects_from: &'static str,
    run: fn() -> Result,
}

/// A time as `m:ss`.
struct Clock(Duration);

/// Runs the steps up to the first that fails.
///
/// # Errors
///
/// A step failed; it is named.
pub(crate) fn run() -> Result {
    #[allow(clippy::disallowed_methods, reason = "a build tool times its steps")]
    let started = Instant::now();
    for (index, Step { name, protects_from, run }) in STEPS.iter().enumerate() {
        let (at, of, elapsed) = (index + 1, STEPS.len(), Clock(started.elapsed()));
        println!("\n==> [{at}/{of}] {name}, {elapsed} elapsed; protects from {protects_from}");
        run().map_err(|error| format!("step {name} after {}: {error}", Clock(started.elapsed())))?;
    }
    Ok(())
}

/// Nothing may be printed after this.
fn tests() -> Result {
    const COMMAND: [&str; 2] = ["test", "--workspace"];
    let told = format!("cargo {}", COMMAND.join(" "));
    if !workspace::read("README.md")?.contains(&told) {
        return Err(format!("README.md does not say `{told}`, which is what CI runs").into());
    }
    process::run(&mut cargo(COMMAND))
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        write!(f, "{}:{:02}", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_minutes_and_seconds() {
        assert_eq!(Clock(Duration::from_millis(9_999)).to_string(), "0:09");
        assert_eq!(Clock(Duration::from_secs(3_723)).to_string(), "62:03");
    }

    #[test]
    fn the_tests_come_last() {
        assert_eq!(STEPS.last().map(|step| step.name), Some("tests"));
    }
}
