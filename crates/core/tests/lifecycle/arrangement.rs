//! A row, played through one or several windows in each of the ways in which they can stand.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;
use tower_telemetry_core::{Observe, ObserveLayer, Side, Signal, current};
use tower_telemetry_testing::{Recorder, Scripted, call, poll_body, poll_once, read_body};

use crate::row::{Ask, Caller, Row, Told};
use crate::watch::{Sight, Watch};

/// How the windows of a stack stand to each other.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Arrangement {
    Alone,
    SameTwice,
    TwoStacked,
    Joined,
    JoinedOverOne,
}

impl Arrangement {
    /// Plays a row on this side; what was not as the row says is in the result.
    pub(crate) fn check(self, row: Row, side: Side) -> Vec<String> {
        let (a, b) = (Recorder::<0>::new(), Recorder::<1>::new());
        let sight = Sight::default();
        let Row { name: _, ask, reply, caller, told } = row;
        let inner = Watch::new(Scripted::new([reply]), &sight);
        match self {
            Self::Alone => play(observe(side, &a, inner), &ask, caller),
            Self::SameTwice => play(observe(side, &a, observe(side, &a, inner)), &ask, caller),
            Self::TwoStacked => play(observe(side, &a, observe(side, &b, inner)), &ask, caller),
            Self::Joined => play(observe(side, &(a.clone(), b.clone()), inner), &ask, caller),
            Self::JoinedOverOne => {
                play(observe(side, &(a.clone(), b.clone()), observe(side, &b, inner)), &ask, caller);
            }
        }
        let mut complaints = complaints_of(&a, &told, side);
        if !matches!(self, Self::Alone | Self::SameTwice) {
            complaints.extend(complaints_of(&b, &told, side));
            let outcomes = [a.records(), b.records()].map(|records| records.first().map(|told| told.outcome));
            if outcomes[0] != outcomes[1] {
                complaints.push(format!("the windows disagree: {outcomes:?}"));
            }
        }
        if !sight.blind().is_empty() {
            complaints.push(format!("the exchange was not current at {:?}", sight.blind()));
        }
        let moments = sight.all();
        for moment in must_see(&told) {
            if !moments.contains(&moment) {
                complaints.push(format!("nothing was seen at {moment}"));
            }
        }
        if current().is_some() {
            complaints.push("the exchange is current after its end".to_owned());
        }
        complaints
    }
}

pub(crate) fn observe<S: Signal, I>(side: Side, signal: &S, inner: I) -> Observe<I, S> {
    ObserveLayer::new(side, signal.clone()).layer(inner)
}

/// The moments that the inner service must have lived through, whatever happened.
fn must_see(told: &Told) -> Vec<&'static str> {
    let has_body = told.has_status();
    let mut moments = vec!["call"];
    if has_body {
        moments.extend(["poll of the future", "drop of the future", "drop of the body"]);
    }
    moments
}

fn complaints_of<const N: u32>(recorder: &Recorder<N>, told: &Told, side: Side) -> Vec<String> {
    let mut complaints = Vec::new();
    let counts = (recorder.started(), recorder.ended(), recorder.in_flight());
    if counts != (1, 1, 0) {
        complaints.push(format!("window {N}: started, ended, in flight are {counts:?}"));
    }
    if let Some(event) = recorder.events().iter().find(|event| !event.is_current) {
        complaints.push(format!("window {N}: not current at {:?}", event.moment));
    }
    let differences = recorder.records().into_iter().filter_map(|record| told.differs_from(&record, side));
    complaints.extend(differences.map(|difference| format!("window {N}: {difference}")));
    complaints
}

/// Does what the row's caller does. Panics of the script are caught at each poll, as an executor does.
fn play<S, B>(mut service: S, ask: &Ask, caller: Caller)
where
    S: Service<Request<()>, Response = Response<B>, Error = io::Error>,
    B: http_body::Body<Error = io::Error>,
{
    let Some(future) = caught(|| call(&mut service, ask.request())) else { return };
    let mut future = Box::pin(future);
    if matches!(caller, Caller::LeavesAtOnce) {
        return;
    }
    let Some(Poll::Ready(Ok(response))) = caught(|| poll_once(future.as_mut())) else { return };
    drop(future);
    let mut body = Box::pin(response.into_body());
    take(body.as_mut(), caller);
}

fn take<B: http_body::Body<Error = io::Error>>(mut body: Pin<&mut B>, caller: Caller) {
    match caller {
        Caller::LeavesAtOnce | Caller::LeavesBeforeTheHead | Caller::TakesTheHead => {}
        Caller::Polls(times) => {
            for _ in 0..times {
                let _ = caught(|| poll_body(body.as_mut()));
            }
        }
        Caller::ReadsAll => {
            let _ = caught(|| read_body(body.as_mut()));
        }
        Caller::ReadsOn => {
            let _ = caught(|| read_body(body.as_mut()));
            let _ = caught(|| poll_body(body.as_mut()));
        }
    }
}

pub(crate) fn caught<R>(f: impl FnOnce() -> R) -> Option<R> {
    let result = catch_unwind(AssertUnwindSafe(f));
    assert!(current().is_none(), "the exchange is current outside its polls");
    result.ok()
}
