//! `grpc.testing.TestService`, as the descriptions of the interoperability cases ask for it.

use std::{pin::Pin, time::Duration};

use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use tokio::time::sleep;
use tonic::{Code, Request, Response, Status, Streaming};

use crate::proto::{
    EchoStatus, Empty, Payload, ResponseParameters, SimpleRequest, SimpleResponse, StreamingInputCallRequest,
    StreamingInputCallResponse, StreamingOutputCallRequest, StreamingOutputCallResponse,
    test_service_server::TestService,
};

type Outputs = Pin<Box<dyn Stream<Item = Result<StreamingOutputCallResponse, Status>> + Send>>;

/// The service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cases;

#[tonic::async_trait]
impl TestService for Cases {
    type StreamingOutputCallStream = Outputs;
    type FullDuplexCallStream = Outputs;

    async fn empty_call(&self, _: Request<Empty>) -> Result<Response<Empty>, Status> {
        Ok(Response::new(Empty {}))
    }

    async fn unary_call(&self, request: Request<SimpleRequest>) -> Result<Response<SimpleResponse>, Status> {
        let asked = request.into_inner();
        asked_for(asked.response_status)?;
        Ok(Response::new(SimpleResponse { payload: Some(payload(asked.response_size)?) }))
    }

    async fn streaming_output_call(
        &self,
        request: Request<StreamingOutputCallRequest>,
    ) -> Result<Response<Outputs>, Status> {
        Ok(Response::new(outputs(request.into_inner().response_parameters).boxed()))
    }

    async fn streaming_input_call(
        &self,
        request: Request<Streaming<StreamingInputCallRequest>>,
    ) -> Result<Response<StreamingInputCallResponse>, Status> {
        let mut stream = request.into_inner();
        let mut aggregated_payload_size = 0_i32;
        while let Some(part) = stream.try_next().await? {
            let length = part.payload.map_or(0, |payload| payload.body.len());
            aggregated_payload_size =
                aggregated_payload_size.saturating_add(length.try_into().unwrap_or(i32::MAX));
        }
        Ok(Response::new(StreamingInputCallResponse { aggregated_payload_size }))
    }

    async fn full_duplex_call(
        &self,
        request: Request<Streaming<StreamingOutputCallRequest>>,
    ) -> Result<Response<Outputs>, Status> {
        let answers = request.into_inner().map(|asked| {
            let asked = asked?;
            asked_for(asked.response_status)?;
            Ok::<_, Status>(outputs(asked.response_parameters))
        });
        Ok(Response::new(answers.try_flatten().boxed()))
    }
}

/// One answer for each that is asked for, each after its pause.
fn outputs(
    asked: Vec<ResponseParameters>,
) -> impl Stream<Item = Result<StreamingOutputCallResponse, Status>> + Send {
    stream::iter(asked).then(async |ResponseParameters { size, interval_us }| {
        if let Ok(pause @ 1..) = interval_us.try_into() {
            sleep(Duration::from_micros(pause)).await;
        }
        Ok(StreamingOutputCallResponse { payload: Some(payload(size)?) })
    })
}

/// This many zeros.
fn payload(size: i32) -> Result<Payload, Status> {
    let size = size.try_into().map_err(|_| Status::invalid_argument("a size below zero"))?;
    Ok(Payload { r#type: 0, body: vec![0; size] })
}

/// The status that the caller wants to see.
fn asked_for(status: Option<EchoStatus>) -> Result<(), Status> {
    match status {
        Some(EchoStatus { code: code @ 1.., message }) => Err(Status::new(Code::from_i32(code), message)),
        _ => Ok(()),
    }
}
