//! Assertions that fail with a sentence.

use tower_telemetry_core::{Ending, Verdict};

use crate::recorder::{Record, Recorder};

impl<const N: u32> Recorder<N> {
    /// The one exchange that was recorded.
    ///
    /// # Panics
    /// If there was none or there were more, or if it has not ended.
    #[must_use]
    #[track_caller]
    pub fn only_record(&self) -> Record {
        let (started, mut records) = (self.started(), self.records());
        match (started, records.len(), records.pop()) {
            (1, 1, Some(record)) => record,
            (started, ended, _) => fail(&format!(
                "expected exactly one exchange, started and ended once, but {started} started and {ended} ended"
            )),
        }
    }

    /// Asserts that the one recorded exchange ended so, and was judged so.
    ///
    /// # Panics
    /// If it was not.
    #[track_caller]
    pub fn assert_told(&self, ending: Ending, verdict: Verdict) {
        let told = self.only_record().outcome;
        if (told.ending, told.verdict) != (ending, verdict) {
            fail(&format!(
                "expected an exchange that was {} and judged {}, but it was {} and judged {}",
                ending.as_str(),
                verdict.as_str(),
                told.ending.as_str(),
                told.verdict.as_str()
            ));
        }
    }

    /// Asserts that every exchange that began has ended.
    ///
    /// # Panics
    /// If one has not, or one has ended twice.
    #[track_caller]
    pub fn assert_nothing_in_flight(&self) {
        let (started, ended) = (self.started(), self.ended());
        if started != ended {
            fail(&format!("{started} exchanges started, but {ended} ended"));
        }
    }

    /// Asserts that every start, head, frame and ending was told while the exchange was current.
    ///
    /// # Panics
    /// If one was not.
    #[track_caller]
    pub fn assert_always_current(&self) {
        if let Some(event) = self.events().into_iter().find(|event| !event.is_current) {
            fail(&format!(
                "exchange {} was not current when it was told of {:?}",
                event.exchange, event.moment
            ));
        }
    }
}

#[track_caller]
#[allow(clippy::panic, reason = "an assertion")]
fn fail(sentence: &str) -> ! {
    panic!("{sentence}")
}
