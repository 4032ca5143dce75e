//! The rules of the contract, each judged by what was heard.

mod cache;
mod cors;
mod request_id;
mod timing;
mod trace;

use crate::heard::Heard;
use crate::report::Report;

/// Judges what was heard.
#[must_use]
pub fn judge(heard: &Heard) -> Report {
    let caller = request_id::caller(heard);
    let mut rows = request_id::rows(heard, caller);
    rows.extend(timing::rows(heard));
    rows.extend(trace::rows(heard, caller));
    rows.push(cache::row(heard));
    rows.push(cors::row(heard));
    Report { caller, rows }
}
