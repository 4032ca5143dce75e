//! What Loki's answer to a push means.

use std::time::Duration;

use http::{Response, StatusCode};

use crate::retry_after;

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// All lines are there: 204, and nothing else.
    Taken,
    /// Loki may take them later; it may have said when.
    Later(Option<Duration>),
    /// Nobody answered.
    Unreachable,
    /// Something in it is wrong, or there is too much: other lines of it may be right.
    Wrong,
    /// None of it will ever be taken.
    Refused,
}

impl Answer {
    pub(crate) fn of<B>(response: &Response<B>) -> Self {
        match response.status() {
            StatusCode::NO_CONTENT => Self::Taken,
            StatusCode::TOO_MANY_REQUESTS => Self::Later(retry_after::asked(response.headers())),
            status if status.is_server_error() => Self::Later(retry_after::asked(response.headers())),
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE => Self::Wrong,
            // 260 among them: Loki answers it where ingestion is blocked, so that clients do not come again.
            _ => Self::Refused,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use http::header::{DATE, RETRY_AFTER};

    use super::*;

    fn answer(status: u16) -> Answer {
        Answer::of(&Response::builder().status(status).body(()).unwrap())
    }

    #[test]
    fn success_is_204_alone() {
        let taken: Vec<u16> = (100..600).filter(|status| answer(*status) == Answer::Taken).collect();
        assert_eq!(taken, [204]);
        assert_eq!((answer(200), answer(260)), (Answer::Refused, Answer::Refused));
    }

    #[test]
    fn only_what_passes_is_tried_again() {
        let again: Vec<u16> =
            (100..600).filter(|status| matches!(answer(*status), Answer::Later(_))).collect();
        let expected: Vec<u16> = std::iter::once(429).chain(500..600).collect();
        assert_eq!(again, expected);
        let wrong: Vec<u16> = (100..600).filter(|status| answer(*status) == Answer::Wrong).collect();
        assert_eq!(wrong, [400, 413]);
    }

    #[test]
    fn loki_may_say_when() {
        let response = Response::builder().status(429).header(RETRY_AFTER, " 7 ").body(()).unwrap();
        assert_eq!(Answer::of(&response), Answer::Later(Some(Duration::from_secs(7))));
        let response = Response::builder().status(503).header(RETRY_AFTER, "soon").body(()).unwrap();
        assert_eq!(Answer::of(&response), Answer::Later(None));
        let dates = Response::builder()
            .header(DATE, "Sun, 06 Nov 1994 08:49:37 GMT")
            .header(RETRY_AFTER, "Sun, 06 Nov 1994 08:50:37 GMT");
        let response = dates.status(503).body(()).unwrap();
        assert_eq!(Answer::of(&response), Answer::Later(Some(Duration::from_secs(60))));
    }
}
