//! A page that may read the answer may read the contract.

use http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS};
use tower_telemetry_core::names::header::{SERVER_TIMING, X_RESPONSE_TIME_MS};

use crate::heard::Heard;
use crate::report::Row;

const RULE: &str = "a page of another origin may read it";

pub(super) fn row(heard: &Heard) -> Row {
    let headers = &heard.foreign.headers;
    if !headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN) {
        return Row::silent(RULE, "it may read no answer at all");
    }
    let lines = headers.get_all(ACCESS_CONTROL_EXPOSE_HEADERS).iter().filter_map(|line| line.to_str().ok());
    let exposed: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let is_exposed =
        |name: &str| exposed.iter().any(|other| *other == "*" || other.eq_ignore_ascii_case(name));
    let contract = [heard.id_header.clone(), SERVER_TIMING, X_RESPONSE_TIME_MS];
    match contract.iter().find(|name| !is_exposed(name.as_str())) {
        Some(hidden) => Row::broken(RULE, format!("not {hidden}")),
        None => Row::kept(RULE, exposed.join(", ")),
    }
}
