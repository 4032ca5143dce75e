//! The request id of one exchange, while it runs.

use std::sync::Arc;

use http::response;
use tower_telemetry_core::{Exchange, Observer, Trust};

use crate::contract;
use crate::header::Origin;
use crate::layer::Chosen;

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
    /// Of a server.
    Answer(Arc<Chosen>, Asker),
    /// Of a client: its callee may tell something.
    Hear,
}

/// What is known of whoever is answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) trust: Trust,
    pub(crate) origin: Origin,
}

impl RequestIdObserver {
    pub(crate) const fn answering(chosen: Arc<Chosen>, asker: Asker) -> Self {
        Self { task: Task::Answer(chosen, asker) }
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
        match std::mem::take(&mut self.task) {
            Task::Answer(chosen, asker) => {
                if let Some(id) = exchange.request_id() {
                    // A map of headers has room for 32,768; one that is full goes without.
                    let _ = head.headers.try_insert(chosen.header.name(), id.header_value());
                }
                if let Some(contract) = &chosen.contract {
                    contract.answer(exchange, asker, chosen.header.name(), &mut head.headers);
                }
            }
            Task::Hear => contract::hear(exchange, &head.headers),
            Task::Nothing => {}
        }
    }
}
