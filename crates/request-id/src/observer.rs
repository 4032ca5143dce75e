//! The request id of one exchange, while it runs.

use http::response;
use tower_telemetry_core::{Exchange, Observer, Trust};

use crate::contract::{self, ResponseContract};
use crate::header::Header;

/// Writes the request id into the response of a server, and what else the contract says.
#[derive(Debug)]
pub struct RequestIdObserver {
    task: Task,
}

/// What is to be done at the response head.
#[derive(Debug, Default)]
enum Task {
    #[default]
    Nothing,
    /// Of a server: the id in this header, and what the contract says.
    ///
    /// What was chosen of the window, by value: most choose nothing that is counted, and a count that all threads share
    /// has its price.
    Answer(Header, Option<ResponseContract>, Trust),
    /// Of a client: its callee may tell something.
    Hear,
}

impl RequestIdObserver {
    pub(crate) const fn answering(header: Header, contract: Option<ResponseContract>, caller: Trust) -> Self {
        Self { task: Task::Answer(header, contract, caller) }
    }

    pub(crate) const fn hearing() -> Self {
        Self { task: Task::Hear }
    }

    pub(crate) const fn silent() -> Self {
        Self { task: Task::Nothing }
    }
}

impl Observer for RequestIdObserver {
    type Guard = ();

    fn enter(&self) {}

    fn respond(&mut self, exchange: &Exchange, head: &mut response::Parts) {
        match &self.task {
            Task::Answer(header, contract, caller) => {
                if let Some(id) = exchange.request_id() {
                    contract::insert(&mut head.headers, header.to_name(), id.header_value());
                }
                if let Some(contract) = contract {
                    contract.answer(exchange, *caller, header.name(), &mut head.headers);
                }
            }
            Task::Hear => contract::hear(exchange, &head.headers),
            Task::Nothing => {}
        }
        // Once, whatever comes after.
        self.task = Task::Nothing;
    }
}
