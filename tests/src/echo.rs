//! The gRPC service of the tests.

use std::pin::Pin;

use futures_util::stream::{self, Stream, StreamExt};
use tonic::{Request, Response, Status, Streaming};

use crate::proto::Line;
use crate::proto::echo_server::Echo as Service;

type Lines = Pin<Box<dyn Stream<Item = Result<Line, Status>> + Send>>;

/// Does what the text of the first line says: `not found`, `internal`, `panic`, `wait`, `break`; else it echoes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Echo;

#[tonic::async_trait]
impl Service for Echo {
    type CountStream = Lines;
    type ChatStream = Lines;

    async fn say(&self, request: Request<Line>) -> Result<Response<Line>, Status> {
        let line = request.into_inner();
        tracing::info!("inside the call");
        match line.text.as_str() {
            "not found" => Err(Status::not_found("there is no such line")),
            "internal" => Err(Status::internal("the line is broken")),
            "panic" => std::panic::resume_unwind(Box::new("as asked")),
            "wait" => std::future::pending().await,
            _ => Ok(Response::new(line)),
        }
    }

    async fn count(&self, request: Request<Line>) -> Result<Response<Lines>, Status> {
        let Line { text, number } = request.into_inner();
        let lines = stream::iter(0..number).map(|number| Ok(Line { text: String::new(), number }));
        Ok(Response::new(match text.as_str() {
            "break" => lines.chain(stream::iter([Err(Status::internal("the line is broken"))])).boxed(),
            "wait" => lines.chain(stream::pending()).boxed(),
            _ => lines.boxed(),
        }))
    }

    async fn chat(&self, request: Request<Streaming<Line>>) -> Result<Response<Lines>, Status> {
        Ok(Response::new(request.into_inner().boxed()))
    }
}
