use tower_telemetry_core::{
    Authority, Exchange, Outcome, Protocol, RequestId, Route, Scheme, Side, TraceIds, Value,
};

/// All that a [`Recorder`](crate::Recorder) knows of an exchange that ended.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// Which exchange of this log it is, counted from 0 in the order of their starts.
    pub exchange: u64,
    /// Which end was watching.
    pub side: Side,
    /// What the status means.
    pub protocol: Protocol,
    /// The known method, or `_OTHER`.
    pub method: &'static str,
    /// The scheme of the request target.
    pub scheme: Scheme,
    /// The server that a client speaks to.
    pub server: Option<Authority>,
    /// The route as it stood at the end.
    pub route: Route,
    /// The trace ids as they stood at the end.
    pub trace: Option<TraceIds>,
    /// The request id as it stood at the end.
    pub request_id: Option<RequestId>,
    /// Which attempt it was.
    pub resend: u32,
    /// The attributes that the handler wrote.
    pub attributes: Vec<(&'static str, Value)>,
    /// The labels that the handler wrote.
    pub labels: Vec<(&'static str, &'static str)>,
    /// How often a response head was told.
    pub responses: u32,
    /// How many frames of data were told.
    pub frames: u32,
    /// The bytes of those frames.
    pub bytes: u64,
    /// The ending.
    pub outcome: Outcome,
}

/// What a recorder counts while an exchange lasts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) responses: u32,
    pub(crate) frames: u32,
    pub(crate) bytes: u64,
}

impl Record {
    pub(crate) fn new(number: u64, exchange: &Exchange, tally: Tally, outcome: &Outcome) -> Self {
        let mut record = Self {
            exchange: number,
            side: exchange.side,
            protocol: exchange.protocol,
            method: exchange.method,
            scheme: exchange.scheme,
            server: exchange.server,
            route: exchange.route(),
            trace: exchange.trace(),
            request_id: exchange.request_id().cloned(),
            resend: exchange.resend,
            attributes: Vec::new(),
            labels: Vec::new(),
            responses: tally.responses,
            frames: tally.frames,
            bytes: tally.bytes,
            outcome: *outcome,
        };
        exchange.attributes(|key, value| record.attributes.push((key, value.clone())));
        exchange.labels(|name, value| record.labels.push((name, value)));
        record
    }
}
