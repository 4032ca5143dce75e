//! What is said of a cache is one of a few words.

use tower_telemetry_core::CacheStatus;
use tower_telemetry_core::names::header::X_CACHE_STATUS;

use crate::heard::Heard;
use crate::report::{Row, shown};

const RULE: &str = "x-cache-status is a word that is known";

pub(super) fn row(heard: &Heard) -> Row {
    let [plain, _] = &heard.plain;
    match (plain.all(&X_CACHE_STATUS).first(), CacheStatus::from_headers(&plain.headers)) {
        (None, _) => Row::silent(RULE, "not told"),
        (Some(_), Some(status)) => Row::kept(RULE, status.as_str()),
        (Some(line), None) => Row::broken(RULE, shown(line.as_bytes())),
    }
}
