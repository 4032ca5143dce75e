//! Where it goes and in which portions, as the environment says.

use std::time::Duration;

use super::load::Load;
use crate::error::InitError;
use crate::otlp::{Backoff, Destination, millis, number};
use crate::settings::Environment;

const TIMEOUT: Duration = Duration::from_secs(30);
/// A batch is tried as long as there is patience.
const BACKOFF: Backoff =
    Backoff { attempts: u32::MAX, first: Duration::from_secs(1), longest: Duration::from_secs(10) };
const CAPACITY: usize = 2048;
const BATCH: usize = 512;

/// All that can be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) destination: Destination,
    /// How many may wait.
    pub(crate) capacity: usize,
    /// How many travel together.
    pub(crate) batch: usize,
    /// How long one waits for others.
    pub(crate) delay: Duration,
    /// How long a batch is tried, all attempts and the pauses between them together.
    pub(crate) patience: Duration,
    /// The pauses.
    pub(crate) backoff: Backoff,
}

impl Settings {
    /// Reads them; `None` where nobody wants the signal.
    pub(crate) fn of<L: Load>(environment: Environment) -> Result<Option<Self>, InitError> {
        let Some(destination) = Destination::of(environment, L::SIGNAL)? else { return Ok(None) };
        let variables = L::VARIABLES;
        let capacity = number(environment, variables.capacity)?.unwrap_or(CAPACITY);
        let batch = number(environment, variables.batch)?;
        if let Some(batch) = batch.filter(|batch| *batch > capacity) {
            return Err(InitError::Environment {
                variable: variables.batch,
                value: batch.to_string(),
                expected: variables.batch_expected,
            });
        }
        Ok(Some(Self {
            destination,
            capacity,
            batch: batch.unwrap_or(BATCH).min(capacity),
            delay: millis(environment, variables.delay)?.unwrap_or(variables.default_delay),
            patience: millis(environment, variables.patience)?.unwrap_or(TIMEOUT),
            backoff: BACKOFF,
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use opentelemetry_sdk::trace::SpanData;

    use super::*;
    use crate::otlp_logs::Record;

    const DELAY: Duration = Duration::from_secs(5);

    fn of(read: fn(&'static str) -> Option<String>) -> Result<Option<Settings>, String> {
        Settings::of::<SpanData>(Environment::of(read)).map_err(|error| error.to_string())
    }

    fn at(name: &'static str) -> Option<String> {
        (name == "OTEL_EXPORTER_OTLP_ENDPOINT").then(|| "http://c:4318".into())
    }

    #[test]
    fn the_defaults_are_those_of_the_specification() {
        let settings = of(at).unwrap().unwrap();
        assert_eq!((settings.capacity, settings.batch), (2048, 512));
        assert_eq!((settings.delay, settings.patience), (DELAY, TIMEOUT));
    }

    #[test]
    fn log_records_have_variables_of_their_own() {
        let settings = Settings::of::<Record>(Environment::of(|name| match name {
            "OTEL_BLRP_MAX_QUEUE_SIZE" => Some("9".into()),
            "OTEL_BLRP_EXPORT_TIMEOUT" => Some("30".into()),
            "OTEL_BSP_SCHEDULE_DELAY" | "OTEL_BSP_MAX_QUEUE_SIZE" => Some("7".into()),
            name => at(name),
        }));
        let settings = settings.unwrap().unwrap();
        assert_eq!((settings.capacity, settings.batch), (9, 9));
        assert_eq!((settings.delay, settings.patience), (Duration::from_secs(1), Duration::from_millis(30)));
    }

    #[test]
    fn times_are_in_milliseconds() {
        let settings = of(|name| match name {
            "OTEL_BSP_SCHEDULE_DELAY" => Some("20".into()),
            "OTEL_BSP_EXPORT_TIMEOUT" => Some("30".into()),
            "OTEL_BSP_MAX_QUEUE_SIZE" => Some("40".into()),
            name => at(name),
        });
        let settings = settings.unwrap().unwrap();
        assert_eq!(
            (settings.delay, settings.patience),
            (Duration::from_millis(20), Duration::from_millis(30))
        );
        assert_eq!((settings.capacity, settings.batch), (40, 40));
    }

    #[test]
    fn a_batch_that_can_never_be_full_is_an_error() {
        let error = of(|name| match name {
            "OTEL_BSP_MAX_EXPORT_BATCH_SIZE" => Some("4096".into()),
            name => at(name),
        });
        assert!(error.unwrap_err().contains("OTEL_BSP_MAX_EXPORT_BATCH_SIZE=\"4096\""));
    }

    #[test]
    fn a_queue_without_room_is_an_error() {
        let error = of(|name| match name {
            "OTEL_BSP_MAX_QUEUE_SIZE" => Some("0".into()),
            name => at(name),
        });
        assert!(error.unwrap_err().contains("OTEL_BSP_MAX_QUEUE_SIZE=\"0\""));
    }
}
