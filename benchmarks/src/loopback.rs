//! Whole servers under load from outside: what telemetry costs beside sockets, parsing and a kernel.
//!
//! The server has the first core to itself and `wrk` the second. Rounds are interleaved, and a ratio is taken within a
//! round: what the machine does meanwhile meets all alike. The CPU time is that of the server's process, system calls
//! included; throughput is what the machine makes of it.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{
    Result,
    args::Effort,
    case::{self, Case},
    rounds::{self, Found},
    ticks,
};

/// The first is what the others are compared with; a peer only where it is built.
const CASES: &[&str] = &[
    "http/bare",
    "http/floor-full-1",
    "http/ours-full-1",
    "http/ours-full-1-outer",
    "http/peer-contrib-full-1",
    "http/peer-tower-otel-full-1",
];

/// One case in one round.
#[derive(Debug, Clone, Copy)]
struct Load {
    cpu_ns: f64,
    per_second: f64,
}

/// Runs the rounds.
///
/// # Errors
///
/// `wrk` or `taskset` is missing, or a server does not answer.
pub(crate) fn run(effort: Effort) -> Result<Found> {
    let (rounds, seconds) = if effort == Effort::Quick { (3, 2) } else { (8, 5) };
    let cases: Vec<Case> = CASES.iter().filter_map(|name| case::named(name).ok()).collect();
    let name = |case: &Case| case.name.replace("http/", "loopback/");
    let mut found: Found = cases.iter().map(|case| (name(case), BTreeMap::new())).collect();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let mut bare = None;
        for (case, (_, values)) in cases.iter().zip(&mut found) {
            let Load { cpu_ns, per_second } = under_load(case, seconds)?;
            let bare = *bare.get_or_insert(Load { cpu_ns, per_second });
            let ratios = [("ratio", cpu_ns / bare.cpu_ns), ("throughput", per_second / bare.per_second)];
            for (metric, value) in [("cpu_ns", cpu_ns), ("per_second", per_second)].into_iter().chain(ratios)
            {
                values.entry(metric).or_default().push(value);
            }
        }
    }
    Ok(found)
}

fn under_load(case: &Case, seconds: u32) -> Result<Load> {
    let mut program = Command::new("taskset");
    program.args(["-c", "0"]).arg(std::env::current_exe()?);
    let mut server = rounds::command(program, case, Effort::Serve);
    let server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut server = server.map_err(|error| format!("taskset, as of Debian's util-linux: {error}"))?;
    let outcome = call(&mut server, seconds);
    // Its input ends, and it with it.
    drop(server.stdin.take());
    server.wait()?;
    outcome.map_err(|error| format!("{}: {error}", case.name).into())
}

fn call(server: &mut Child, seconds: u32) -> Result<Load> {
    let mut address = String::new();
    BufReader::new(server.stdout.take().ok_or("no output")?).read_line(&mut address)?;
    let url = format!("http://{}/users/42", address.trim());
    // Caches, connections and allocators settle first.
    wrk(&url, 1)?;
    let before = ticks::of(server.id())?;
    let requests = wrk(&url, seconds)?;
    let cpu = ticks::of(server.id())? - before;
    Ok(Load { cpu_ns: cpu * 1e9 / requests, per_second: requests / f64::from(seconds) })
}

/// How many requests were answered, all of them well.
fn wrk(url: &str, seconds: u32) -> Result<f64> {
    let mut wrk = Command::new("taskset");
    wrk.args(["-c", "1", "wrk", "-t1", "-c32", &format!("-d{seconds}s"), url]);
    let output = wrk.output().map_err(|error| format!("taskset: {error}"))?;
    let told = String::from_utf8(output.stdout)?;
    if told.contains("Non-2xx") || told.contains("Socket errors") {
        return Err(told.into());
    }
    count(&told).ok_or_else(|| {
        let wrong = String::from_utf8_lossy(&output.stderr);
        format!("wrk, as of Debian's package, does not say how many requests it made:\n{told}{wrong}").into()
    })
}

/// The number before ` requests in `, in the last words of wrk.
fn count(told: &str) -> Option<f64> {
    let line = told.lines().find(|line| line.contains(" requests in "))?;
    line.split_whitespace().next()?.parse().ok().filter(|count| *count > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_without_an_answer_is_no_load() {
        assert_eq!(count("Running 2s test\n  54356 requests in 2.00s, 7.05MB read\n"), Some(54_356.0));
        assert_eq!(count("  0 requests in 2.00s, 0.00B read\n"), None);
        assert_eq!(count("unable to connect"), None);
    }
}
