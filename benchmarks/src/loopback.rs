//! Whole servers under load from outside: what telemetry costs beside sockets, parsing and a kernel.
//!
//! The server has the first core to itself and `wrk` the second. Rounds are interleaved, and a ratio is taken within a
//! round: what the machine does meanwhile meets all alike. The CPU time is that of the server's process, system calls
//! included; throughput is what the machine makes of it.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use crate::{
    Result,
    args::Effort,
    case::{self, Case},
    rounds,
};

/// The first is what the others are compared with; a peer only where it is built.
const CASES: &[&str] = &[
    "http/bare",
    "http/floor-full-1",
    "http/ours-full-1-outer",
    "http/ours-full-1",
    "http/peer-contrib-full-1",
    "http/peer-tower-otel-full-1",
];

/// Ticks of the clock in which Linux counts the CPU time of a process, per second.
const TICKS: f64 = 100.0;

/// One case in one round.
#[derive(Debug, Clone, Copy)]
struct Load {
    cpu_ns: f64,
    per_second: f64,
}

/// Runs the rounds, and prints the medians.
///
/// # Errors
///
/// `wrk` or `taskset` is missing, or a server does not answer.
pub(crate) fn run(effort: Effort) -> Result {
    let seconds = if effort == Effort::Quick { 2 } else { 5 };
    let rounds = if effort == Effort::Quick { 3 } else { 8 };
    let cases: Vec<Case> = CASES.iter().filter_map(|name| case::named(name).ok()).collect();
    let mut found: BTreeMap<&str, Vec<(Load, f64, f64)>> = BTreeMap::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let mut bare = None;
        for case in &cases {
            let load = under_load(case, seconds)?;
            let bare = *bare.get_or_insert(load);
            let ratios = (load, load.cpu_ns / bare.cpu_ns, load.per_second / bare.per_second);
            found.entry(&case.name).or_default().push(ratios);
        }
    }
    println!("| case | server CPU ns/request | CPU ratio | requests/s | throughput ratio (min..max) |");
    println!("|---|---|---|---|---|");
    for case in &cases {
        let of = |figure: fn(&(Load, f64, f64)) -> f64| {
            let mut figures: Vec<f64> = found[case.name.as_str()].iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            (figures[0], figures[figures.len() / 2], figures[figures.len() - 1])
        };
        let (cpu, ratio) = (of(|one| one.0.cpu_ns).1, of(|one| one.1).1);
        let (rate, (least, middle, most)) = (of(|one| one.0.per_second).1, of(|one| one.2));
        println!(
            "| {} | {cpu:.0} | {ratio:.2} | {rate:.0} | {middle:.2} ({least:.2}..{most:.2}) |",
            case.name
        );
    }
    Ok(())
}

fn under_load(case: &Case, seconds: u32) -> Result<Load> {
    let mut program = Command::new("taskset");
    program.args(["-c", "0"]).arg(std::env::current_exe()?);
    let mut server = rounds::command(program, case, Effort::Serve);
    let mut server = server.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
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
    let before = ticks(server.id())?;
    let requests = wrk(&url, seconds)?;
    let cpu = (ticks(server.id())? - before) / TICKS;
    Ok(Load { cpu_ns: cpu * 1e9 / requests, per_second: requests / f64::from(seconds) })
}

/// How many requests were answered, all of them well.
fn wrk(url: &str, seconds: u32) -> Result<f64> {
    let mut wrk = Command::new("taskset");
    wrk.args(["-c", "1", "wrk", "-t1", "-c32", &format!("-d{seconds}s"), url]);
    let output = wrk.output().map_err(|error| format!("taskset or wrk, as of Debian's packages: {error}"))?;
    let told = String::from_utf8(output.stdout)?;
    if told.contains("Non-2xx") || told.contains("Socket errors") {
        return Err(told.into());
    }
    let line = told.lines().find(|line| line.contains(" requests in "));
    let count = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    count.ok_or_else(|| format!("wrk does not say how many requests it made:\n{told}").into())
}

/// User and system time of a process, proc(5).
fn ticks(process: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name stands in parentheses, and may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(") ").ok_or("no stat")?.1.split(' ').collect();
    let field = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    field(11).zip(field(12)).map(|(user, system)| user + system).ok_or_else(|| "no times".into())
}
