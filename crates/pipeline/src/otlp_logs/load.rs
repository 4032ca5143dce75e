//! Log records as what is exported in batches.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::logs::v1::{LogRecord, ResourceLogs, ScopeLogs};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::transform::common::tonic::ResourceAttributesWithSchema;
use prost::Message;
use tower_telemetry_core::names::metric;

use super::record::Record;
use crate::otlp::Signal;
use crate::otlp::batches::{CountNames, Load, Refused, Variables};

impl Load for Record {
    const SIGNAL: Signal = Signal::Logs;
    const WORD: &'static str = "log records";
    const COUNTS: CountNames = CountNames {
        finished: metric::OTLP_LOGS_FINISHED,
        exported: metric::OTLP_LOGS_EXPORTED,
        dropped: metric::OTLP_LOGS_DROPPED,
        waiting: metric::OTLP_LOGS_WAITING,
        capacity: metric::OTLP_LOGS_CAPACITY,
    };
    const VARIABLES: Variables = Variables {
        capacity: "OTEL_BLRP_MAX_QUEUE_SIZE",
        batch: "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
        batch_expected: "no more than OTEL_BLRP_MAX_QUEUE_SIZE, which is 2048 by default",
        delay: "OTEL_BLRP_SCHEDULE_DELAY",
        patience: "OTEL_BLRP_EXPORT_TIMEOUT",
        default_delay: Duration::from_secs(1),
    };

    fn encode(batch: Vec<Self>, resource: &ResourceAttributesWithSchema) -> Bytes {
        let mut scopes = BTreeMap::<_, Vec<LogRecord>>::new();
        for Self { target, record, .. } in batch {
            scopes.entry(target).or_default().push(record);
        }
        let scope_logs = scopes
            .into_iter()
            .map(|(target, log_records)| ScopeLogs {
                scope: Some(InstrumentationScope {
                    name: target.into_owned(),
                    ..InstrumentationScope::default()
                }),
                log_records,
                schema_url: String::new(),
            })
            .collect();
        let resource_logs = ResourceLogs {
            resource: Some(Resource { attributes: resource.attributes.0.clone(), ..Resource::default() }),
            scope_logs,
            schema_url: resource.schema_url.clone().unwrap_or_default(),
        };
        Bytes::from(ExportLogsServiceRequest { resource_logs: vec![resource_logs] }.encode_to_vec())
    }

    fn refused(answer: Bytes) -> Refused {
        // It has been taken; what a strange answer adds to that is nothing.
        let answer = ExportLogsServiceResponse::decode(answer).unwrap_or_default();
        let ExportLogsPartialSuccess { rejected_log_records, error_message } =
            answer.partial_success.unwrap_or_default();
        Refused { count: u64::try_from(rejected_log_records).unwrap_or_default(), reason: error_message }
    }
}
