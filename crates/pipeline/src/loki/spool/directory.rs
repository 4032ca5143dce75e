//! The files of a spool: segments, the position up to which they are done, and a lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const EXTENSION: &str = "seg";
const LOCK: &str = "lock";
const POSITION: &str = "position";
/// The id below which all is done, and its checksum.
const SLOT: usize = 8 + 4;

/// A directory that this process alone uses.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    /// Held as long as the file is open.
    _lock: File,
    position: File,
    writes: u64,
}

impl Directory {
    /// Makes it where there is none. Log lines are for their owner's eyes.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where another process uses it; whatever the system says.
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(&path)?;
        let lock = private().create(true).write(true).truncate(false).open(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let position =
            private().create(true).read(true).write(true).truncate(false).open(path.join(POSITION))?;
        Ok(Self { path, _lock: lock, position, writes: 0 })
    }

    /// The segments, by the first id of each, in order.
    pub(crate) fn segments(&self) -> io::Result<Vec<u64>> {
        let mut segments = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                segments.extend::<Option<u64>>(number);
            }
        }
        segments.sort_unstable();
        Ok(segments)
    }

    /// A new segment, to be written at its end.
    pub(crate) fn create(&self, first: u64) -> io::Result<File> {
        private().create(true).append(true).open(self.segment(first))
    }

    /// A segment to be read.
    pub(crate) fn read(&self, first: u64) -> io::Result<File> {
        File::open(self.segment(first))
    }

    /// Cuts a segment behind what is whole.
    pub(crate) fn cut(&self, first: u64, length: u64) -> io::Result<()> {
        OpenOptions::new().write(true).open(self.segment(first))?.set_len(length)
    }

    pub(crate) fn remove(&self, first: u64) -> io::Result<()> {
        fs::remove_file(self.segment(first))
    }

    /// The id below which all is done. It may be a little behind, never ahead.
    pub(crate) fn position(&mut self) -> u64 {
        let mut bytes = Vec::new();
        let read = self.position.seek(SeekFrom::Start(0)).and_then(|_| self.position.read_to_end(&mut bytes));
        let slots = bytes.chunks_exact(SLOT).filter_map(|slot| {
            let (id, crc) = slot.split_first_chunk()?;
            (crc32c::crc32c(id).to_le_bytes() == crc).then(|| u64::from_le_bytes(*id))
        });
        read.map(|_| slots.max().unwrap_or_default()).unwrap_or_default()
    }

    /// Writes it over the older of two, so that a torn write leaves the other.
    pub(crate) fn set_position(&mut self, id: u64) -> io::Result<()> {
        let mut slot = id.to_le_bytes().to_vec();
        slot.extend(crc32c::crc32c(&slot).to_le_bytes());
        self.writes += 1;
        self.position.seek(SeekFrom::Start(self.writes % 2 * SLOT as u64))?;
        self.position.write_all(&slot)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn segment(&self, first: u64) -> PathBuf {
        self.path.join(format!("{first:020}.{EXTENSION}"))
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
