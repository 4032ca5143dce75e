//! What the facade adds to the least service: crates to build, time to build them, and bytes of the binary.
//!
//! Both services are built as `cargo new` would have it, from nothing, the one with telemetry on top of the bare one:
//! it finds there what both need, and what it builds anew is what it adds. Time is CPU time of the compiler, as a ratio:
//! seconds differ from machine to machine, and even the ratio by some hundredths from run to run.

use std::{
    collections::{BTreeMap, BTreeSet},
    env::consts::EXE_SUFFIX,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Result, case::Readings, rounds::Found, ticks};

/// The bare one first.
const PACKAGES: [&str; 2] = ["bare", "ours"];

/// Builds both, and says what came of it.
///
/// # Errors
///
/// One does not build.
pub(crate) fn run() -> Result<Found> {
    let target = target()?;
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    let mut found = Found::new();
    let (mut spent, mut bare) = (0.0, None);
    for package in PACKAGES {
        eprintln!("building hello-{package}");
        let (seconds, bytes) = built(package, &target)?;
        let mut readings: Readings =
            vec![("crates", crates(package)?.len() as f64), ("binary_bytes", bytes as f64)];
        if let Some(seconds) = seconds {
            spent += seconds;
            let bare = *bare.get_or_insert(spent);
            readings.extend([("build_s", spent), ("build_ratio", spent / bare)]);
        }
        let values = readings.into_iter().map(|(metric, value)| (metric, vec![value]));
        found.push((format!("hello/{package}"), BTreeMap::from_iter(values)));
    }
    Ok(found)
}

/// The crates that the facade brings, itself and its own among them.
///
/// # Errors
///
/// Cargo does not tell.
pub(crate) fn brought() -> Result<BTreeSet<String>> {
    let [bare, ours] = PACKAGES.map(crates);
    Ok(ours?.difference(&bare?).cloned().collect())
}

/// A folder that nothing else builds in, beside that of this program.
fn target() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.parent().and_then(Path::parent).ok_or("this program is in no folder of cargo's")?;
    Ok(target.join("hello"))
}

/// The seconds that it took, where the system tells, and the bytes of the binary.
fn built(package: &str, target: &Path) -> Result<(Option<f64>, u64)> {
    let before = ticks::of_children();
    let mut build = cargo(&["build", "--locked", "--quiet", "--profile", "hello"]);
    let status =
        build.args(["--package", &format!("hello-{package}"), "--target-dir"]).arg(target).status()?;
    if !status.success() {
        return Err(format!("hello-{package} does not build").into());
    }
    let seconds = before.ok().zip(ticks::of_children().ok()).map(|(before, after)| after - before);
    let binary = target.join("hello").join(format!("hello-{package}{EXE_SUFFIX}"));
    Ok((seconds, fs::metadata(binary)?.len()))
}

/// Name and version of everything that is built, the package itself left out.
fn crates(package: &str) -> Result<BTreeSet<String>> {
    let package = format!("hello-{package}");
    let mut tree =
        cargo(&["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    let output = tree.args(["--package", &package]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let crates = String::from_utf8(output.stdout)?;
    let name = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    Ok(crates.lines().map(name).filter(|name| !name.starts_with(&package)).collect())
}

fn cargo(args: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(args);
    // What `cargo run` tells of this package would make build scripts run anew.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_"))
    {
        cargo.env_remove(name);
    }
    cargo
}
