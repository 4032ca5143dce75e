//! A clock that steps: libfaketime tells the shop another time of day, as an administrator or a bad server would.

use std::{cell::RefCell, fmt, fs, path::PathBuf};

use crate::{Result, workspace};

const LIBRARIES: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
];
/// What the time of day is off by, in turns.
const STEPS: &[&str] = &["+0", "+1h", "-1h", "-30d", "+10y", "+0"];
/// How many looks at the shop lie between two steps.
const EVERY: usize = 5;
const FILE: &str = "target/e2e/clock";

/// A clock that can be stepped.
#[derive(Debug)]
pub(super) struct Clock {
    library: &'static str,
    file: PathBuf,
    steps: RefCell<usize>,
}

impl Clock {
    /// # Errors
    ///
    /// The library is not there.
    pub(super) fn find() -> Result<Self> {
        let library = LIBRARIES.iter().copied().find(|path| fs::exists(path).unwrap_or_default());
        let library = library.ok_or("libfaketime is missing, as in `apt-get install faketime`")?;
        let clock = Self { library, file: workspace::path(FILE), steps: RefCell::default() };
        fs::create_dir_all(clock.file.parent().ok_or("no folder")?)?;
        clock.set("+0")?;
        Ok(clock)
    }

    /// What makes a program go by this clock; time that is measured goes on as it does.
    pub(super) fn settings(&self) -> Vec<(&'static str, String)> {
        vec![
            ("LD_PRELOAD", self.library.to_owned()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.display().to_string()),
            ("FAKETIME_CACHE_DURATION", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
    }

    /// Steps at every fifth look.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn step(&self, look: usize) -> Result {
        if !look.is_multiple_of(EVERY) {
            return Ok(());
        }
        let mut steps = self.steps.borrow_mut();
        *steps += 1;
        self.set(STEPS.get(*steps % STEPS.len()).unwrap_or(&"+0"))
    }

    fn set(&self, offset: &str) -> Result {
        // Whole or not at all: the shop may be reading.
        let new = self.file.with_extension("new");
        fs::write(&new, offset)?;
        fs::rename(new, &self.file)?;
        Ok(())
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the clock stepped {} times", self.steps.borrow())
    }
}
