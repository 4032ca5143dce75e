//! A service of requests that begin at random and live for a random time, second by second.
//!
//! The number of tasks is the queue M/M/inf, stepped exactly: of those alive each outlives a second with probability
//! `e^(-1/life)`, and as many join them as the rate and the life of a request say.
#![allow(dead_code, reason = "each test binary uses a part")]

use fastrand::Rng;

/// Arrivals per second at a second, and the mean life in seconds.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) rate: fn(u64) -> f64,
    pub(crate) life: f64,
}

/// The six scenarios without a leak.
pub(crate) const SCENARIOS: [Scenario; 6] = [
    Scenario { name: "steady 200/s", rate: |_| 200.0, life: 0.2 },
    Scenario {
        name: "a day of 50 to 400/s",
        rate: |second| 225.0 + 175.0 * wave(second, 21_600.0),
        life: 0.2,
    },
    Scenario {
        name: "tenfold bursts",
        rate: |second| if second % 1_800 < 60 { 2_000.0 } else { 200.0 },
        life: 0.2,
    },
    Scenario {
        name: "deploys that ramp up",
        rate: |second| if second % 7_200 < 120 { (second % 7_200) as f64 / 120.0 * 800.0 } else { 800.0 },
        life: 0.2,
    },
    Scenario { name: "websockets", rate: |second| 15.0 + 10.0 * wave(second, 7_200.0), life: 600.0 },
    Scenario {
        name: "a stalled backend",
        rate: |second| if second % 7_200 < 30 { 4_000.0 } else { 200.0 },
        life: 0.2,
    },
];

/// Tasks that the runtime has at any time.
pub(crate) const BASE: u64 = 50;

/// The tasks of a scenario that are alive.
pub(crate) struct Tasks<'a> {
    scenario: &'a Scenario,
    share: f64,
    alive: u64,
}

impl<'a> Tasks<'a> {
    /// Those that a share of the requests make.
    pub(crate) fn new(scenario: &'a Scenario, share: f64) -> Self {
        Self { scenario, share, alive: 0 }
    }

    /// How many there are at this second.
    pub(crate) fn at(&mut self, second: u64, random: &mut Rng) -> u64 {
        let Scenario { rate, life, .. } = self.scenario;
        let outlives = (-1.0 / life).exp();
        let joined = poisson(self.share * rate(second) * life * (1.0 - outlives), random);
        self.alive = binomial(self.alive, outlives, random) + joined;
        self.alive
    }
}

/// How many of random events with this mean happen.
pub(crate) fn poisson(mean: f64, random: &mut Rng) -> u64 {
    if mean > 12.0 {
        return normal(mean, mean, random);
    }
    let (limit, mut product, mut count) = ((-mean).exp(), random.f64(), 0);
    while product > limit {
        product *= random.f64();
        count += 1;
    }
    count
}

fn binomial(count: u64, chance: f64, random: &mut Rng) -> u64 {
    let mean = count as f64 * chance;
    if mean > 50.0 && mean * (1.0 - chance) > 9.0 {
        return normal(mean, mean * (1.0 - chance), random).min(count);
    }
    if chance < 0.01 {
        // The limit of rare events.
        return poisson(mean, random).min(count);
    }
    (0..count).filter(|_| random.f64() < chance).count() as u64
}

fn normal(mean: f64, variance: f64, random: &mut Rng) -> u64 {
    let radius = (-2.0 * (1.0 - random.f64()).ln()).sqrt();
    let angle = std::f64::consts::TAU * random.f64();
    (mean + variance.sqrt() * radius * angle.cos()).round().max(0.0) as u64
}

fn wave(second: u64, period: f64) -> f64 {
    (std::f64::consts::TAU * second as f64 / period).sin()
}
