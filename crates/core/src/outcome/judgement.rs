//! The rules by which an ending is a success or a fault.

use http::StatusCode;

use crate::grpc::Code;
use crate::names;
use crate::outcome::ending::Ending;
use crate::outcome::facts::Facts;
use crate::outcome::verdict::Verdict;
use crate::side::Side;

/// A verdict and the `error.type` that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Whose matter the ending was.
    pub verdict: Verdict,
    /// A closed value, or `None` where the conventions see no error.
    pub error_type: Option<&'static str>,
}

impl Judgement {
    /// A judgement of this verdict without an error type.
    #[must_use]
    pub const fn of(verdict: Verdict) -> Self {
        Self { verdict, error_type: None }
    }

    /// A fault of the service with this closed error type.
    #[must_use]
    pub const fn service_fault(error_type: &'static str) -> Self {
        Self { verdict: Verdict::ServiceFault, error_type: Some(error_type) }
    }
}

/// Judges an exchange by the rules of OpenTelemetry's HTTP and RPC conventions, for its side.
///
/// ```
/// use http::StatusCode;
/// use tower_telemetry_core::{Ending, Facts, Protocol, Side, Verdict, judge};
///
/// let mut facts = Facts::new(Side::Server, Protocol::Http, Ending::Complete);
/// facts.status = Some(StatusCode::NOT_FOUND);
/// assert_eq!(judge(&facts).verdict, Verdict::CallerFault);
/// assert_eq!(judge(&facts).error_type, None); // 4xx is no error of a server
///
/// facts.side = Side::Client;
/// assert_eq!(judge(&facts).error_type, Some("404")); // but one of a client
/// ```
#[must_use]
#[inline]
pub fn judge(facts: &Facts) -> Judgement {
    match facts.ending {
        Ending::Complete => by_answer(facts),
        Ending::Upgraded => Judgement::of(Verdict::Ok),
        Ending::Panicked => Judgement::service_fault(names::error_type::PANIC),
        Ending::Failed => match facts.grpc {
            // The error itself carried a gRPC status: a client sees a refused call so.
            Some(code) if facts.protocol.is_grpc() && code != Code::Ok => by_code(facts.side, code),
            _ => Judgement::service_fault(facts.fault.unwrap_or(names::OTHER)),
        },
        Ending::Dropped if reader_may_leave(facts) => by_answer(facts),
        Ending::Dropped => Judgement::of(Verdict::Cancelled),
    }
}

/// The gRPC status to tell: the given one, else what the protocol says of an end without one.
#[must_use]
#[inline]
pub fn grpc_status(facts: &Facts) -> Option<Code> {
    if !facts.protocol.is_grpc() || facts.ending == Ending::Upgraded {
        return None;
    }
    Some(match (facts.grpc, facts.ending) {
        // The client never saw the status that a dropped call was about to give.
        (_, Ending::Dropped) => Code::Cancelled,
        (Some(code), Ending::Complete) => code,
        // OK in the head of a stream that then broke is not how it ended.
        (Some(code), _) if code != Code::Ok => code,
        (None, Ending::Complete) => facts.status.map_or(Code::Unknown, Code::from_http_status),
        _ => Code::Unknown,
    })
}

/// After the head, only the reader ends an event stream, and a client may read just the status.
fn reader_may_leave(facts: &Facts) -> bool {
    !facts.protocol.is_grpc() && facts.status.is_some() && (facts.event_stream || facts.side == Side::Client)
}

#[inline]
fn by_answer(facts: &Facts) -> Judgement {
    match grpc_status(facts) {
        Some(code) => by_code(facts.side, code),
        None => facts.status.map_or(Judgement::of(Verdict::Ok), |status| by_status(facts.side, status)),
    }
}

#[inline]
fn by_status(side: Side, status: StatusCode) -> Judgement {
    let verdict = match status.as_u16() {
        ..400 => Verdict::Ok,
        400..500 => Verdict::CallerFault,
        _ => Verdict::ServiceFault,
    };
    let is_error = match side {
        Side::Server => verdict == Verdict::ServiceFault,
        Side::Client => verdict != Verdict::Ok,
    };
    Judgement { verdict, error_type: is_error.then(|| names::status_text(status)) }
}

#[inline(never)]
fn by_code(side: Side, code: Code) -> Judgement {
    let verdict = match code {
        Code::Ok => Verdict::Ok,
        Code::Cancelled => Verdict::Cancelled,
        code if code.is_server_error() => Verdict::ServiceFault,
        _ => Verdict::CallerFault,
    };
    let is_error = match side {
        Side::Server => code.is_server_error(),
        Side::Client => code != Code::Ok,
    };
    Judgement { verdict, error_type: is_error.then(|| code.as_str()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Protocol;

    fn facts(protocol: Protocol, ending: Ending, grpc: Option<Code>) -> Facts {
        Facts { grpc, fault: Some("broken"), ..Facts::new(Side::Server, protocol, ending) }
    }

    #[test]
    fn ok_in_the_head_of_a_stream_that_then_broke_is_neither_its_status_nor_its_judgement() {
        let broken = facts(Protocol::Grpc, Ending::Failed, Some(Code::Ok));
        assert_eq!(judge(&broken), Judgement::service_fault("broken"));
        assert_eq!(grpc_status(&broken), Some(Code::Unknown));
    }

    #[test]
    fn a_status_that_came_before_the_stream_broke_stands() {
        let broken = facts(Protocol::GrpcWeb, Ending::Failed, Some(Code::Internal));
        assert_eq!(judge(&broken), Judgement::service_fault("INTERNAL"));
        assert_eq!(grpc_status(&broken), Some(Code::Internal));
    }

    #[test]
    fn plain_http_has_no_grpc_status_even_if_one_is_given() {
        let broken = facts(Protocol::Http, Ending::Failed, Some(Code::NotFound));
        assert_eq!(judge(&broken), Judgement::service_fault("broken"));
        assert_eq!(grpc_status(&broken), None);
    }

    #[test]
    fn an_error_without_a_name_is_other() {
        let nameless = Facts::new(Side::Client, Protocol::Http, Ending::Failed);
        assert_eq!(judge(&nameless), Judgement::service_fault("_OTHER"));
    }

    /// The conventions draw the line at 500 for a server and at 400 for a client.
    #[test]
    fn each_class_of_status_is_judged_by_its_side() {
        for (status, verdict, server, client) in [
            (100, Verdict::Ok, None, None),
            (399, Verdict::Ok, None, None),
            (400, Verdict::CallerFault, None, Some("400")),
            (499, Verdict::CallerFault, None, Some("499")),
            (500, Verdict::ServiceFault, Some("500"), Some("500")),
            (599, Verdict::ServiceFault, Some("599"), Some("599")),
        ] {
            for (side, error_type) in [(Side::Server, server), (Side::Client, client)] {
                let mut facts = Facts::new(side, Protocol::Http, Ending::Complete);
                facts.status = StatusCode::from_u16(status).ok();
                assert_eq!(judge(&facts), Judgement { verdict, error_type }, "{status} {side:?}");
            }
        }
    }
}
