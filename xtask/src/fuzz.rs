//! The fuzz targets, in an engine that is led by coverage.
//!
//! libFuzzer, as the crate libfuzzer-sys brings it, needs no nightly compiler: what instruments for coverage are options
//! of LLVM, and a sanitizer would find nothing in a workspace without unsafe code.

use std::{fs, path::Path, process::Command};

use crate::{
    Result,
    process::{self, cargo},
    workspace,
};

/// What makes the compiler count branches, and tell what is compared with what.
const INSTRUMENTED: &[&str] = &[
    "--cfg=fuzzing",
    "-Ccodegen-units=1",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// Where it is built, and where what it finds is kept.
const FOLDER: &str = "target/fuzz";

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fuzz {
    /// For each target.
    pub(crate) seconds: u32,
    /// All of them, if none is named.
    pub(crate) targets: Vec<String>,
}

/// Runs the targets, one after the other.
///
/// # Errors
///
/// There is no C++ compiler or no such target, or something was found: the input is kept, and named.
pub(crate) fn run(fuzz: &Fuzz) -> Result {
    let all = targets()?;
    if let Some(unknown) = fuzz.targets.iter().find(|target| !all.contains(target)) {
        return Err(format!("no fuzz target is named {unknown}; known targets: {}", all.join(", ")).into());
    }
    // What once found something shall not do so again.
    let manifest = ["--locked", "--manifest-path", "fuzz/Cargo.toml", "--target-dir", FOLDER];
    process::run(cargo(["test"]).args(manifest))?;
    let binary = build(&manifest)?;
    for target in all.iter().filter(|target| fuzz.targets.is_empty() || fuzz.targets.contains(target)) {
        let told = one(&binary, target, fuzz.seconds)?;
        println!("{target:12} {told}");
    }
    Ok(())
}

fn build(manifest: &[&str]) -> Result<String> {
    // With a target named, build scripts and macros stay without.
    let host = process::stdout(Command::new("rustc").arg("-vV"))?;
    let host =
        host.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not say its host")?;
    let mut what = vec!["--release", "--features", "engine", "--target", host];
    what.extend(manifest.iter().filter(|argument| **argument != "--locked"));
    process::executable_with(&what, &[("RUSTFLAGS", INSTRUMENTED.join(" "))])
}

/// Answers how much was tried.
fn one(binary: &str, target: &str, seconds: u32) -> Result<String> {
    let path = |folder: &str| workspace::path(FOLDER).join(folder).join(target);
    let (found, failed) = (path("corpus"), path("failed"));
    fs::create_dir_all(&found)?;
    fs::create_dir_all(&failed)?;
    let mut engine = Command::new(binary);
    engine.env("FUZZ_TARGET", target).args(["-max_len=2048", "-timeout=5", "-print_final_stats=1"]);
    engine.arg(format!("-max_total_time={seconds}")).arg(format!("-artifact_prefix={}/", failed.display()));
    // New inputs go into the first folder.
    let output = engine.arg(found).arg(workspace::path("fuzz/corpus").join(target)).output()?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{target} found something:\n{log}").into());
    }
    let figure =
        |name: &str| log.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("?").trim().to_owned();
    let covered =
        log.lines().rev().find_map(|line| line.split_once("cov: ")?.1.split(' ').next()).unwrap_or("?");
    let runs = figure("stat::number_of_executed_units:");
    Ok(format!("{runs:>10} inputs, {covered} edges covered, {} MiB", figure("stat::peak_rss_mb:")))
}

/// A folder of seeds for each.
fn targets() -> Result<Vec<String>> {
    let mut targets = Vec::new();
    for folder in fs::read_dir(workspace::path("fuzz/corpus"))? {
        targets.extend(Path::new(&folder?.file_name()).to_str().map(str::to_owned));
    }
    targets.sort();
    Ok(targets)
}
