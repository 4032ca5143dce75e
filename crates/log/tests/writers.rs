//! Lines on their way to a sink that is slow, full or broken, and to files.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use std::io::{self, Write};
use std::sync::mpsc;
use std::time::Duration;

use support::{Captured, Line};
use tower_telemetry_log::{Flush, JsonLayer, LostLines, NonBlocking};
use tracing::info;
use tracing_subscriber::prelude::*;

const PATIENCE: Duration = Duration::from_secs(30);

/// Logs `work` through this writer; how many lines the layer lost.
fn logged(lines: &NonBlocking, work: impl FnOnce()) -> LostLines {
    let layer = JsonLayer::new(lines.clone());
    let lost = layer.lost_lines();
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
    lost
}

/// A sink that writes when it is told to.
struct Gate(mpsc::Receiver<()>, Captured);

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.recv().map_err(io::Error::other)?;
        self.1.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn read(captured: &Captured) -> Vec<Line> {
    captured.texts().concat().split_inclusive('\n').map(|line| Line::read(line.to_owned())).collect()
}

#[test]
fn lines_arrive_in_order_and_a_flush_waits_for_them() {
    let captured = Captured::default();
    let lines = NonBlocking::new(captured.clone()).unwrap();
    let lost = logged(&lines, || (0..10_000).for_each(|n| info!(n)));
    assert_eq!((lines.flush(PATIENCE), lost.count()), (Flush::Done, 0));
    let told: Vec<_> = read(&captured).iter().map(|line| line.fields["n"].as_u64().unwrap()).collect();
    assert!(told.iter().copied().eq(0..10_000));
}

#[test]
fn whoever_logs_does_not_wait_and_what_finds_no_room_is_counted() {
    let (open, gate) = mpsc::channel();
    let captured = Captured::default();
    let lines = NonBlocking::with_capacity(Gate(gate, captured.clone()), 4_096).unwrap();
    // The sink hangs, and still this comes to an end.
    let lost = logged(&lines, || (0..1_000).for_each(|n| info!(n)));
    assert_eq!(lines.flush(Duration::ZERO), Flush::TimedOut);
    drop(lines.clone());
    (0..3).for_each(|_| open.send(()).unwrap());
    assert_eq!(lines.flush(PATIENCE), Flush::Done);
    let told = read(&captured).len() as u64;
    assert!(lost.count() > 0 && told > 0);
    assert_eq!(told + lost.count(), 1_000);
    assert_eq!(lines.lost_lines().count(), 0);
}

#[test]
fn lines_that_the_sink_refuses_are_counted_and_it_is_asked_again() {
    struct Moody(u32, Captured);
    impl Write for Moody {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1 => Err(io::ErrorKind::StorageFull.into()),
                2 => panic!("a sink may have faults"),
                _ => self.1.write(bytes),
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let captured = Captured::default();
    let lines = NonBlocking::new(Moody(0, captured.clone())).unwrap();
    for n in 0..3 {
        logged(&lines, || info!(n));
        assert_eq!(lines.flush(PATIENCE), Flush::Done);
    }
    assert_eq!(lines.lost_lines().count(), 2);
    assert_eq!(read(&captured).iter().map(|line| line.json("n")).collect::<Vec<_>>(), ["2"]);
}

#[test]
fn the_last_handle_ends_the_thread_after_the_last_line() {
    struct Ended(mpsc::Sender<usize>, usize);
    impl Write for Ended {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.send(self.1).unwrap();
        }
    }
    let (sender, ended) = mpsc::channel();
    let mut lines = NonBlocking::new(Ended(sender, 0)).unwrap();
    lines.write_all(b"last\n").unwrap();
    drop(lines);
    assert_eq!(ended.recv_timeout(PATIENCE), Ok(5));
}

#[cfg(feature = "file")]
mod file {
    use tower_telemetry_log::{LogFile, Rotation};

    use super::*;

    #[test]
    fn a_file_is_appended_to_under_its_name() {
        let directory = std::env::temp_dir().join(format!("tower-telemetry-log-{}", std::process::id()));
        for n in 0..2 {
            let file = LogFile::new(&directory, "shop").with_rotation(Rotation::Never).open().unwrap();
            let lines = NonBlocking::new(file).unwrap();
            logged(&lines, || info!(n));
            assert_eq!(lines.flush(PATIENCE), Flush::Done);
        }
        let text = std::fs::read_to_string(directory.join("shop.json")).unwrap();
        let daily = LogFile::new(&directory, "day").with_kept(2).open().unwrap();
        drop(daily);
        let names: Vec<_> =
            std::fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        std::fs::remove_dir_all(&directory).unwrap();
        let told: Vec<_> =
            text.split_inclusive('\n').map(|line| Line::read(line.to_owned()).json("n")).collect();
        assert_eq!(told, ["0", "1"]);
        let is_daily = |name: &str| name.starts_with("day.2") && name.ends_with(".json") && name.len() == 19;
        assert!(names.iter().any(|name| is_daily(name.to_str().unwrap())), "{names:?}");
    }

    #[test]
    fn a_directory_that_cannot_be_made_is_an_error_that_names_it() {
        let error = LogFile::new("/dev/null/logs", "shop").open().unwrap_err();
        assert_eq!(error.to_string(), "no log file can be kept in /dev/null/logs");
        assert!(std::error::Error::source(&error).is_some());
    }
}
