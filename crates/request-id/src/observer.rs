//! The request id of one exchange, while it runs.

use std::sync::Arc;

use http::{HeaderMap, header, response};
use tower_telemetry_core::{Exchange, Observer, Trust};

use crate::contract;
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

/// Whether a page of another origin may have asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Told,
    Untold,
}

impl Asker {
    pub(crate) fn of(trust: Trust, headers: &HeaderMap) -> Self {
        let origin = if headers.contains_key(header::ORIGIN) { Origin::Told } else { Origin::Untold };
        Self { trust, origin }
    }
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
                    let _ = head.headers.try_insert(chosen.header.clone(), id.header_value());
                }
                if let Some(contract) = &chosen.contract {
                    contract.answer(exchange, asker, &chosen.header, &mut head.headers);
                }
            }
            Task::Hear => contract::hear(exchange, &head.headers),
            Task::Nothing => {}
        }
    }
}
