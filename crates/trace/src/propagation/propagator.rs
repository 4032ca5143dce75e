//! Which formats are read and written, and where to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{HeaderMap, request};
use opentelemetry::Context;
use tower_telemetry_core::names::header::{TRACEPARENT, TRACESTATE};
use tower_telemetry_core::{Exchange, TraceIds, TraceState, Trust};

use crate::propagation::carried::state_of;
use crate::propagation::inherited::{Inherited, Remote, Wish};

/// How context comes in with a request, and goes out with the next.
#[derive(Debug, Clone, Default)]
pub struct Propagation {
    refused: Arc<AtomicU64>,
}

impl Propagation {
    /// How many malformed contexts were met; each began a new trace.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// What a server's span is made under: the caller's context, as far as the caller is believed.
    pub(crate) fn inherit(&self, trust: Trust, headers: &HeaderMap) -> Inherited {
        match trust {
            Trust::Parent => {
                let here = Context::current();
                match self.extract(headers) {
                    Some(remote) => Inherited::local(remote.attach_to(&here)),
                    None => Inherited::local(here),
                }
            }
            // A stranger's request that came with nothing is a root all the same.
            Trust::Link => Inherited {
                context: Context::new(),
                link: self.extract(headers).map(|remote| remote.span_context()),
                wish: Wish::Flag,
            },
            Trust::Never => Inherited::local(Context::new()),
        }
    }

    /// The caller's context; a malformed `tracestate` is dropped alone.
    fn extract(&self, headers: &HeaderMap) -> Option<Remote> {
        let ids = TraceIds::from_headers(headers).unwrap_or_else(|_malformed| {
            self.refused.fetch_add(1, Ordering::Relaxed);
            None
        })?;
        Some(Remote { ids, state: TraceState::from_headers(headers).unwrap_or_default() })
    }

    /// Writes the context of this span into the request, in place of any that stands there.
    pub(crate) fn inject(&self, _: &Exchange, ids: &TraceIds, context: &Context, head: &mut request::Parts) {
        head.headers.insert(TRACEPARENT, ids.to_header_value());
        match state_of(context).to_header_value() {
            Some(state) => head.headers.insert(TRACESTATE, state),
            None => head.headers.remove(TRACESTATE),
        };
    }
}
