//! A collector that goes away for a while and comes back: memory keeps its bound, what is lost is counted, and what
//! comes after arrives.

use std::{env, fmt, net::SocketAddr, thread, time::Duration};

use super::{
    PATIENCE, Protocol, account,
    gate::Gate,
    listener::Listener,
    rotel::Rotel,
    spans::{self, Spans},
};
use crate::{
    Result,
    e2e::{deadline::Deadline, http, shop::Shop},
    summary,
};

/// How long it is away, in seconds.
const VARIABLE: &str = "OTLP_OUTAGE_SECONDS";
const AWAY: Duration = Duration::from_secs(60);
/// Before and after.
const AROUND: Duration = Duration::from_secs(25);
/// From its return to the first span that comes: the longest pause between two attempts, and a little.
const RECOVERY: Duration = Duration::from_secs(15);
/// Between two looks at the shop.
const PAUSE: Duration = Duration::from_millis(500);
/// More memory than that is no longer the queue's. The traffic of a minute would be a multiple of it.
const GROWTH: f64 = 32.0 * 1024.0 * 1024.0;
/// The batch that is on its way waits beside the queue.
const WAITING: f64 = 2048.0 + 512.0;

/// What the shop tells of itself at a moment.
#[derive(Debug, Clone, Copy)]
struct Look {
    memory: f64,
    waiting: f64,
    exported: f64,
    dropped: f64,
}

/// Runs the scenario, and says how it went.
///
/// # Errors
///
/// Something does not start, grows, is lost or does not recover.
pub(crate) fn run(protocol: Protocol) -> Result<String> {
    let away = match env::var(VARIABLE) {
        Ok(seconds) => Duration::from_secs(seconds.parse().map_err(|_| format!("{VARIABLE}={seconds:?}"))?),
        Err(_) => AWAY,
    };
    let listener = Listener::start()?;
    let rotel = Rotel::start(listener.address)?;
    let mut gate = Gate::to(match protocol {
        Protocol::Grpc => rotel.grpc,
        Protocol::Http => rotel.http,
    })?;
    let shop = Shop::start_for(2 * AROUND + away, &protocol.settings(gate.address))?;
    let before = Deadline::after(AROUND).until(|| match look(shop.admin)? {
        look if look.exported > 0.0 => Ok(look),
        _ => Err("nothing is exported while the collector is there".into()),
    })?;

    gate.shut();
    let (mut most, end) = (before, Deadline::after(away));
    while !end.left().is_zero() {
        thread::sleep(PAUSE.min(end.left()));
        let now = look(shop.admin)?;
        most.memory = most.memory.max(now.memory);
        most.waiting = most.waiting.max(now.waiting);
        if now.waiting > WAITING {
            return Err(format!("{} spans wait, for {WAITING} of which there is room", now.waiting).into());
        }
        if now.memory - before.memory > GROWTH {
            return Err(format!("memory grew from {before} to {now} while the collector was away").into());
        }
    }
    let last = look(shop.admin)?;
    if last.dropped <= before.dropped {
        return Err(format!("no span is counted as dropped after {away:?}: {last}").into());
    }

    gate.open()?;
    let back = Deadline::after(RECOVERY);
    back.until(|| match look(shop.admin)? {
        look if look.exported > last.exported => Ok(()),
        _ => Err(format!("nothing is exported within {RECOVERY:?} of the collector's return").into()),
    })?;
    let recovery = RECOVERY.saturating_sub(back.left());

    let log = shop.finish()?;
    let counts = summary::counts(&log.last)
        .ok_or_else(|| format!("the shop's last line is no summary: {:?}", log.last))?;
    Deadline::after(PATIENCE).until(|| {
        let told = listener.told();
        let mut wrong = account::wrong(&counts, &told);
        wrong.extend(spans::wrong(&told, &log.spans));
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n  ").into()) }
    })?;
    let told = listener.told();
    let Some(Spans { finished, exported, dropped, .. }) = Spans::of(&told) else {
        return Err("the shop does not tell what became of its spans".into());
    };
    Ok(format!(
        "away for {away:?}: {before} before, {most} at most, recovered within {recovery:.1?}; of {finished} spans \
         {exported} were exported, {} came and {dropped} were counted as dropped",
        told.spans.len()
    ))
}

fn look(admin: SocketAddr) -> Result<Look> {
    let page = http::get(admin, "/metrics", "text/plain")?;
    let page = String::from_utf8_lossy(&page.body);
    Ok(Look {
        memory: total(&page, "process_memory_usage_bytes")?,
        waiting: total(&page, "tower_telemetry_otlp_spans_waiting")?,
        exported: total(&page, "tower_telemetry_otlp_spans_exported_total")?,
        dropped: total(&page, "tower_telemetry_otlp_spans_dropped_total")?,
    })
}

/// The sum over all series of a metric.
fn total(page: &str, metric: &str) -> Result<f64> {
    let samples = page.lines().filter_map(|line| {
        let rest = line.strip_prefix(metric)?;
        let value = match rest.strip_prefix('{') {
            Some(rest) => rest.rsplit_once("} ")?.1,
            None => rest.strip_prefix(' ')?,
        };
        value.parse::<f64>().ok()
    });
    samples.reduce(|sum, value| sum + value).ok_or_else(|| format!("the page has no {metric}").into())
}

impl fmt::Display for Look {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1} MiB and {} spans waiting", self.memory / 1024.0 / 1024.0, self.waiting)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_added_up_over_its_series_and_no_other() {
        let page = "# TYPE a gauge\na 1.5\na_b 8\na{c=\"} 9\"} 2\na{c=\"d\"} 3\n";
        assert_eq!(total(page, "a").unwrap(), 6.5);
        assert!(total(page, "c").is_err());
    }
}
