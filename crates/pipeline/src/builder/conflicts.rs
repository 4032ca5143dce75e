//! Choices that contradict each other.

use opentelemetry::Key;
use tower_telemetry_core::names::resource;

use crate::admin::Exposure;
use crate::builder::TelemetryBuilder;
use crate::builder::admin::Place;
use crate::builder::logs::Subscriber;
use crate::error::InitError;

impl TelemetryBuilder {
    /// The first contradiction, if there is one: what would be ignored in silence is refused instead.
    pub(super) fn contradiction(&self) -> Result<(), InitError> {
        let Self { about, calls: _, metrics: _, traces, logs, admin } = self;
        let is_nowhere = matches!(admin.place, Place::Nowhere);
        let (has_token, is_open) = (admin.token.is_some(), admin.exposure == Exposure::Open);
        let has_provider = traces.provider.is_some();
        const OF_THE_PROVIDER: &str =
            "choose that where the provider is built, or leave the provider to telemetry";
        let contradictions = [
            (
                !about.name.is_empty() && about.attributes.has(&Key::from_static_str(resource::SERVICE_NAME)),
                "the name of the service",
                "with_resource_attribute(\"service.name\", ..)",
                "give the name to Telemetry::init or Telemetry::builder alone",
            ),
            (
                is_nowhere && has_token,
                "without_admin()",
                "with_admin_token(..)",
                "a token guards nothing where nothing is served: leave one of them out",
            ),
            (
                is_nowhere && is_open,
                "without_admin()",
                "with_open_admin()",
                "nothing is open where nothing is served: leave one of them out",
            ),
            (
                has_token && is_open,
                "with_admin_token(..)",
                "with_open_admin()",
                "choose whether readers show a token or all may read",
            ),
            (
                logs.subscriber == Subscriber::LeaveAlone && logs.filter.is_some(),
                "without_subscriber()",
                "with_log_filter(..)",
                "add a filter to your own subscriber, such as tracing_subscriber::EnvFilter",
            ),
            (
                has_provider && traces.sampling.is_some(),
                "with_tracer_provider(..)",
                "with_sampling(..)",
                OF_THE_PROVIDER,
            ),
            (
                has_provider && !traces.processors.is_empty(),
                "with_tracer_provider(..)",
                "with_span_processor(..)",
                OF_THE_PROVIDER,
            ),
            (
                has_provider && traces.inner.is_some(),
                "with_tracer_provider(..)",
                "with_buffered_inner_spans(..)",
                "a provider of your own decides at the head: leave one of them out",
            ),
        ];
        match contradictions.into_iter().find(|(is_one, ..)| *is_one) {
            Some((_, first, second, advice)) => Err(InitError::Conflict { first, second, advice }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop at the first surprise")]
mod tests {
    use opentelemetry_sdk::trace::{SdkTracerProvider, SimpleSpanProcessor, SpanData, SpanExporter};
    use tower_telemetry_trace::sampling::Sampler;

    use super::*;
    use crate::{InnerSpans, Telemetry};

    #[derive(Debug)]
    struct Nowhere;

    impl SpanExporter for Nowhere {
        async fn export(&self, _: Vec<SpanData>) -> opentelemetry_sdk::error::OTelSdkResult {
            Ok(())
        }
    }

    fn builder() -> TelemetryBuilder {
        Telemetry::builder("shop").without_subscriber()
    }

    fn own() -> TelemetryBuilder {
        builder().with_tracer_provider(SdkTracerProvider::builder().build())
    }

    #[track_caller]
    fn check(builder: TelemetryBuilder, one: &str, other: &str) {
        match builder.init() {
            Err(error @ InitError::Conflict { .. }) => {
                let told = error.to_string();
                assert!(told.contains(one) && told.contains(other), "{told}");
                assert!(told.split_once(": ").is_some_and(|(_, advice)| advice.len() > 20), "{told}");
            }
            other => panic!("no conflict, but {other:?}"),
        }
    }

    #[test]
    fn what_would_be_ignored_in_silence_is_refused_with_advice() {
        check(builder().without_admin().with_admin_token("t"), "without_admin", "with_admin_token");
        check(builder().without_admin().with_open_admin(), "without_admin", "with_open_admin");
        check(builder().with_admin_token("t").with_open_admin(), "with_admin_token", "with_open_admin");
        check(builder().with_log_filter("debug"), "without_subscriber", "with_log_filter");
        check(
            builder().with_resource_attribute("service.name", "other"),
            "the name of the service",
            "with_resource_attribute",
        );
        check(own().with_sampling(Sampler::builder().build()), "with_tracer_provider", "with_sampling");
        let processor = SimpleSpanProcessor::new(Nowhere);
        check(own().with_span_processor(processor), "with_tracer_provider", "with_span_processor");
        check(
            own().with_buffered_inner_spans(InnerSpans::default()),
            "with_tracer_provider",
            "with_buffered_inner_spans",
        );
    }

    #[test]
    fn a_later_choice_of_the_same_thing_is_no_contradiction() {
        let builder = builder().with_admin_addr(([127, 0, 0, 1], 0).into()).without_admin();
        assert!(builder.contradiction().is_ok());
    }
}
