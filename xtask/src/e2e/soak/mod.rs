//! The shop under all its faults, an awkward crowd and a bad collector, for as long as one likes: nothing may grow.
//!
//! The shop's own traffic has every fault of its services: handlers that hang, panic and break, callers who hang up,
//! streams of gRPC that are left. Around it, all the time: scrapers, slow readers, half-closed and half-open
//! connections, a collector that is down, mute, talks nonsense or hangs up, and a clock that steps. In the middle third
//! a second crowd of callers asks for more than the workers can do.

mod clock;
mod collector;
mod crowd;
mod growth;
mod look;
mod subject;

use std::{thread, time::Duration};

use self::{clock::Clock, collector::Collector, crowd::Crowd, growth::Growth, look::Look, subject::Subject};
use super::{deadline::Deadline, shop};
use crate::{Result, summary};

/// Unless somebody asks for another time.
pub(crate) const SHORT: Duration = Duration::from_secs(30);

/// Exchanges per second: what the workers keep up with, twice over with the second crowd.
const RATE: u32 = 300;
const OVERLOAD: u32 = 1_200;
/// Between two looks at the shop.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs it for `time`, and says what became of the shop.
///
/// # Errors
///
/// Something grows, is lost without being counted, or does not balance.
pub(crate) fn run(time: Duration) -> Result {
    let binary = shop::executable()?;
    let clock = Clock::find()?;
    let collector = Collector::start()?;
    let mut settings = clock.settings();
    settings.push(("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://{}", collector.address)));
    let subject = Subject::start(&binary, RATE, time, &settings)?;
    let crowd = Crowd::gather(&subject)?;

    let mut looks = Vec::new();
    let mut overload = None;
    let end = Deadline::after(time.saturating_sub(PAUSE));
    while !end.left().is_zero() {
        thread::sleep(PAUSE.min(end.left()));
        looks.push(Look::at(&subject)?);
        clock.step(looks.len())?;
        let is_middle = end.left() * 3 < time * 2 && end.left() * 3 > time;
        match (is_middle, overload.is_some()) {
            (true, false) => overload = Some(subject.more_callers(&binary, OVERLOAD)?),
            (false, true) => overload = None,
            _ => {}
        }
    }
    let seen = crowd.leave();
    let last = subject.finish()?;
    let growth = Growth::of(&looks)?;

    println!("for {time:?}: {seen}; {clock}; the collector was called {} times", collector.calls());
    println!("{growth}");
    summary::check(&last)?;
    growth.verdict()
}
