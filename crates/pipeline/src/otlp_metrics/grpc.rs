//! OTLP over gRPC.

use http::{HeaderMap, Uri};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt;

use super::failure::{Advice, Failure};
use super::quiet::Quiet;

/// A channel to the collector.
#[derive(Debug)]
pub(crate) struct Grpc {
    client: MetricsServiceClient<Channel>,
    metadata: MetadataMap,
}

impl Grpc {
    pub(crate) fn new(uri: Uri, headers: HeaderMap) -> Self {
        let channel = Endpoint::from(uri).executor(Quiet).connect_lazy();
        Self { client: MetricsServiceClient::new(channel), metadata: MetadataMap::from_headers(headers) }
    }

    pub(crate) async fn send(
        &mut self,
        request: ExportMetricsServiceRequest,
    ) -> Result<ExportMetricsServiceResponse, Failure> {
        let mut request = Request::new(request);
        *request.metadata_mut() = self.metadata.clone();
        let response = self.client.export(request).await.map_err(|status| failure(&status))?;
        Ok(response.into_inner())
    }
}

fn failure(status: &Status) -> Failure {
    let delay = status.get_details_retry_info().and_then(|info| info.retry_delay);
    let advice = match (status.code(), delay) {
        (Code::ResourceExhausted | Code::Unavailable, Some(delay)) => Advice::RetryAfter(delay),
        (
            Code::Cancelled
            | Code::DeadlineExceeded
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unavailable
            | Code::DataLoss,
            _,
        ) => Advice::Retry,
        // Without a delay, an exhausted resource will not recover.
        _ => Advice::GiveUp,
    };
    Failure::new(advice, format!("{}: {}", status.code(), status.message()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tonic_types::ErrorDetails;

    use super::*;

    #[test]
    fn only_codes_that_pass_are_tried_again() {
        let codes =
            (0..=16).map(Code::from).filter(|code| failure(&Status::new(*code, "")).advice == Advice::Retry);
        let expected = [
            Code::Cancelled,
            Code::DeadlineExceeded,
            Code::Aborted,
            Code::OutOfRange,
            Code::Unavailable,
            Code::DataLoss,
        ];
        assert_eq!(codes.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_exhausted_resource_is_tried_again_when_it_says_when() {
        let delay = Duration::from_secs(3);
        let details = ErrorDetails::with_retry_info(Some(delay));
        let status = Status::with_error_details(Code::ResourceExhausted, "", details);
        assert_eq!(failure(&status).advice, Advice::RetryAfter(delay));
        assert_eq!(failure(&Status::resource_exhausted("")).advice, Advice::GiveUp);
    }
}
