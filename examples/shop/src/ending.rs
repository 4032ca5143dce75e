//! When the shop closes: at a signal, or when its time is up.

use std::{future, io, time::Duration};

use tokio::time::sleep;

/// Is ready when the shop is asked to close.
///
/// # Errors
/// When the process cannot listen for signals.
pub(crate) async fn asked(run_for: Option<Duration>) -> io::Result<()> {
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        result = terminated() => result,
        () = time_is_up(run_for) => Ok(()),
    }
}

#[cfg(unix)]
async fn terminated() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::terminate())?.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn terminated() -> io::Result<()> {
    future::pending().await
}

async fn time_is_up(run_for: Option<Duration>) {
    match run_for {
        Some(time) => sleep(time).await,
        None => future::pending().await,
    }
}
