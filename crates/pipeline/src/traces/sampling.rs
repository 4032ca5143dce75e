//! Which sampler is in force: the environment's over the code's over the default.

use std::fmt;
use std::sync::Arc;

use opentelemetry_sdk::Resource;
use tower_telemetry_core::trace_ids::TraceId;
use tower_telemetry_trace::{Decide, Decision, Question, Reason};

use crate::error::InitError;
use crate::resource;
use crate::settings::Environment;

/// A decider, and what it says of itself.
pub(crate) struct Sampling {
    pub(crate) decide: Arc<dyn Decide>,
    pub(crate) text: String,
}

impl Sampling {
    pub(crate) fn of(sampler: impl Decide + fmt::Display) -> Self {
        Self { text: sampler.to_string(), decide: Arc::new(sampler) }
    }
}

/// The sampler of the environment, else of the code, else the default for this resource.
pub(crate) fn chosen(
    environment: Environment,
    code: Option<Sampling>,
    resource: &Resource,
) -> Result<Sampling, InitError> {
    let default = if resource::is_production(resource) { 0.01 } else { 1.0 };
    let ratio = environment.get("OTEL_TRACES_SAMPLER_ARG").and_then(|arg| arg.parse().ok()).unwrap_or(1.0);
    let sampler = match environment.get("OTEL_TRACES_SAMPLER").as_deref() {
        None => return Ok(code.unwrap_or_else(|| Sampling::of(Interim { root: default, parent: true }))),
        Some("always_on") => Interim { root: 1.0, parent: false },
        Some("always_off") => Interim { root: 0.0, parent: false },
        Some("traceidratio") => Interim { root: ratio, parent: false },
        Some("parentbased_always_off") => Interim { root: 0.0, parent: true },
        Some("parentbased_traceidratio") => Interim { root: ratio, parent: true },
        Some(_) => Interim { root: 1.0, parent: true },
    };
    Ok(Sampling::of(sampler))
}

struct Interim {
    root: f64,
    parent: bool,
}

impl Interim {
    fn is_kept(&self, trace_id: TraceId) -> bool {
        let low = u128::from_be_bytes(trace_id.to_bytes()) as u64 & ((1 << 56) - 1);
        (low as f64) >= (1.0 - self.root) * (1_u64 << 56) as f64
    }

    fn decision(is_kept: bool) -> Decision {
        if is_kept { Decision::Record { reason: Reason::Head, ot: None } } else { Decision::Drop }
    }
}

impl Decide for Interim {
    fn at_head(&self, question: &Question<'_>) -> Decision {
        Self::decision(match question.parent.filter(|_| self.parent) {
            Some(parent) => parent.ids.flags.is_sampled(),
            None => self.is_kept(question.trace_id),
        })
    }

    fn at_own_root(&self, trace_id: TraceId) -> Decision {
        Self::decision(self.is_kept(trace_id))
    }
}

impl fmt::Display for Interim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "probability {} of new traces", self.root)
    }
}
