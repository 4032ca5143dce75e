//! Writers that log, and that end exchanges, of a layer that listens alone. Installs a global subscriber: with a scoped one
//! `tracing` itself would drop an event from within an event.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use http_body_util::Empty;
use support::{Captured, Line};
use tower::{Layer, ServiceExt, service_fn};
use tower_telemetry_core::SignalExt;
use tower_telemetry_log::{JsonLayer, LogContext, LostLines};
use tracing::info;
use tracing_subscriber::filter::LevelFilter;

/// What a writer does before it takes a line.
type Before = fn();

/// Does something of its own at each line.
#[derive(Clone)]
struct Busy(Captured);

static BEFORE: Mutex<Before> = Mutex::new(nothing);

fn nothing() {}

impl io::Write for Busy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let before = *BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
        before();
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn exchange() {
    let service = LogContext::new().server().layer(service_fn(|_: Request<()>| async {
        Ok::<_, Infallible>(Response::new(Empty::<&'static [u8]>::new()))
    }));
    let call = pin!(service.oneshot(Request::new(())));
    assert!(matches!(call.poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(_))));
}

/// The lines of an exchange to a writer that does this, and how many were lost. One at a time.
fn told(before: Before) -> (Vec<Line>, u64) {
    static INSTALLED: OnceLock<(Captured, LostLines)> = OnceLock::new();
    static TURN: Mutex<()> = Mutex::new(());
    // A scenario that failed gives the turn on.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let (captured, lost) = INSTALLED.get_or_init(|| {
        let captured = Captured::default();
        let writer = Busy(captured.clone());
        let layer = JsonLayer::new(move || writer.clone());
        let lost = layer.lost_lines();
        tracing::dispatcher::set_global_default(layer.alone_behind(LevelFilter::INFO)).unwrap();
        (captured, lost)
    });
    let lost_before = lost.count();
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = before;
    let ended = std::panic::catch_unwind(exchange);
    *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = nothing;
    drop(ended);
    (captured.lines(), lost.count() - lost_before)
}

fn messages(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.json("message").replace('"', "")).collect()
}

#[test]
fn a_writer_that_logs_is_told_of_itself_to_a_depth() {
    let (lines, lost) = told(|| info!("busy"));
    assert_eq!(
        (messages(&lines), lost),
        (["busy", "busy", "busy", "exchange ended"].map(Into::into).into(), 1)
    );
}

#[test]
fn a_writer_that_ends_exchanges_is_told_of_them_to_a_depth() {
    let (lines, lost) = told(exchange);
    assert_eq!((messages(&lines), lost), (vec!["exchange ended".into(); 4], 1));
}

#[test]
fn a_writer_that_panics_leaves_the_thread_able_to_tell() {
    let (lines, _) = told(|| panic!("full"));
    assert_eq!(lines.len(), 0);
    let (lines, lost) = told(nothing);
    assert_eq!((messages(&lines), lost), (vec!["exchange ended".into()], 0));
}
