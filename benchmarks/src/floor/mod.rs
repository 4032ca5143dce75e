//! The least conceivable instrumentation, as a floor: no configuration, no protocol, no rule of what an ending is.
//!
//! Two readings of the clock, one histogram behind a pointer that is kept, a gauge of requests in flight, random ids;
//! [`Full`] has in addition a wrapped body, `traceparent`, a request id, a context for the handler, two response headers
//! and a JSON line. No product can be cheaper and still do its work; how near one comes is what the figures tell.

mod body;
mod cell;
mod full;
mod head;
mod ids;
mod line;

pub(crate) use self::{
    full::Full,
    head::Head,
    ids::{Ids, propagate},
    line::write as line,
};
