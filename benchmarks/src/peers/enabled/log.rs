//! The makers of JSON lines.

use std::{
    hint::black_box,
    io::{Write, sink},
};

use ::log::info;
use logforth::{
    Append, Diagnostic, Layout, bridge::log::LogBridge, diagnostic::ThreadLocalDiagnostic,
    layout::JsonLayout, record::Record,
};
use tracing_bunyan_formatter::{BunyanFormattingLayer, JsonStorageLayer};
use tracing_subscriber::layer::SubscriberExt;

use super::emit;
use crate::{
    Result,
    args::Effort,
    case::{Case, Readings},
    cases::log::{REQUEST_ID, case, event, lines},
};

/// The trace id of every peer.
pub(super) const TRACE_ID: &str = "0af7651916cd43dd8448eb211c80319c";
/// The span id of every peer.
pub(super) const SPAN_ID: &str = "b7ad6b7169203331";

pub(crate) fn all() -> Vec<Case> {
    vec![
        case("log/peer-fmt-json", |effort| {
            let layer = tracing_subscriber::fmt::layer().json().with_writer(sink);
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
            Ok(within_a_span(effort))
        }),
        case("log/peer-fmt-json-lean", |effort| {
            let layer = super::globals::json();
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
            // Without the repetition of spans the ids have to be fields.
            Ok(lines(effort, |microseconds| {
                tracing::info!(
                    method = "GET",
                    route = "/users/{id}",
                    status = 200,
                    duration_us = microseconds,
                    trace_id = TRACE_ID,
                    span_id = SPAN_ID,
                    request_id = REQUEST_ID,
                    "request completed"
                );
            }))
        }),
        case("log/peer-json-subscriber", |effort| {
            let layer = json_subscriber::layer().with_span_list(false).with_writer(sink);
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
            Ok(within_a_span(effort))
        }),
        case("log/peer-bunyan", |effort| {
            let layer = BunyanFormattingLayer::new("bench".to_owned(), sink);
            let subscriber = tracing_subscriber::registry().with(JsonStorageLayer).with(layer);
            tracing::subscriber::set_global_default(subscriber)?;
            Ok(within_a_span(effort))
        }),
        case("log/peer-logforth", logforth),
        case("log/peer-emit", emit::run),
    ]
}

fn within_a_span(effort: Effort) -> Readings {
    let span =
        tracing::info_span!("request", trace_id = TRACE_ID, span_id = SPAN_ID, request_id = REQUEST_ID);
    let _entered = span.enter();
    lines(effort, event)
}

fn logforth(effort: Effort) -> Result<Readings> {
    let logger = logforth::core::builder().dispatch(|dispatch| {
        dispatch.diagnostic(ThreadLocalDiagnostic::default()).append(Nowhere::default())
    });
    ::log::set_boxed_logger(Box::new(LogBridge::new(logger.build())))?;
    ::log::set_max_level(::log::LevelFilter::Info);
    for (key, value) in [("trace_id", TRACE_ID), ("span_id", SPAN_ID), ("request_id", REQUEST_ID)] {
        ThreadLocalDiagnostic::insert(key, value);
    }
    Ok(lines(effort, |microseconds| {
        info!(
            method = "GET",
            route = "/users/{id}",
            status = 200,
            duration_us = microseconds;
            "request completed"
        );
    }))
}

/// Lines that are formatted, and lead nowhere.
#[derive(Debug, Default)]
struct Nowhere(JsonLayout);

impl Append for Nowhere {
    fn append(
        &self,
        record: &Record<'_>,
        context: &[Box<dyn Diagnostic>],
    ) -> std::result::Result<(), logforth::Error> {
        let _ = sink().write_all(black_box(&self.0.format(record, context)?));
        Ok(())
    }

    fn flush(&self) -> std::result::Result<(), logforth::Error> {
        Ok(())
    }
}
