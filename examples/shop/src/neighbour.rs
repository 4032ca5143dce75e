//! Neighbours in other processes, which may start later.

use std::{net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, time::sleep};

use crate::part::Part;

/// Between two knocks.
const PAUSE: Duration = Duration::from_millis(200);

/// Waits until somebody listens there; whoever reads the log is told what to start.
pub(crate) async fn found(part: Part, address: SocketAddr) {
    let mut told = false;
    while TcpStream::connect(address).await.is_err() {
        if !told {
            tracing::warn!("nobody listens on {address}; waiting for `{}`", part.command());
            told = true;
        }
        sleep(PAUSE).await;
    }
    if told {
        tracing::info!("found `{}` on {address}", part.command());
    }
}
