//! Prometheus' HTTP API, as far as it is asked.

use std::net::SocketAddr;

use serde_json::Value;

use crate::{
    Result,
    e2e::{http, shop::SpanIds},
};

/// The values of an instant vector.
///
/// # Errors
///
/// No answer, or one of another kind.
pub(crate) fn query(server: SocketAddr, query: &str) -> Result<Vec<f64>> {
    let path = format!("/api/v1/query?query={}", http::escape(query));
    Ok(values(&json(server, &path)?)
        .ok_or_else(|| format!("{query} is answered by something else than values"))?)
}

/// The series that have exemplars.
///
/// # Errors
///
/// No answer, or one of another kind.
pub(crate) fn exemplars(server: SocketAddr, selector: &str) -> Result<Vec<Exemplars>> {
    // From the beginning of time to the year 2100: the storage has no others than ours.
    let path = format!("/api/v1/query_exemplars?query={}&start=0&end=4102444800", http::escape(selector));
    let answer = json(server, &path)?;
    Ok(with_exemplars(&answer)
        .ok_or_else(|| format!("the exemplars of {selector} are told in another form"))?)
}

/// A series with its exemplars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exemplars {
    pub(crate) name: String,
    /// The route, the template or the gRPC method, where one is known.
    pub(crate) route: Option<String>,
    pub(crate) spans: Vec<SpanIds>,
}

fn json(server: SocketAddr, path: &str) -> Result<Value> {
    let answer = http::get(server, path, "application/json")?;
    Ok(serde_json::from_slice(&answer.body)?)
}

fn values(answer: &Value) -> Option<Vec<f64>> {
    let series = answer.get("data")?.get("result")?.as_array()?;
    series.iter().map(|series| series.get("value")?.get(1)?.as_str()?.parse().ok()).collect()
}

fn with_exemplars(answer: &Value) -> Option<Vec<Exemplars>> {
    answer.get("data")?.as_array()?.iter().map(series).collect()
}

fn series(series: &Value) -> Option<Exemplars> {
    let labels = series.get("seriesLabels")?;
    let label = |name: &str| labels.get(name)?.as_str().map(str::to_owned);
    let route = ["http_route", "url_template", "rpc_method"].into_iter().find_map(label);
    // A method that nobody has is no name.
    let route = route.filter(|route| route != "_OTHER");
    let name = label("__name__")?;
    let spans = series.get("exemplars")?.as_array()?.iter().map(|exemplar| {
        let label = |name: &str| exemplar.get("labels")?.get(name)?.as_str().map(str::to_owned);
        Some(SpanIds { trace: label("trace_id")?, span: label("span_id")? })
    });
    Some(Exemplars { name, route, spans: spans.collect::<Option<_>>()? })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_values_of_a_vector_are_read() {
        let answer = serde_json::from_str(
            r#"{"data": {"resultType": "vector", "result": [
                {"metric": {}, "value": [1.5, "0.25"]}, {"metric": {}, "value": [1.5, "NaN"]}]}}"#,
        );
        let values = values(&answer.unwrap()).unwrap();
        assert!(matches!(values.as_slice(), [0.25, nan] if nan.is_nan()));
        assert_eq!(super::values(&serde_json::json!({"data": {"result": [{"histogram": []}]}})), None);
    }

    #[test]
    fn exemplars_are_read_with_both_ids() {
        let exemplars = |labels: Value| {
            with_exemplars(&serde_json::json!({"data": [
                {"seriesLabels": {"__name__": "a_bucket", "http_route": "/a"}, "exemplars": [{"labels": labels, "value": "1"}]}]}))
        };
        let spans = vec![SpanIds { trace: "t".to_owned(), span: "s".to_owned() }];
        assert_eq!(
            exemplars(serde_json::json!({"trace_id": "t", "span_id": "s"})),
            Some(vec![Exemplars { name: "a_bucket".to_owned(), route: Some("/a".to_owned()), spans }])
        );
        assert_eq!(exemplars(serde_json::json!({"trace_id": "t"})), None);
    }
}
