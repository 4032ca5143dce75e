//! `emit`, with an emitter that writes its event as a JSON line.

use std::{
    cell::RefCell,
    fmt::Display,
    hint::black_box,
    io::{Write, sink},
    ops::ControlFlow,
    time::Duration,
};

use emit::{Emitter, Event, Props, event::ToEvent};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::log::{SPAN_ID, TRACE_ID};
use crate::{
    Result,
    args::Effort,
    case::Readings,
    cases::log::{REQUEST_ID, lines},
};

thread_local! {
    static LINE: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(1024));
}

/// What a line costs within a frame that has the ids.
///
/// # Errors
///
/// Never: there is one such case in a process.
pub(super) fn run(effort: Effort) -> Result<Readings> {
    let _emit = emit::setup().emit_to(Nowhere).init();
    let ids = [("trace_id", TRACE_ID), ("span_id", SPAN_ID), ("request_id", REQUEST_ID)];
    let mut frame = emit::Frame::push(emit::ctxt(), ids);
    let _entered = frame.enter();
    Ok(lines(effort, |duration_us| {
        emit::info!("request completed", method: "GET", route: "/users/{id}", status: 200, duration_us);
    }))
}

/// Lines that are formatted, and lead nowhere.
#[derive(Debug)]
struct Nowhere;

impl Emitter for Nowhere {
    fn emit<E: ToEvent>(&self, event: E) {
        LINE.with_borrow_mut(|line| {
            line.clear();
            // An error leaves the line short; a vector has none.
            let _ = serde_json::to_writer(&mut *line, &Line(event.to_event()));
            let _ = sink().write_all(black_box(line));
        });
    }

    fn blocking_flush(&self, _: Duration) -> bool {
        true
    }
}

struct Line<'a, P>(Event<'a, P>);

/// What is displayed, as a text.
struct Shown<T>(T);

impl<P: Props> Serialize for Line<'_, P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timestamp", &self.0.ts().map(Shown))?;
        map.serialize_entry("message", &Shown(self.0.msg()))?;
        let mut error = None;
        let _ = self.0.props().for_each(|name, value| match map.serialize_entry(name.get(), &value) {
            Ok(()) => ControlFlow::Continue(()),
            Err(failed) => {
                error = Some(failed);
                ControlFlow::Break(())
            }
        });
        error.map_or_else(|| map.end(), Err)
    }
}

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}
