//! A real Loki takes the shop's lines, and answers what one asks by trace.
//!
//! A shop runs and ends while there is no Loki: its lines wait in the spool. Loki starts, and another shop with the same
//! spool brings both its own lines and those. For traces of either, Loki has the lines that the log has, in its order, and
//! no other.

mod api;
mod server;

use std::{fs, net::SocketAddr, time::Duration};

use serde_json::Value;

use self::server::Server;
use super::{
    deadline::Deadline,
    shop::{Log, Shop},
};
use crate::{Result, workspace};

/// How long each shop runs.
const LIFETIME: Duration = Duration::from_secs(6);
/// From the end of the shop to the last answer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Traces that are asked for, of each shop.
const ASKED: usize = 20;

/// Runs the suite.
///
/// # Errors
///
/// Go is missing, Loki does not build or start, or an answer is wrong; all that are wrong are named.
pub(crate) fn run() -> Result {
    server::installed()?;
    let binary = server::build()?;
    let address = server::free_port()?;
    let spool = workspace::path("target/e2e/loki/spool");
    if spool.exists() {
        fs::remove_dir_all(&spool)?;
    }
    let settings = [
        ("LOKI_URL", format!("http://{address}")),
        ("LOKI_ORG_ID", "shop".to_owned()),
        ("LOKI_SPOOL_DIR", spool.display().to_string()),
        ("OTEL_RESOURCE_ATTRIBUTES", "service.namespace=retail,k8s.pod.name=shop-1".to_owned()),
    ];
    let before = Shop::start_for(LIFETIME, &settings)?.finish()?;
    println!("without Loki: {} lines wait in the spool", before.lines.len());
    let server = Server::start(&binary, address)?;
    let after = Shop::start_for(LIFETIME, &settings)?.finish()?;
    println!("with Loki: {} lines more", after.lines.len());

    let mut wrong = Vec::new();
    for (when, log) in [("without Loki", &before), ("with Loki", &after)] {
        wrong.extend(traces(when, log, server.address));
    }
    let query =
        "sum(count_over_time({service_name=\"shop\", job=\"retail/shop\"} | json | target != \"\" [1h]))";
    let told = before.lines.len() + after.lines.len();
    let all = Deadline::after(PATIENCE).until(|| match api::number(server.address, query)? {
        number if number == told as u64 => Ok(()),
        number => Err(format!("{query} is {number}, and the logs have {told} lines").into()),
    });
    wrong.extend(all.err().map(|error| error.to_string()));
    if wrong.is_empty() {
        println!("Loki has all {told} lines, and those of {} traces by their id", 2 * ASKED);
        Ok(())
    } else {
        Err(wrong.join("\n  ").into())
    }
}

/// What is wrong with the lines of some traces.
fn traces(when: &str, log: &Log, server: SocketAddr) -> Vec<String> {
    let mut ids: Vec<String> = log.lines.iter().filter_map(trace).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() < ASKED {
        return vec![format!("{when}: the log tells of {} traces only", ids.len())];
    }
    let some = ids.iter().step_by(ids.len() / ASKED).take(ASKED);
    let asked = some.map(|id| Deadline::after(PATIENCE).until(|| compared(log, id, server)));
    asked.filter_map(|answer| answer.err().map(|error| format!("{when}: {error}"))).collect()
}

/// The lines of this trace, in the log and in Loki.
fn compared(log: &Log, id: &str, server: SocketAddr) -> Result {
    let query = format!("{{service_name=\"shop\"}} | trace_id=\"{id}\"");
    let found = api::lines(server, &query)?;
    let expected: Vec<Value> =
        log.lines.iter().filter(|line| trace(line).as_deref() == Some(id)).map(text).collect();
    let mut told = Vec::new();
    for line in &found {
        let read: Value = serde_json::from_str(&line.line)?;
        if read.get("trace_id").is_some() || line.labels.get("pod") != Some(&Value::from("shop-1")) {
            return Err(format!("{query}: {line:?}").into());
        }
        told.push(read);
    }
    // Two threads may write in one order and be told in the other.
    let sorted = |mut lines: Vec<Value>| {
        lines.sort_by_key(ToString::to_string);
        lines
    };
    if sorted(told) == sorted(expected.clone()) {
        return Ok(());
    }
    Err(format!("{query} finds {} lines, and the log has {}", found.len(), expected.len()).into())
}

fn trace(line: &Value) -> Option<String> {
    line.get("trace_id")?.as_str().map(str::to_owned)
}

/// The line as Loki has it: what stands beside it, or is a label, is not in it.
fn text(line: &Value) -> Value {
    let mut line = line.clone();
    if let Some(fields) = line.as_object_mut() {
        for name in ["trace_id", "span_id", "request_id", "linked_trace_id", "service.name"] {
            fields.remove(name);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_is_compared_without_what_stands_beside_it() {
        let line =
            json!({"message": "a", "trace_id": "t", "span_id": "s", "service.name": "shop", "order": 7});
        assert_eq!(trace(&line).as_deref(), Some("t"));
        assert_eq!(text(&line), json!({"message": "a", "order": 7}));
    }
}
