//! What a process, its tokio runtime and its worker pools tell of themselves, and whether its tasks leak.
//!
//! ```
//! use tower_telemetry_metrics::Store;
//! use tower_telemetry_runtime::{Process, TokioRuntime};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store = Store::new();
//! store.collector(Process::new());
//! store.collector(TokioRuntime::current().expect("called on a runtime"));
//! # if cfg!(target_os = "linux") {
//! assert!(store.snapshot().value("process.memory.usage", &[]).is_some_and(|bytes| bytes > 0.0));
//! # }
//! assert_eq!(store.snapshot().value("tower_telemetry.runtime.workers", &[]), Some(1.0));
//! # }
//! ```
//!
//! Tasks that are spawned through this crate are counted by the place that spawns them, so that a leak is told with
//! its place:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), tokio::task::JoinError> {
//! use tower_telemetry_runtime as runtime;
//!
//! runtime::spawn(async { "work" }).await?; // in place of `tokio::spawn`
//!
//! let mut set = tokio::task::JoinSet::new();
//! set.spawn(runtime::counted(async { "work" })); // with whatever else spawns
//! set.spawn(runtime::connection(async { "a socket" })); // as many as there are peers: no leak
//! # set.join_all().await;
//! # Ok(())
//! # }
//! ```
//!
//! - **[`Process`]**, **[`TokioRuntime`]**, **[`BuildInfo`]** are collectors: they read when somebody looks.
//! - **[`TaskWatch`]** looks once a second for tasks that leak; [`leak`] tells by which rules.
//! - **[`Pool`]** tells how much work waits for a worker, and for how long.
//! - **Emits** `process.*`, `tower_telemetry.build.info` and `tower_telemetry.runtime.*`: the names stand in
//!   [`names`](tower_telemetry_core::names).
//! - **Costs** a lookup without a lock and a handful of atomic operations for each counted task, and a look at every
//!   place once a second.

mod build_info;
mod busy;
pub mod leak;
mod pool;
mod process;
mod tasks;
mod tokio_runtime;
mod watch;

pub use build_info::BuildInfo;
pub use pool::{Pool, Ticket};
pub use process::Process;
pub use tasks::{Counted, Tasks, connection, counted, spawn};
pub use tokio_runtime::TokioRuntime;
pub use watch::{LeakReport, SiteReport, TaskWatch};
