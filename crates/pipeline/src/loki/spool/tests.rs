//! Batches on disk, and disks that lie.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::*;
use crate::loki::tests::Folder;

const DAY: u64 = 24 * 60 * 60;

struct Disk {
    folder: Folder,
    now: Arc<AtomicU64>,
    queue: Arc<Queue>,
}

impl Disk {
    fn new() -> Self {
        let now = Arc::new(AtomicU64::new(1_000 * DAY));
        Self { folder: Folder::new(), now, queue: Arc::new(Queue::new(1 << 20, 1 << 20)) }
    }

    fn open(&self, capacity: u64) -> Spool {
        let now = Arc::clone(&self.now);
        let wall: Wall = Arc::new(move || Duration::from_secs(now.load(Ordering::Relaxed)));
        let host = Host { wall, force: File::sync_data };
        Spool::open(self.folder.path().into(), capacity, host, Arc::clone(&self.queue)).unwrap()
    }

    fn segments(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let mut segments: Vec<_> = entries.filter(|path| path.extension().is_some()).collect();
        segments.sort();
        segments
    }
}

fn append(spool: &mut Spool, n: u8, length: usize) {
    spool.append(&[0, 0, 1, 0, 0], &vec![n; length]).unwrap();
}

/// The first byte of each body, all done.
fn drain(spool: &mut Spool) -> Vec<u8> {
    let mut taken = Vec::new();
    while let Some(Load { id, body, .. }) = spool.first() {
        taken.push(body[0]);
        spool.done(id);
    }
    taken
}

#[test]
fn batches_come_back_in_order_after_the_process() {
    let disk = Disk::new();
    let mut spool = disk.open(CAPACITY);
    (0..10).for_each(|n| append(&mut spool, n, 100));
    let first = spool.first().unwrap();
    assert_eq!((first.body[0], first.lines), (0, [0, 0, 1, 0, 0]));
    spool.done(first.id);
    spool.sync();
    drop(spool);

    let mut spool = disk.open(CAPACITY);
    append(&mut spool, 10, 100);
    assert_eq!(drain(&mut spool), (1..=10).collect::<Vec<_>>(), "what was done is not pushed again");
    spool.close();
    assert!(disk.segments().is_empty());
    drop(spool);
    let mut spool = disk.open(CAPACITY);
    append(&mut spool, 11, 100);
    assert_eq!(drain(&mut spool), [11]);
}

#[test]
fn the_torn_end_of_a_write_is_cut_at_the_start() {
    let disk = Disk::new();
    let mut spool = disk.open(CAPACITY);
    (0..3).for_each(|n| append(&mut spool, n, 100));
    drop(spool);
    let segment = disk.segments().pop().unwrap();
    let whole = fs::read(&segment).unwrap();
    let record = whole.len() / 3;
    for torn in [1, record / 2, record - 1] {
        fs::write(&segment, &whole[..2 * record + torn]).unwrap();
        let mut spool = disk.open(CAPACITY);
        assert_eq!(fs::metadata(&segment).unwrap().len(), 2 * record as u64);
        let loads: Vec<_> = std::iter::from_fn(|| spool.first()).take(1).collect();
        assert_eq!(loads[0].body[0], 0);
    }
    let damaged = disk.queue.counts().spool.damaged;
    assert_eq!(damaged, (1 + record / 2 + record - 1) as u64);
    let mut spool = disk.open(CAPACITY);
    append(&mut spool, 9, 100);
    assert_eq!(drain(&mut spool), [0, 1, 9]);
}

#[test]
fn damage_costs_its_segment_alone() {
    let disk = Disk::new();
    let mut spool = disk.open(CAPACITY);
    let large = SEGMENT as usize / 4;
    (0..9).for_each(|n| append(&mut spool, n, large));
    drop(spool);
    let segments = disk.segments();
    assert_eq!(segments.len(), 3);
    let mut bytes = fs::read(&segments[0]).unwrap();
    let place = large + large / 2;
    bytes[place] ^= 1;
    fs::write(&segments[0], bytes).unwrap();
    let mut spool = disk.open(CAPACITY);
    assert_eq!(drain(&mut spool), [0, 3, 4, 5, 6, 7, 8]);
    assert!(disk.queue.counts().spool.damaged > large as u64);
}

#[test]
fn where_there_is_no_room_the_oldest_go_and_are_counted() {
    let disk = Disk::new();
    let mut spool = disk.open(3 * SEGMENT);
    let large = SEGMENT as usize / 4;
    let sending = {
        append(&mut spool, 0, large);
        spool.first().unwrap()
    };
    (1..20).for_each(|n| append(&mut spool, n, large));
    assert!(disk.queue.counts().spool.size <= 3 * SEGMENT);
    spool.done(sending.id);
    let left = drain(&mut spool);
    assert_eq!(left.last(), Some(&19));
    assert!(left.is_sorted());
    let dropped = disk.queue.counts().dropped(Reason::SpoolFull);
    assert_eq!(dropped[2] + left.len() as u64 + 1, 20, "the one on its way is not dropped");
}

#[test]
fn what_loki_would_refuse_for_its_age_is_dropped() {
    let disk = Disk::new();
    let mut spool = disk.open(CAPACITY);
    append(&mut spool, 0, 100);
    disk.now.fetch_add(5 * DAY, Ordering::Relaxed);
    append(&mut spool, 1, 100);
    disk.now.fetch_add(DAY + 1, Ordering::Relaxed);
    assert_eq!(drain(&mut spool), [1]);
    assert_eq!(disk.queue.counts().dropped(Reason::Expired), [0, 0, 1, 0, 0]);
}

#[test]
fn a_spool_that_keeps_up_stays_small() {
    let disk = Disk::new();
    let mut spool = disk.open(CAPACITY);
    for n in 0..100 {
        append(&mut spool, n, 100_000);
        assert_eq!(drain(&mut spool), [n]);
        spool.sync();
        assert!(disk.queue.counts().spool.size <= KEPT + 200_000);
    }
}

#[test]
fn a_directory_has_one_process() {
    let disk = Disk::new();
    let _spool = disk.open(CAPACITY);
    let host = Host { wall: Arc::new(|| Duration::ZERO), force: File::sync_data };
    let second = Spool::open(disk.folder.path().into(), CAPACITY, host, Arc::clone(&disk.queue));
    assert_eq!(second.map(|_| ()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
}

#[test]
fn only_what_waits_is_forced_to_the_disk() {
    static FORCED: AtomicU64 = AtomicU64::new(0);
    let disk = Disk::new();
    let force = |_: &File| {
        FORCED.fetch_add(1, Ordering::Relaxed);
        Ok(())
    };
    let host = Host { wall: Arc::new(|| Duration::ZERO), force };
    let mut spool = Spool::open(disk.folder.path().into(), CAPACITY, host, Arc::clone(&disk.queue)).unwrap();
    append(&mut spool, 0, 100);
    assert_eq!(drain(&mut spool), [0]);
    spool.sync();
    assert_eq!(FORCED.load(Ordering::Relaxed), 0, "it was pushed by then");
    append(&mut spool, 1, 100);
    spool.sync();
    spool.sync();
    assert_eq!(FORCED.load(Ordering::Relaxed), 1, "once is enough");
}
