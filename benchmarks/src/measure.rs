//! CPU time, wall time and allocations.

use std::{
    hint::{black_box, spin_loop},
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

use cpu_time::ThreadTime;
use stats_alloc::Stats;

use crate::{ALLOCATOR, Result, case::Readings};

/// Repetitions that warm caches and make what is made once.
pub(crate) const WARM_UP: usize = 10_000;
/// Parts of a measurement.
const PARTS: usize = 40;
/// Repetitions between two meetings of threads: so few that they mostly fit between two decisions of the scheduler.
const BATCH: usize = 5_000;

/// What one repetition costs, by the clock of this thread and by the allocator.
///
/// Of the CPU time, the median of some parts counts: a neighbour who takes the caches for a while is in few of them.
pub(crate) fn each(times: usize, mut repeat: impl FnMut(usize)) -> Readings {
    (0..WARM_UP.min(times)).for_each(&mut repeat);
    let part = times.div_ceil(PARTS);
    let (mut spent, mut done) = (Vec::with_capacity(PARTS), 0);
    let before = ALLOCATOR.stats();
    while done < times {
        let next = times.min(done + part);
        let cpu = ThreadTime::now();
        repeatedly(done..next, &mut repeat);
        spent.push(per(cpu.elapsed(), next - done));
        done = next;
    }
    let after = ALLOCATOR.stats();
    let allocations = calls(after) - calls(before);
    let bytes = after.bytes_allocated - before.bytes_allocated;
    spent.sort_unstable_by(f64::total_cmp);
    vec![
        ("cpu_ns", spent.get(spent.len() / 2).copied().unwrap_or_default()),
        ("allocs", allocations as f64 / times as f64),
        ("bytes", bytes as f64 / times as f64),
    ]
}

/// The repetitions that count: a function with this name, since callgrind collects between its call and its return.
#[inline(never)]
fn repeatedly(times: Range<usize>, mut repeat: impl FnMut(usize)) {
    times.for_each(&mut repeat);
}

/// What one repetition costs a thread while so many do the same at once, each on a core of its own.
///
/// Threads that take turns do not contend, and a busy machine makes them: of many short batches, those count in which
/// the threads ran most at once. `parallel` says how much that was: the CPU time of all in a unit of wall time, from
/// the first start to the last end.
///
/// # Errors
///
/// A thread panicked, or there are fewer cores than threads.
pub(crate) fn each_of(threads: usize, times: usize, repeat: impl Fn(usize) + Sync) -> Result<Readings> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let cores = cores.get(..threads).ok_or("there are fewer cores than threads")?;
    let (ready, batches) = (AtomicUsize::new(0), times / BATCH);
    let one = |core| {
        core_affinity::set_for_current(core);
        (0..WARM_UP).for_each(&repeat);
        let timed = |batch| {
            // Not a `Barrier`: who sleeps there wakes when the other is half done.
            ready.fetch_add(1, Relaxed);
            while ready.load(Relaxed) < (batch + 1) * threads {
                spin_loop();
            }
            let (cpu, start) = (ThreadTime::now(), now());
            (0..BATCH).for_each(&repeat);
            Part { cpu: cpu.elapsed(), start, end: now() }
        };
        (0..batches).map(timed).collect::<Vec<_>>()
    };
    let parts: Vec<Vec<Part>> = thread::scope(|scope| {
        let running: Vec<_> = cores.iter().map(|core| scope.spawn(|| one(*core))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a thread panicked".into()))
            .collect::<Result<_>>()
    })?;
    let mut batches: Vec<Batch> = (0..batches).filter_map(|index| Batch::of(&parts, index)).collect();
    batches.sort_by(|one, other| other.parallel.total_cmp(&one.parallel));
    batches.truncate((batches.len() / 4).max(1));
    batches.sort_by_key(|batch| batch.cpu);
    let Batch { cpu, wall, parallel } = batches.get(batches.len() / 2).copied().ok_or("there is no batch")?;
    Ok(vec![("cpu_ns", per(cpu, BATCH * threads)), ("wall_ns", per(wall, BATCH)), ("parallel", parallel)])
}

/// What one thread did in a batch.
#[derive(Debug, Clone, Copy)]
struct Part {
    cpu: Duration,
    start: Instant,
    end: Instant,
}

/// What all threads did in a batch.
#[derive(Debug, Clone, Copy)]
struct Batch {
    cpu: Duration,
    wall: Duration,
    parallel: f64,
}

impl Batch {
    fn of(parts: &[Vec<Part>], index: usize) -> Option<Self> {
        let parts = || parts.iter().filter_map(|thread| thread.get(index));
        let start = parts().map(|part| part.start).min()?;
        let (cpu, wall) = (parts().map(|part| part.cpu).sum(), parts().map(|part| part.end).max()? - start);
        Some(Self { cpu, wall, parallel: Duration::as_secs_f64(&cpu) / wall.as_secs_f64() })
    }
}

/// The median CPU time of so many runs, and what the run answered.
pub(crate) fn median_of<T>(times: usize, mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut answer = black_box(run());
    let mut spent = Vec::with_capacity(times);
    for _ in 0..times.max(1) {
        let cpu = ThreadTime::now();
        answer = black_box(run());
        spent.push(cpu.elapsed());
    }
    spent.sort_unstable();
    (spent.get(spent.len() / 2).copied().unwrap_or_default(), answer)
}

/// What the heap holds more of once something was made.
pub(crate) fn held_by<T>(make: impl FnOnce() -> T) -> (isize, T) {
    let before = held();
    let made = make();
    (held() - before, made)
}

/// The clock.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn held() -> isize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated.cast_signed() - stats.bytes_deallocated.cast_signed()
}

/// A vector that grows asks the allocator, too.
fn calls(stats: Stats) -> usize {
    stats.allocations + stats.reallocations
}

fn per(spent: Duration, times: usize) -> f64 {
    spent.as_nanos() as f64 / times as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_that_took_turns_were_not_parallel() {
        let (start, ms) = (now(), Duration::from_millis(1));
        let part = |from: u32| Part { cpu: ms, start: start + ms * from, end: start + ms * (from + 1) };
        let parallel = |other| Batch::of(&[vec![part(0)], vec![part(other)]], 0).map(|batch| batch.parallel);
        assert_eq!(parallel(0), Some(2.0));
        assert_eq!(parallel(1), Some(1.0));
        assert_eq!(parallel(3), Some(0.5));
    }
}
