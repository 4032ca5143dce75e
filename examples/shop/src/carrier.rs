//! The carrier: a tiny HTTP service that quotes the price of shipping, sometimes busy and sometimes slow.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, time::sleep};

use crate::{stop::Stop, visit::Visit, watch::ServerLayer};

/// A price for shipping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Quote {
    pub(crate) cents: u32,
}

/// Serves until the word to stop, then finishes what has begun.
pub(crate) async fn serve(listener: TcpListener, layer: ServerLayer, stop: Stop) -> io::Result<()> {
    axum::serve(listener, service().layer(layer)).with_graceful_shutdown(stop.requested()).await
}

fn service() -> Router {
    Router::new().route("/quotes/{item}", get(quote)).with_state(Arc::default())
}

async fn quote(State(asked): State<Arc<AtomicU64>>, visit: Visit, Path(item): Path<String>) -> Response {
    match Mood::of(asked.fetch_add(1, Ordering::Relaxed)) {
        Mood::Busy => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Slow => sleep(Duration::from_millis(120)).await,
        Mood::Well => {}
    }
    let cents = 399 + 25 * u32::try_from(item.len()).unwrap_or(u32::MAX).min(100);
    tracing::info!(item, cents, visit = visit.number(), "price quoted");
    Json(Quote { cents }).into_response()
}

/// Counted, not drawn: the same traffic meets the same carrier.
#[derive(Debug, PartialEq, Eq)]
enum Mood {
    Well,
    Slow,
    Busy,
}

impl Mood {
    fn of(asked: u64) -> Self {
        match asked {
            // Two in a row: once in a while the second attempt fails, too.
            n if n % 23 == 7 || n % 23 == 8 => Self::Busy,
            n if n % 17 == 3 => Self::Slow,
            _ => Self::Well,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mood;

    #[test]
    fn the_carrier_is_mostly_well() {
        let moods: Vec<_> = (0..391).map(Mood::of).collect();
        let count = |mood| moods.iter().filter(|m| **m == mood).count();
        assert_eq!(count(Mood::Busy), 34);
        assert!((15..=23).contains(&count(Mood::Slow)));
    }
}
