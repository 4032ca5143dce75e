//! Runtime collectors: what the process itself uses, for the metric store.
//!
//! ```
//! use tower_telemetry_metrics::Store;
//! use tower_telemetry_runtime::Process;
//!
//! let store = Store::new();
//! store.collector(Process::new());
//! # if cfg!(target_os = "linux") {
//! assert!(store.snapshot().value("process.memory.usage", &[]).is_some_and(|bytes| bytes > 0.0));
//! # }
//! ```

mod process;

pub use process::Process;
