//! What Loki answers, and what becomes of the lines.

use std::time::Duration;

use super::rig::{Rig, messages};
use crate::loki::counts::{Counts, Reason};
use crate::loki::receiver::{POISON, Receiver, Scripted};

const SECOND: Duration = Duration::from_secs(1);
const INFO: usize = 2;
const ERROR: usize = 4;

/// What becomes of twenty lines where Loki begins with these answers.
async fn check(script: &[Scripted], time: Duration) -> (Receiver, Counts) {
    let loki = Receiver::default();
    loki.with(|state| state.script.extend(script));
    let counts = Rig::run(&loki, None, async |rig| {
        (0..20).for_each(|n| rig.tell(INFO, &n.to_string()));
        rig.pass(time).await;
    })
    .await;
    assert_eq!(loki.with(|state| state.complaints.clone()), [""; 0]);
    assert_eq!(counts.waiting(), [0; 5], "{counts:?}");
    (loki, counts)
}

fn all() -> Vec<String> {
    (0..20).map(|n| n.to_string()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_pushed_a_second_after_its_first_line_at_most() {
    let loki = Receiver::default();
    let counts = Rig::run(&loki, None, async |rig| {
        rig.tell(INFO, "one");
        rig.pass(SECOND + Duration::from_millis(1)).await;
        assert_eq!(messages(&rig.loki), ["one"]);
    })
    .await;
    assert_eq!((counts.pushed, counts.pushes.success), ([0, 0, 1, 0, 0], 1));
    let stored = loki.with(|state| state.streams.values().next().unwrap()[0].clone());
    assert_eq!(stored.metadata["pod"], "pod-1");
    assert_eq!(stored.metadata["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(loki.with(|state| state.streams.keys().next().cloned()).unwrap(), "{service_name=\"shop\"}");
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_does_not_wait() {
    let loki = Receiver::default();
    Rig::run(&loki, None, async |rig| {
        let long = "x".repeat(8_000);
        (0..140).for_each(|_| rig.tell(INFO, &long));
        rig.pass(Duration::from_millis(1)).await;
        assert!(rig.loki.lines().len() > 100, "{}", rig.loki.lines().len());
    })
    .await;
    assert_eq!((loki.lines().len(), loki.with(|state| state.answers.clone())), (140, vec![204, 204]));
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_tried_again() {
    for status in [429, 500, 502, 503, 599] {
        let (loki, counts) = check(&[(status, None), (status, None)], 10 * SECOND).await;
        assert_eq!(messages(&loki), all());
        assert_eq!(loki.with(|state| state.answers.clone()), [status, status, 204]);
        assert_eq!((counts.pushes.retry, counts.pushes.success), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_during_a_push_waits_for_others() {
    let loki = Receiver::default();
    loki.with(|state| state.script.push_back((503, None)));
    Rig::run(&loki, None, async |rig| {
        rig.tell(INFO, "one");
        while rig.loki.with(|state| state.answers.is_empty()) {
            rig.pass(SECOND / 20).await;
        }
        rig.tell(INFO, "two");
        while rig.loki.with(|state| state.answers.len()) < 2 {
            rig.pass(SECOND / 20).await;
        }
        rig.pass(SECOND / 2).await;
        assert_eq!(messages(&rig.loki), ["one"]);
        rig.pass(SECOND).await;
        assert_eq!(messages(&rig.loki), ["one", "two"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn loki_says_when_to_come_again() {
    let loki = Receiver::default();
    loki.with(|state| state.script.push_back((429, Some("60"))));
    Rig::run(&loki, None, async |rig| {
        rig.tell(INFO, "one");
        rig.pass(60 * SECOND).await;
        assert!(messages(&rig.loki).is_empty());
        rig.pass(2 * SECOND).await;
        assert_eq!(messages(&rig.loki), ["one"]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn ten_attempts_are_enough_where_no_spool_is() {
    let script = [(503, None); 10];
    let (loki, counts) = check(&script, 600 * SECOND).await;
    assert_eq!(loki.with(|state| state.answers.len()), 10);
    assert_eq!(counts.dropped(Reason::Unreachable), [0, 0, 20, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn what_is_neither_success_nor_passes_drops_the_batch() {
    // 260: ingestion is blocked. It is no success, and clients are not to come again.
    for status in [200, 260, 301, 401, 403, 404, 422] {
        let (loki, counts) = check(&[(status, None)], 10 * SECOND).await;
        assert_eq!(loki.with(|state| state.answers.clone()), [status]);
        assert_eq!((counts.dropped(Reason::Refused), counts.pushes.refused), ([0, 0, 20, 0, 0], 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_line_that_is_refused_is_found_and_dropped_alone() {
    let loki = Receiver::default();
    let counts = Rig::run(&loki, None, async |rig| {
        for n in 0..1_000 {
            match n {
                0 | 500 | 501 => rig.tell(INFO, POISON),
                999 => rig.tell(ERROR, POISON),
                n => rig.tell(INFO, &n.to_string()),
            }
        }
        rig.pass(2 * SECOND).await;
    })
    .await;
    let expected: Vec<_> = (0..999).filter(|n| ![0, 500, 501].contains(n)).map(|n| n.to_string()).collect();
    assert_eq!(messages(&loki), expected);
    assert_eq!(loki.with(|state| state.complaints.clone()), [""; 0]);
    assert_eq!(counts.dropped(Reason::Refused), [0, 0, 3, 0, 1]);
    assert_eq!(counts.pushed, [0, 0, 996, 0, 0]);
    assert!(loki.with(|state| state.answers.len()) < 80, "{:?}", loki.with(|state| state.answers.len()));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_too_large_goes_in_parts() {
    let loki = Receiver::default();
    loki.with(|state| state.largest = Some(1_000));
    let counts = Rig::run(&loki, None, async |rig| {
        (0..100).for_each(|n| rig.tell(INFO, &n.to_string()));
        rig.tell(INFO, &"x".repeat(2_000));
        rig.pass(2 * SECOND).await;
    })
    .await;
    assert_eq!(messages(&loki), (0..100).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!((counts.pushed, counts.dropped(Reason::Refused)), ([0, 0, 100, 0, 0], [0, 0, 1, 0, 0]));
}

#[tokio::test(start_paused = true)]
async fn a_loki_that_refuses_every_line_is_not_asked_for_ever() {
    let loki = Receiver::default();
    loki.with(|state| state.largest = Some(0));
    let counts = Rig::run(&loki, None, async |rig| {
        (0..5_000).for_each(|n| rig.tell(INFO, &n.to_string()));
        rig.pass(2 * SECOND).await;
    })
    .await;
    assert_eq!(counts.dropped(Reason::Refused), [0, 0, 5_000, 0, 0]);
    assert!(loki.with(|state| state.answers.len()) <= 1_025);
}

#[tokio::test(start_paused = true)]
async fn the_end_pushes_what_waits_and_does_not_wait_for_nobody() {
    let loki = Receiver::default();
    Rig::run(&loki, None, async |rig| rig.tell(INFO, "last")).await;
    assert_eq!(messages(&loki), ["last"]);

    loki.with(|state| state.is_away = true);
    let started = tokio::time::Instant::now();
    let counts = Rig::run(&loki, None, async |rig| rig.tell(INFO, "lost")).await;
    assert!(started.elapsed() < 3 * SECOND, "{:?}", started.elapsed());
    assert_eq!(counts.dropped(Reason::Unreachable), [0, 0, 1, 0, 0]);
}

#[tokio::test(start_paused = true)]
async fn the_end_waits_for_who_is_busy_but_not_for_ever() {
    let loki = Receiver::default();
    loki.with(|state| state.script.extend([(503, None); 4]));
    Rig::run(&loki, None, async |rig| rig.tell(INFO, "late")).await;
    assert_eq!(messages(&loki), ["late"]);

    loki.with(|state| state.script.extend([(503, Some("20")); 9]));
    let started = tokio::time::Instant::now();
    let counts = Rig::run(&loki, None, async |rig| rig.tell(INFO, "lost")).await;
    assert!((29..31).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
    assert_eq!(counts.dropped(Reason::Shutdown), [0, 0, 1, 0, 0]);
}
