//! CPU time, wall time and allocations.

use std::{
    hint::black_box,
    sync::Barrier,
    thread,
    time::{Duration, Instant},
};

use cpu_time::ThreadTime;
use stats_alloc::Stats;

use crate::{ALLOCATOR, Result, case::Readings};

/// Repetitions that warm caches and make what is made once.
const WARM_UP: usize = 10_000;
/// Into so many the repetitions of threads at once are cut: a batch of a millisecond or less mostly fits between two
/// decisions of the scheduler.
const BATCHES: usize = 200;

/// What one repetition costs, by the clock of this thread and by the allocator.
pub(crate) fn each(times: usize, mut repeat: impl FnMut(usize)) -> Readings {
    (0..WARM_UP.min(times)).for_each(&mut repeat);
    let (before, cpu) = (ALLOCATOR.stats(), ThreadTime::now());
    (0..times).for_each(&mut repeat);
    let (cpu, after) = (cpu.elapsed(), ALLOCATOR.stats());
    let allocations = calls(after) - calls(before);
    let bytes = after.bytes_allocated - before.bytes_allocated;
    vec![
        ("cpu_ns", per(cpu, times)),
        ("allocs", allocations as f64 / times as f64),
        ("alloc_bytes", bytes as f64 / times as f64),
    ]
}

/// What one repetition costs a thread while so many do the same at once, each on a core of its own.
///
/// Threads that take turns do not contend, and a busy machine makes them: of many short batches, those count in which
/// the threads ran most at once. `parallel` says how much that was: the CPU time of all in a unit of wall time.
///
/// # Errors
///
/// A thread panicked, or there are fewer cores than threads.
pub(crate) fn each_of(threads: usize, times: usize, repeat: impl Fn(usize) + Sync) -> Result<Readings> {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    let cores = cores.get(..threads).ok_or("there are fewer cores than threads")?;
    let (start, batch) = (Barrier::new(threads), times / BATCHES);
    let one = |core| {
        core_affinity::set_for_current(core);
        (0..WARM_UP).for_each(&repeat);
        let timed = |_| {
            start.wait();
            #[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
            let (cpu, wall) = (ThreadTime::now(), Instant::now());
            (0..batch).for_each(&repeat);
            (cpu.elapsed(), wall.elapsed())
        };
        (0..BATCHES).map(timed).collect::<Vec<_>>()
    };
    let spent: Vec<Vec<(Duration, Duration)>> = thread::scope(|scope| {
        let running: Vec<_> = cores.iter().map(|core| scope.spawn(|| one(*core))).collect();
        running
            .into_iter()
            .map(|thread| thread.join().map_err(|_| "a thread panicked".into()))
            .collect::<Result<_>>()
    })?;
    let mut batches: Vec<Batch> = (0..BATCHES).filter_map(|index| Batch::of(&spent, index)).collect();
    batches.sort_by(|one, other| other.parallel.total_cmp(&one.parallel));
    batches.truncate(BATCHES / 4);
    batches.sort_by_key(|batch| batch.cpu);
    let Batch { cpu, wall, parallel } = batches.get(batches.len() / 2).copied().ok_or("there is no batch")?;
    Ok(vec![("cpu_ns", per(cpu, batch * threads)), ("wall_ns", per(wall, batch)), ("parallel", parallel)])
}

/// The CPU time of all threads in one batch, and the wall time of the slowest.
#[derive(Debug, Clone, Copy)]
struct Batch {
    cpu: Duration,
    wall: Duration,
    parallel: f64,
}

impl Batch {
    fn of(spent: &[Vec<(Duration, Duration)>], index: usize) -> Option<Self> {
        let threads = || spent.iter().filter_map(|thread| thread.get(index));
        let (cpu, wall) =
            (threads().map(|(cpu, _)| *cpu).sum::<Duration>(), threads().map(|(_, wall)| *wall).max()?);
        Some(Self { cpu, wall, parallel: cpu.as_secs_f64() / wall.as_secs_f64() })
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
