//! Ten minutes without Loki, at 5,000 lines in a second.

use std::time::Duration;

use super::rig::{Folder, Rig, messages};
use crate::loki::counts::{Counts, Reason};
use crate::loki::receiver::Receiver;

const SECOND: Duration = Duration::from_secs(1);
const TICK: Duration = Duration::from_millis(100);
/// Lines in a tick.
const LINES: usize = 500;
const MINUTE: usize = 600;

/// Ten seconds with Loki, ten minutes without, and as long as it takes with it again.
async fn outage(rig: &Rig) -> usize {
    let mut told = 0;
    for (ticks, is_away) in [(MINUTE / 6, false), (10 * MINUTE, true), (MINUTE / 6, false)] {
        rig.loki.with(|state| state.is_away = is_away);
        for _ in 0..ticks {
            for _ in 0..LINES {
                // One error, two warnings and seven others of ten.
                rig.tell([4, 3, 3, 2, 2, 2, 1, 1, 0, 0][told % 10], &told.to_string());
                told += 1;
            }
            rig.pass(TICK).await;
            assert!(rig.queue.size() <= rig.queue.capacity(), "memory is bounded");
        }
    }
    // Half of a wait of five minutes may be left.
    rig.pass(400 * SECOND).await;
    told
}

fn sum(lines: [u64; 5]) -> u64 {
    lines.iter().sum()
}

#[track_caller]
fn is_in_order(loki: &Receiver) -> usize {
    assert_eq!(loki.with(|state| state.complaints.clone()), [""; 0]);
    let numbers: Vec<u64> = messages(loki).iter().map(|text| text.parse().unwrap()).collect();
    assert!(numbers.is_sorted(), "order is kept");
    numbers.len()
}

#[tokio::test(start_paused = true)]
async fn with_a_spool_nothing_is_lost_and_order_is_kept() {
    let (loki, folder) = (Receiver::default(), Folder::new());
    let mut told = 0;
    let counts = Rig::run(&loki, Some(&folder), async |rig| {
        told = outage(rig).await;
    })
    .await;
    assert_eq!(told, 3_100_000);
    assert_eq!(is_in_order(&loki), told);
    assert_eq!((sum(counts.told), sum(counts.pushed)), (told as u64, told as u64));
    assert_eq!(counts.spool.failures, 0);
    assert_eq!(counts.spool.size, 0, "nothing is left on disk");
}

#[tokio::test(start_paused = true)]
async fn without_a_spool_the_drops_are_what_the_counter_says() {
    let loki = Receiver::default();
    let mut told = 0;
    let counts = Rig::run(&loki, None, async |rig| {
        told = outage(rig).await;
    })
    .await;
    let stored = is_in_order(&loki);
    let dropped: u64 = Reason::ALL.into_iter().map(|reason| sum(counts.dropped(reason))).sum();
    assert_eq!((stored as u64 + dropped, stored as u64), (told as u64, sum(counts.pushed)));
    let [trace, debug, info, warn, error] = counts.dropped(Reason::QueueFull);
    assert!(
        dropped > 1_000_000 && error < warn && warn < info && info < 2 * debug && debug <= trace + debug / 10,
        "{counts:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn the_spool_survives_the_process() {
    let (loki, folder) = (Receiver::default(), Folder::new());
    loki.with(|state| state.is_away = true);
    let tell = async |rig: &Rig, range: std::ops::Range<usize>| {
        for n in range {
            rig.tell(2, &n.to_string());
            rig.pass(TICK).await;
        }
    };
    let before: Counts = Rig::run(&loki, Some(&folder), async |rig| tell(rig, 0..100).await).await;
    assert_eq!((sum(before.pushed), sum(before.waiting())), (0, 100), "they wait on disk");

    loki.with(|state| state.is_away = false);
    let after = Rig::run(&loki, Some(&folder), async |rig| tell(rig, 100..150).await).await;
    assert_eq!((sum(after.told), sum(after.pushed)), (150, 150), "those of before are told, too");
    assert_eq!(is_in_order(&loki), 150);
}

#[tokio::test(start_paused = true)]
async fn an_end_without_warning_loses_what_the_spool_had_no_time_for() {
    let (loki, folder) = (Receiver::default(), Folder::new());
    loki.with(|state| state.is_away = true);
    let killed = Rig::run(&loki, Some(&folder), async |rig| {
        for n in 0..100 {
            rig.tell(2, &n.to_string());
            rig.pass(TICK).await;
        }
        std::future::pending::<()>().await;
    });
    // It is dropped in the middle: nothing is flushed or closed.
    assert!(tokio::time::timeout(Duration::from_millis(10_020), killed).await.is_err());

    loki.with(|state| state.is_away = false);
    Rig::run(&loki, Some(&folder), async |_| {}).await;
    let stored = is_in_order(&loki);
    assert!((95..=100).contains(&stored), "{stored} of 100");
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_fails_keeps_no_line_from_a_loki_that_is_there() {
    let (loki, folder) = (Receiver::default(), Folder::new());
    let counts = Rig::run(&loki, Some(&folder), async |rig| {
        // No segment can be made any more.
        std::fs::remove_dir_all(folder.path()).unwrap();
        for n in 0..100 {
            rig.tell(2, &n.to_string());
            rig.pass(TICK).await;
        }
    })
    .await;
    assert_eq!(is_in_order(&loki), 100);
    assert!(counts.spool.failures > 0);
    assert_eq!((sum(counts.pushed), sum(counts.waiting())), (100, 0));
}

#[tokio::test(start_paused = true)]
async fn without_disk_and_loki_every_line_is_counted() {
    let (loki, folder) = (Receiver::default(), Folder::new());
    loki.with(|state| state.is_away = true);
    let counts = Rig::run(&loki, Some(&folder), async |rig| {
        std::fs::remove_dir_all(folder.path()).unwrap();
        for n in 0..100 {
            rig.tell(2, &n.to_string());
            rig.pass(TICK).await;
        }
    })
    .await;
    let dropped: u64 = Reason::ALL.into_iter().map(|reason| sum(counts.dropped(reason))).sum();
    assert_eq!((sum(counts.told), dropped, sum(counts.waiting())), (100, 100, 0), "{counts:?}");
}
