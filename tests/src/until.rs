//! Waiting for a fact, without sleeping.

use std::future::Future;
use std::time::Duration;

/// Nothing that these tests wait for takes this long, unless it never comes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until `fact` holds; other tasks of the runtime run meanwhile.
///
/// # Panics
/// If it never does.
#[track_caller]
pub fn until(what: &str, mut fact: impl FnMut() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let wait = async {
            while !fact() {
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "{what}: this never came ({caller})");
    }
}

/// The output of a future that is not to take for ever.
///
/// # Panics
/// If it does.
pub async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(PATIENCE, future).await.expect("this never came")
}
