//! What figures hold for.

use std::{fs, process::Command, thread};

/// What instructions depend on beside the code: the compiler, the C library with its allocator, and the counter.
pub(crate) fn platform() -> String {
    [("rustc", "--version"), ("getconf", "GNU_LIBC_VERSION"), ("valgrind", "--version")]
        .map(answer)
        .join(", ")
}

/// What times depend on: processor, cores, kernel, and what else went on.
pub(crate) fn told() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let kernel = file("/proc/sys/kernel/osrelease");
    // Its version, without what a distribution calls it.
    let kernel = kernel.trim().split('-').next().unwrap_or_default();
    let load = file("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default();
    format!("{}, {cores} cores, Linux {kernel}, load {load}; {}", processor(), platform())
}

fn processor() -> String {
    let told = file("/proc/cpuinfo");
    let model = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or("a processor", |(_, name)| name).to_owned()
}

fn answer((program, question): (&str, &str)) -> String {
    match Command::new(program).arg(question).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => format!("no {program}"),
    }
}

fn file(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
