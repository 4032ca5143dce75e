//! A thread of its own for telemetry: it answers and exports while the application's runtime is busy.

use std::future::Future;
use std::thread::JoinHandle;

use tokio::runtime::{Builder, EnterGuard, Handle};
use tokio::sync::oneshot;

use crate::error::InitError;

/// The telemetry thread, with a runtime of one thread.
#[derive(Debug)]
pub(crate) struct Background {
    handle: Handle,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Background {
    pub(crate) fn start() -> Result<Self, InitError> {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(InitError::Background)?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name("tower-telemetry".into())
            .spawn(move || {
                // An error here means that the other end is gone: that is a stop, too.
                let _ = runtime.block_on(stopped);
            })
            .map_err(InitError::Background)?;
        Ok(Self { handle, stop, thread })
    }

    #[cfg_attr(not(feature = "otlp"), allow(dead_code, reason = "only an exporter is made on the runtime"))]
    pub(crate) fn enter(&self) -> EnterGuard<'_> {
        self.handle.enter()
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.handle.spawn(task));
    }

    /// Stops the thread, after what it is doing; its tasks are dropped.
    pub(crate) fn stop(self) {
        let Self { handle: _, stop, thread } = self;
        drop(stop);
        // A panic of the thread has been printed by its hook; there is nobody to tell it to here.
        let _ = thread.join();
    }
}
