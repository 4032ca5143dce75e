//! A writer that never waits for a disk or a pipe: a thread of its own does.

use std::io::{self, Write};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tracing_subscriber::fmt::MakeWriter;

use crate::lost::LostLines;
use crate::writer::queue::{Drained, Full, Queue};

/// The room for lines that wait, unless another is asked for: 8 MiB.
const CAPACITY: usize = 8 * 1024 * 1024;

/// Writes lines on a thread of its own, in order; whoever logs copies his line into a bounded buffer and goes on.
///
/// A line that finds no room is refused and [counted](crate::JsonLayer::lost_lines) by the layer; a line that the
/// sink fails to write is counted [here](Self::lost_lines). No memory is allocated for a line while
/// 256 KiB or fewer wait; beyond, the two buffers grow, each to the capacity at most, and stay so.
///
/// Call [`flush`](Self::flush) before the process ends: lines that still wait then are lost with it.
///
/// ```
/// use std::time::Duration;
/// use tower_telemetry_log::{JsonLayer, NonBlocking};
///
/// let lines = NonBlocking::new(std::io::stdout())?;
/// let layer = JsonLayer::new(lines.clone());
/// // tracing_subscriber::registry().with(layer).init();
/// lines.flush(Duration::from_secs(5));
/// # let _: JsonLayer<NonBlocking> = layer;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct NonBlocking {
    handle: Arc<Handle>,
}

/// Whether a [flush](NonBlocking::flush) was in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Flush {
    /// Every line that was logged before is with the sink, or counted as lost.
    Done,
    /// Lines still wait.
    TimedOut,
}

#[derive(Debug)]
struct Handle {
    queue: Arc<Queue>,
    lost: LostLines,
}

impl NonBlocking {
    /// Writes to `sink`, with room for 8 MiB of lines that wait.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn new(sink: impl Write + Send + 'static) -> io::Result<Self> {
        Self::with_capacity(sink, CAPACITY)
    }

    /// Writes to `sink`, with room for this many bytes of lines that wait. A line takes 64 KiB at most.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn with_capacity(sink: impl Write + Send + 'static, capacity: usize) -> io::Result<Self> {
        let (queue, lost) = (Arc::new(Queue::new(capacity)), LostLines::default());
        let (source, failures) = (Arc::clone(&queue), lost.clone());
        let work = move || write_all_of(&source, sink, &failures);
        thread::Builder::new().name("tower-telemetry-log".into()).spawn(work)?;
        Ok(Self { handle: Arc::new(Handle { queue, lost }) })
    }

    /// Waits until all lines logged before are written, but no longer than `patience`.
    pub fn flush(&self, patience: Duration) -> Flush {
        match self.handle.queue.drain(patience) {
            Drained::Whole => Flush::Done,
            Drained::InPart => Flush::TimedOut,
        }
    }

    /// The count of lines that the sink failed to write.
    #[must_use]
    pub fn lost_lines(&self) -> LostLines {
        self.handle.lost.clone()
    }
}

impl Write for NonBlocking {
    /// Takes a line whole.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`], if there is no room.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        (&*self).write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for &NonBlocking {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self.handle.queue.push(line) {
            Ok(()) => Ok(line.len()),
            Err(Full) => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for NonBlocking {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> &'a Self {
        self
    }
}

impl Drop for Handle {
    /// The thread ends when it has written what waits.
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn write_all_of(queue: &Queue, mut sink: impl Write, lost: &LostLines) {
    let mut batch = queue.buffer();
    while queue.take(&mut batch) {
        // A sink that panics must not end the thread: the next batch may go better.
        let write = || sink.write_all(&batch).and_then(|()| sink.flush());
        if !matches!(panic::catch_unwind(AssertUnwindSafe(write)), Ok(Ok(()))) {
            lost.add(batch.iter().filter(|byte| **byte == b'\n').count() as u64);
        }
        batch.clear();
    }
}
