//! The questions of somebody who operates the shop, in PromQL.

use super::form::Form;

/// The names of one protocol on one side, as a user writes them: literally, because a change of one is a change of
/// somebody's dashboard.
#[derive(Debug)]
struct Names {
    who: &'static str,
    duration: &'static str,
    in_flight: &'static str,
}

const NAMES: [Names; 4] = [
    Names {
        who: "HTTP server",
        duration: "http_server_request_duration_seconds",
        in_flight: "http_server_active_requests",
    },
    Names {
        who: "HTTP client",
        duration: "http_client_request_duration_seconds",
        in_flight: "http_client_active_requests",
    },
    Names {
        who: "gRPC server",
        duration: "rpc_server_call_duration_seconds",
        in_flight: "tower_telemetry_rpc_server_active_calls",
    },
    Names {
        who: "gRPC client",
        duration: "rpc_client_call_duration_seconds",
        in_flight: "tower_telemetry_rpc_client_active_calls",
    },
];

/// A query and what its answer has to be.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) what: String,
    pub(crate) query: String,
    pub(crate) expected: Expected,
}

/// What every value of an answer has to be; an answer without any is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    One,
    /// Finite and above zero.
    Positive,
    /// Finite; zero is one.
    NotNegative,
}

/// Whether the shop is there, and the four golden signals of both protocols on both sides.
pub(crate) fn all(form: Form) -> Vec<Question> {
    let mut questions = vec![Question {
        what: "the shop is there".to_owned(),
        query: "up{job=\"shop\"}".to_owned(),
        expected: Expected::One,
    }];
    for Names { who, duration, in_flight } in NAMES {
        let rate = |labels: &str| match form {
            Form::Classic => format!("sum(rate({duration}_count{labels}[5s]))"),
            Form::Native => format!("histogram_count(sum(rate({duration}{labels}[5s])))"),
        };
        let latency = match form {
            Form::Classic => format!("histogram_quantile(0.95, sum by (le) (rate({duration}_bucket[5s])))"),
            Form::Native => format!("histogram_quantile(0.95, sum(rate({duration}[5s])))"),
        };
        let ask = |what, query, expected| Question { what: format!("{what}, {who}"), query, expected };
        questions.extend([
            ask("traffic", rate(""), Expected::Positive),
            ask("errors", rate("{error_type!=\"\"}"), Expected::Positive),
            ask("latency", latency, Expected::Positive),
            ask("in flight", format!("sum({in_flight})"), Expected::NotNegative),
        ]);
    }
    questions
}

/// A selector of the series that carry the exemplars of both protocols on both sides.
pub(crate) fn exemplars(form: Form) -> String {
    let suffix = match form {
        Form::Classic => "_bucket",
        Form::Native => "",
    };
    let names: Vec<_> = NAMES.iter().map(|names| format!("{}{suffix}", names.duration)).collect();
    format!("{{__name__=~\"{}\"}}", names.join("|"))
}

/// How many metrics that selects.
pub(crate) const fn exemplar_metrics() -> usize {
    NAMES.len()
}

impl Expected {
    pub(crate) fn is(self, value: f64) -> bool {
        match self {
            Self::One => value == 1.0,
            Self::Positive => value.is_finite() && value > 0.0,
            Self::NotNegative => value.is_finite() && value >= 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_signals_of_two_protocols_on_two_sides_are_asked_for() {
        for form in Form::ALL {
            assert_eq!(all(form).len(), 1 + 4 * 4);
        }
    }

    #[test]
    fn a_quantile_of_nothing_is_no_latency() {
        assert!(!Expected::Positive.is(f64::NAN));
        assert!(!Expected::Positive.is(f64::INFINITY));
        assert!(!Expected::Positive.is(0.0));
        assert!(Expected::Positive.is(0.01));
        assert!(Expected::NotNegative.is(0.0) && !Expected::NotNegative.is(-1.0));
        assert!(Expected::One.is(1.0) && !Expected::One.is(0.0));
    }
}
