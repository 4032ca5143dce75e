//! Which sampler is in force: the environment's over the code's over the default.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use opentelemetry_sdk::Resource;
use tower_telemetry_trace::Decide;
use tower_telemetry_trace::sampling::{Heads, Rules, Sampler, SamplerNameError};

use crate::error::InitError;
use crate::resource;
use crate::settings::Environment;

/// How many spans a second are kept where nothing is said of it and this is no production.
const SPANS_PER_SECOND: f64 = 10_000.0;

const NAME: &str = "OTEL_TRACES_SAMPLER";
const ARGUMENT: &str = "OTEL_TRACES_SAMPLER_ARG";

/// A decider, and what it says of itself.
#[derive(Clone)]
pub(crate) struct Sampling {
    pub(crate) decide: Arc<dyn Decide>,
    pub(crate) text: String,
    /// The decider again, if it is one whose counts are known.
    pub(crate) sampler: Option<Arc<Sampler>>,
}

impl Sampling {
    pub(crate) fn of(sampler: impl Decide + fmt::Display) -> Self {
        let text = sampler.to_string();
        let sampler = Arc::new(sampler);
        let any: Arc<dyn Any + Send + Sync> = Arc::clone(&sampler) as _;
        Self { decide: sampler, text, sampler: any.downcast().ok() }
    }
}

/// The sampler of the environment, else of the code, else the default for this resource.
pub(crate) fn chosen(
    environment: Environment,
    code: Option<Sampling>,
    resource: &Resource,
) -> Result<Sampling, InitError> {
    if let Some(name) = environment.get(NAME) {
        return named(&name, environment.get(ARGUMENT)).map(Sampling::of);
    }
    let default = || match resource::is_production(resource) {
        true => Sampler::production(),
        false => Sampler::always_on_bounded(SPANS_PER_SECOND),
    };
    Ok(code.unwrap_or_else(|| Sampling::of(default())))
}

/// What OpenTelemetry means by this name: no more, and no less.
fn named(name: &str, argument: Option<String>) -> Result<Sampler, InitError> {
    let heads = Heads::named(name, argument.as_deref()).map_err(|error| match error {
        SamplerNameError::Ratio(value) => {
            InitError::Environment { variable: ARGUMENT, value, expected: "a number from 0 to 1" }
        }
        _ => InitError::Environment {
            variable: NAME,
            value: name.to_owned(),
            expected: "always_on, always_off, traceidratio, or one of them behind parentbased_",
        },
    })?;
    Ok(Sampler::builder().heads(heads).rules(Rules::new()).budget(f64::INFINITY).build())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use opentelemetry::KeyValue;

    use super::*;

    fn text(
        read: fn(&'static str) -> Option<String>,
        code: Option<Sampling>,
        environment: &'static str,
    ) -> Result<String, String> {
        let name = KeyValue::new("deployment.environment.name", environment);
        let resource = Resource::builder_empty().with_attribute(name).build();
        let sampling = chosen(Environment::of(read), code, &resource).map_err(|error| error.to_string())?;
        assert!(sampling.sampler.is_some(), "its counts can be told");
        Ok(sampling.text)
    }

    fn code() -> Option<Sampling> {
        Some(Sampling::of(Sampler::builder().budget(7.0).build()))
    }

    #[test]
    fn where_nothing_is_said_all_is_kept_within_a_budget_and_in_production_what_matters() {
        let test = text(|_| None, None, "test").unwrap();
        assert!(test.starts_with("parentbased_always_on") && test.contains("10000"), "{test}");
        let production = text(|_| None, None, "production").unwrap();
        assert!(
            production.starts_with("parentbased_traceidratio 0.01") && production.contains("errors"),
            "{production}"
        );
    }

    #[test]
    fn the_environment_wins_over_the_code_and_the_code_over_the_default() {
        let ratio: fn(&'static str) -> Option<String> = |name| match name {
            NAME => Some("parentbased_traceidratio".into()),
            ARGUMENT => Some("0.25".into()),
            _ => None,
        };
        let in_force = text(ratio, code(), "production").unwrap();
        assert!(
            in_force.starts_with("parentbased_traceidratio 0.25") && !in_force.contains("rules"),
            "{in_force}"
        );
        let in_force = text(|_| None, code(), "production").unwrap();
        assert!(in_force.contains("at most 7 spans/s"), "{in_force}");
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_names_the_variable() {
        let unknown: fn(&'static str) -> Option<String> = |name| (name == NAME).then(|| "sometimes".into());
        assert!(text(unknown, None, "test").unwrap_err().starts_with("OTEL_TRACES_SAMPLER=\"sometimes\""));
        let ratio: fn(&'static str) -> Option<String> = |name| match name {
            NAME => Some("traceidratio".into()),
            ARGUMENT => Some("2".into()),
            _ => None,
        };
        assert!(text(ratio, None, "test").unwrap_err().starts_with("OTEL_TRACES_SAMPLER_ARG=\"2\""));
    }
}
