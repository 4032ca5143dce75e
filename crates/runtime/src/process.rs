//! CPU, memory, threads and file descriptors of this process.

use std::time::{Duration, SystemTime};

use tower_telemetry_core::names::metric;
use tower_telemetry_metrics::{Collect, Descriptor, Sample};

const CPU_TIME: Descriptor = Descriptor::of(metric::PROCESS_CPU_TIME);
const MEMORY: Descriptor = Descriptor::of(metric::PROCESS_MEMORY_USAGE);
const THREADS: Descriptor = Descriptor::of(metric::PROCESS_THREAD_COUNT);
const DESCRIPTORS: Descriptor = Descriptor::of(metric::PROCESS_OPEN_FILE_DESCRIPTORS);
const UPTIME: Descriptor = Descriptor::of(metric::PROCESS_UPTIME);

/// The collector of process metrics. It reads the operating system when somebody looks, on the
/// thread that looks; what the system does not tell is left out.
#[derive(Debug, Default)]
pub struct Process(());

impl Process {
    /// The collector.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

impl Collect for Process {
    fn collect(&self, out: &mut dyn FnMut(Sample<'_>)) {
        let process = metrics_process::collector::collect();
        if let Some(seconds) = process.cpu_seconds_total {
            out(Sample::counter(&CPU_TIME, &[], seconds));
        }
        if let Some(bytes) = process.resident_memory_bytes {
            out(Sample::gauge(&MEMORY, &[], bytes));
        }
        if let Some(threads) = process.threads {
            out(Sample::gauge(&THREADS, &[], threads));
        }
        if let Some(descriptors) = process.open_fds {
            out(Sample::gauge(&DESCRIPTORS, &[], descriptors));
        }
        if let Some(started) = process.start_time_seconds {
            #[allow(clippy::disallowed_methods, reason = "an age is told against the time of day")]
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
            let uptime = now.saturating_sub(Duration::from_secs(started));
            out(Sample::gauge(&UPTIME, &[], uptime.as_secs_f64()));
        }
    }
}
