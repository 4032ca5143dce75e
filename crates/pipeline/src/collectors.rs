//! What the process and its runtime tell of themselves on `/metrics`.

use tower_telemetry_metrics::Store;
use tower_telemetry_runtime::{BuildInfo, Process, TaskWatch, Tasks, TokioRuntime};

use crate::background::Background;

/// Registers the collectors. The runtime is the one that set-up is called on, if it is called on one; its tasks are
/// watched from the telemetry thread, which has time to look when the application has none.
pub(crate) fn tell(store: &Store, background: &Background) {
    store.collector(Process::new());
    store.collector(BuildInfo::new());
    if let Some(runtime) = TokioRuntime::current() {
        let watch = TaskWatch::new(runtime.clone(), Tasks::process().clone());
        store.collector(runtime);
        store.collector(watch.clone());
        background.spawn(watch.run());
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const ALIVE: &str = "tower_telemetry.runtime.tasks.alive";

    fn told() -> Store {
        let (store, background) = (Store::new(), Background::start().unwrap());
        tell(&store, &background);
        background.stop();
        store
    }

    #[tokio::test]
    async fn the_runtime_of_the_caller_tells_of_itself_and_not_that_of_telemetry() {
        let task = tokio::spawn(std::future::pending::<()>());
        // Telemetry's own runtime has a task too, the watch: it is not among them.
        assert_eq!(told().snapshot().value(ALIVE, &[]), Some(1.0));
        task.abort();
    }

    #[test]
    fn without_a_runtime_the_process_still_tells() {
        let snapshot = told().snapshot();
        assert_eq!(snapshot.value(ALIVE, &[]), None);
        assert_eq!(snapshot.total("tower_telemetry.build.info", &[]), 1.0);
        assert_eq!(snapshot.total("tower_telemetry.samples.refused", &[]), 0.0);
    }
}
