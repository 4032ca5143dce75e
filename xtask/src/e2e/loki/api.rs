//! Questions to Loki, in LogQL.

use std::net::SocketAddr;

use serde_json::Value;

use crate::{Result, e2e::http};

const TENANT: &str = "shop";
const ASKING: &[(&str, &str)] = &[("X-Scope-OrgID", TENANT)];

/// A line, with its labels and what stands beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    /// In nanoseconds since 1970.
    pub(crate) at: u64,
    pub(crate) line: String,
    pub(crate) labels: Value,
}

/// The lines that a query selects, of the last hour, the oldest first.
///
/// # Errors
///
/// Loki does not answer, or not in its form.
pub(crate) fn lines(server: SocketAddr, query: &str) -> Result<Vec<Found>> {
    let path = format!(
        "/loki/api/v1/query_range?direction=forward&limit=5000&since=1h&query={}",
        http::escape(query)
    );
    let answer = http::get_with(server, &path, "application/json", ASKING)?;
    read(&serde_json::from_slice(&answer.body)?).ok_or_else(|| format!("{query}: no answer of Loki's").into())
}

/// The number that a query comes to; nothing is zero.
///
/// # Errors
///
/// As of [`lines`].
pub(crate) fn number(server: SocketAddr, query: &str) -> Result<u64> {
    let path = format!("/loki/api/v1/query?query={}", http::escape(query));
    let answer: Value =
        serde_json::from_slice(&http::get_with(server, &path, "application/json", ASKING)?.body)?;
    match answer.pointer("/data/result/0/value/1") {
        Some(value) => Ok(value.as_str().unwrap_or_default().parse()?),
        None => Ok(0),
    }
}

fn read(answer: &Value) -> Option<Vec<Found>> {
    let mut found = Vec::new();
    for stream in answer.pointer("/data/result")?.as_array()? {
        let labels = stream.get("stream")?;
        for value in stream.get("values")?.as_array()? {
            let at = value.get(0)?.as_str()?.parse().ok()?;
            let line = value.get(1)?.as_str()?.to_owned();
            found.push(Found { at, line, labels: labels.clone() });
        }
    }
    found.sort_by_key(|found| found.at);
    Some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_of_all_streams_are_read_in_order() {
        let answer = json!({"data": {"result": [
            {"stream": {"job": "a"}, "values": [["3", "late"]]},
            {"stream": {"job": "b"}, "values": [["1", "early"], ["2", "then"]]},
        ]}});
        let found = read(&answer).unwrap();
        assert_eq!(
            found.iter().map(|found| found.line.as_str()).collect::<Vec<_>>(),
            ["early", "then", "late"]
        );
        assert_eq!(found.last().map(|found| found.labels.clone()), Some(json!({"job": "a"})));
        assert_eq!(read(&json!({})), None);
    }
}
