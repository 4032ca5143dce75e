//! Scripted bodies, in-memory sinks and scenario checks for code observed by tower-telemetry.
//!
//! Five things, none of which needs an executor:
//!
//! - [`Scripted`] and [`ScriptedBody`]: a service and a response body that do what a script says, panic, wait for
//!   ever and lie about their end included;
//! - [`Recorder`]: a window that keeps what it was told, to be asserted on;
//! - [`Ledger`]: what several windows say of the same exchanges, compared while the program runs;
//! - [`openmetrics`]: a strict reader for what `/metrics` tells;
//! - [`call`], [`poll_once`], [`run`], [`poll_body`], [`read_body`]: futures and bodies driven by hand.
//!
//! A service's own tests want less: `Telemetry::test` of the front door, with assertions on spans, metrics and lines.
//!
//! ```
//! use http::{Request, Response};
//! use tower_layer::Layer;
//! use tower_telemetry_core::{Ending, SignalExt, Verdict};
//! use tower_telemetry_testing::{Recorder, Reply, Scripted, ScriptedBody, call, run};
//!
//! let recorder: Recorder = Recorder::new();
//! let layer = recorder.clone().server();
//! let body = ScriptedBody::new().data("half an answ").stall();
//! let inner: Scripted = Scripted::new([Reply::response(Response::new(body))]);
//! let mut service = layer.layer(inner);
//!
//! let response = run(call(&mut service, Request::new(()))).unwrap().unwrap();
//! drop(response); // the client hangs up
//!
//! recorder.assert_told(Ending::Dropped, Verdict::Cancelled);
//! recorder.assert_nothing_in_flight();
//! ```

mod body;
mod body_step;
mod drive;
mod ledger;
pub mod openmetrics;
mod recorder;
mod reply;
mod service;

pub use body::{EndAnswer, ScriptedBody, SizeAnswer};
pub use body_step::{ScriptedError, Step};
pub use drive::{Seen, call, poll_body, poll_once, read_body, run};
pub use ledger::{ExchangeKey, Ledger, LedgerObserver, Said, Sentence, Source, Summary};
pub use recorder::{Event, Moment, Record, Recorder, RecorderObserver};
pub use reply::Reply;
pub use service::{NotClone, Scripted, ScriptedFuture};
