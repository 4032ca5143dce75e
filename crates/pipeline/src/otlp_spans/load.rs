//! Spans as what is exported in batches.

use std::time::Duration;

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use opentelemetry_proto::transform::trace::tonic::group_spans_by_resource_and_scope;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;
use tower_telemetry_core::names::metric;

use crate::otlp::Signal;
use crate::otlp::batches::{CountNames, Load, Refused, Variables};

impl Load for SpanData {
    const SIGNAL: Signal = Signal::Traces;
    const WORD: &'static str = "spans";
    const COUNTS: CountNames = CountNames {
        finished: metric::OTLP_SPANS_FINISHED,
        exported: metric::OTLP_SPANS_EXPORTED,
        dropped: metric::OTLP_SPANS_DROPPED,
        waiting: metric::OTLP_SPANS_WAITING,
        capacity: metric::OTLP_SPANS_CAPACITY,
    };
    const VARIABLES: Variables = Variables {
        capacity: "OTEL_BSP_MAX_QUEUE_SIZE",
        batch: "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
        batch_expected: "no more than OTEL_BSP_MAX_QUEUE_SIZE, which is 2048 by default",
        delay: "OTEL_BSP_SCHEDULE_DELAY",
        patience: "OTEL_BSP_EXPORT_TIMEOUT",
        default_delay: Duration::from_secs(5),
    };

    fn encode(batch: Vec<Self>, resource: &ResourceAttributesWithSchema) -> Bytes {
        let resource_spans = group_spans_by_resource_and_scope(batch, resource);
        Bytes::from(ExportTraceServiceRequest { resource_spans }.encode_to_vec())
    }

    fn refused(answer: Bytes) -> Refused {
        // It has been taken; what a strange answer adds to that is nothing.
        let answer = ExportTraceServiceResponse::decode(answer).unwrap_or_default();
        let ExportTracePartialSuccess { rejected_spans, error_message } =
            answer.partial_success.unwrap_or_default();
        Refused { count: u64::try_from(rejected_spans).unwrap_or_default(), reason: error_message }
    }
}
