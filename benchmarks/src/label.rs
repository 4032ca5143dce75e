//! The labels that every library gets: four, as an HTTP metric has them.

use std::sync::LazyLock;

/// Upper bounds in seconds: the advice of the semantic conventions for durations.
pub(crate) const BOUNDS: [f64; 14] =
    [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Series of a page.
pub(crate) const SERIES: usize = 10_000;

/// Names as Prometheus writes them.
pub(crate) const NAMES: [&str; 4] =
    ["http_request_method", "http_response_status_code", "http_route", "network_protocol_version"];

/// The values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Values {
    pub(crate) method: &'static str,
    pub(crate) status: u16,
    pub(crate) route: &'static str,
    pub(crate) version: &'static str,
}

/// Routes and status texts are there before anything is measured: what a library copies of them is its own cost.
static ROUTES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    (0..500).map(|number| &*Box::leak(format!("/users/{{id}}/things/{number}").into_boxed_str())).collect()
});

static STATUS: LazyLock<Vec<&'static str>> =
    LazyLock::new(|| (0..600).map(|code: u16| &*Box::leak(code.to_string().into_boxed_str())).collect());

/// One set of values.
pub(crate) const fn one() -> Values {
    Values { method: "GET", status: 200, route: "/users/{id}", version: "1.1" }
}

/// [`SERIES`] sets: 500 routes with 20 status codes each.
pub(crate) fn all() -> Vec<Values> {
    let with_status = |route| (200..220).map(move |status| Values { status, route, ..one() });
    let all: Vec<Values> = ROUTES.iter().copied().flat_map(with_status).collect();
    // The status texts are made here, too, not while somebody measures.
    let _ = one().status_text();
    all
}

impl Values {
    /// In the order of [`NAMES`].
    pub(crate) fn texts(self) -> [&'static str; 4] {
        [self.method, self.status_text(), self.route, self.version]
    }

    fn status_text(self) -> &'static str {
        STATUS.get(usize::from(self.status)).copied().unwrap_or_default()
    }
}
