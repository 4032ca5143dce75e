//! The pages of `/metrics`, before the tools of Prometheus.

use std::{
    process::Command,
    time::{Duration, SystemTime},
};

use serde_json::Value;
use tower_telemetry_core::{
    TraceIds,
    trace_ids::{SpanId, TraceFlags, TraceId},
};
use tower_telemetry_metrics::{
    Bounds, Descriptor, ManualClock, Place, Sample, Store,
    expose::{self, Escaping, Format, Names, Syntax},
};

use super::piped;
use crate::{Result, workspace};

const PYTHON: &str = "target/e2e/bin/python";
const PYTHON_REMEDY: &str =
    "run `python3 -m venv target/e2e && target/e2e/bin/pip install prometheus_client==0.26.0`";
const PROMTOOL_REMEDY: &str = "it comes with Prometheus, as in `apt-get install prometheus`";

const READER: &str = include_str!("openmetrics.py");
const EXPECTED: &str = include_str!("openmetrics.json");

/// Has the reference parser read OpenMetrics, in both ways to write names, and `promtool` the text format.
///
/// # Errors
///
/// A program is missing, or reads something else than what was told.
pub(crate) fn run() -> Result {
    let store = store()?;
    let families = read(&store, Format::OPEN_METRICS)?;
    let expected: Value = serde_json::from_str(EXPECTED)?;
    if families != expected {
        return Err(format!("prometheus_client reads {families:#}\nand not {expected:#}").into());
    }
    println!("prometheus_client reads the OpenMetrics page as it was told");

    let format = Format::new(Syntax::OpenMetrics, Escaping::AllowUtf8).with_names(Names::Dotted);
    let dotted = read(&store, format)?;
    if numbers(&dotted) != numbers(&expected) || !dotted.to_string().contains("http.server.request.duration")
    {
        return Err(format!("prometheus_client reads {dotted:#}").into());
    }
    println!("prometheus_client reads dotted names");

    let mut promtool = Command::new("promtool");
    let told =
        piped::output(promtool.args(["check", "metrics"]), &page(&store, Format::TEXT)?, PROMTOOL_REMEDY)?;
    if !told.is_empty() {
        return Err(format!("promtool: {told}").into());
    }
    println!("promtool has nothing to say about the text page");
    Ok(())
}

/// What the reference parser finds on the page, without the metrics that every store has.
fn read(store: &Store, format: Format) -> Result<Value> {
    let python = workspace::path(PYTHON);
    let told =
        piped::output(Command::new(python).args(["-c", READER]), &page(store, format)?, PYTHON_REMEDY)?;
    let mut families: Value = serde_json::from_str(&told)?;
    let own =
        |family: &Value| family["name"].as_str().is_some_and(|name| name.starts_with("tower_telemetry"));
    if let Some(families) = families.as_array_mut() {
        families.retain(|family| !own(family));
    }
    Ok(families)
}

/// Values and exemplars of all samples, in order.
fn numbers(families: &Value) -> Vec<(&Value, &Value)> {
    let samples = families.as_array().into_iter().flatten().filter_map(|family| family["samples"].as_array());
    samples.flatten().map(|sample| (&sample[2], &sample[3])).collect()
}

fn page(store: &Store, format: Format) -> Result<String> {
    let mut page = Vec::new();
    expose::encode(&store.snapshot(), format, &mut page);
    Ok(String::from_utf8(page)?)
}

/// Each kind of metric, with exemplars and with labels that hold whatever means something in a page.
fn store() -> Result<Store> {
    let time = ManualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let store = Store::with_clock(time.clock());
    let duration =
        Descriptor::new("http.server.request.duration", "s", "Duration of \"HTTP\" \\ requests.\nAll.");
    let duration = store.histogram_family::<()>(duration, Bounds::from_seconds(&[0.005, 1.0])?)?;
    let duration = duration.series(&(), Place::Known);
    let sent = Descriptor::new("shop.mail.sent", "By", "Mail sent.");
    let sent = store.counter_family::<()>(sent)?.series(&(), Place::Known);
    let sampled = TraceIds {
        trace_id: TraceId::from_bytes([0xab; 16]).ok_or("no trace id")?,
        span_id: SpanId::from_bytes([0xcd; 8]).ok_or("no span id")?,
        flags: TraceFlags::SAMPLED,
    };
    time.advance(Duration::from_millis(1250));
    duration.record_with(Duration::from_millis(5), Some(&sampled));
    duration.record_with(Duration::from_millis(700), None);
    duration.record_with(Duration::from_secs(9), Some(&sampled));
    sent.add_with(17, Some(&sampled));
    store.collector(|out: &mut dyn FnMut(Sample<'_>)| {
        let info = Descriptor::new("target.info", "", "The resource.");
        out(Sample::gauge(&info, &[("service.name", "shop")], 1_u64));
        let level = Descriptor::new("shop.tank.level", "1", "Level of a tank.");
        for (number, text) in
            ["\\", "\"", "\n", "\\n", " # {a=\"b\"} 1 ", "},{=", "é🦀", "\\\"", "\r"].iter().enumerate()
        {
            out(Sample::gauge(&level, &[("tank.name", text)], number));
        }
    });
    Ok(store)
}
