//! The window's own metrics: the golden signals.

mod classic;
mod door;
mod handles;
mod level;
mod lifetimes;
mod messages;
mod semconv;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tower_telemetry_core::names::metric;
use tower_telemetry_core::{Ending, Exchange, Outcome, Protocol, Side};

use self::classic::Classic;
use self::door::{Door, DoorKey};
pub(crate) use self::handles::{Closed, Mixer, same, same_or_none};
use self::handles::{Found, Handles, Keep};
pub(crate) use self::level::Level;
use self::lifetimes::Lifetimes;
use self::messages::{Messages, Told};
pub(crate) use self::semconv::Lean;
#[cfg(feature = "opentelemetry")]
pub(crate) use self::semconv::SIZE_BOUNDS;
use self::semconv::Semconv;
use crate::builder::{Extra, Extras, Names};
use crate::keys::{Capacity, Ended, Started};
use crate::label_set::LabelSet;
use crate::oldest::{Ages, Oldest, Seat};
use crate::store::{
    Bounds, Buckets, Clock, Counter, Descriptor, Family, Histogram, Place, RegisterError, Store,
};

/// The families that the window records to: those of either profile, and those of every window.
#[derive(Debug)]
pub(crate) struct Instruments<L: LabelSet> {
    profile: Profile<L>,
    doors: Handles<DoorKey, Door>,
    keep: Keep,
    started: Arc<Family<Started, Counter>>,
    ended: Arc<Family<Ended, Counter>>,
    ready_wait: Arc<Family<Started, Histogram>>,
    lifetimes: Lifetimes,
    messages: Option<Messages>,
    oldest: [Arc<Oldest>; 4],
    clock: Clock,
}

#[derive(Debug)]
enum Profile<L: LabelSet> {
    Semconv(Semconv<L>),
    Classic(Classic<L>),
}

/// The handles that an exchange came in by, to be found again when it leaves.
#[derive(Debug)]
pub(crate) struct Entry {
    place: u32,
    seat: Option<Seat>,
    /// A future and a body are moved with room for it.
    rare: Option<Box<Rare>>,
}

/// What most exchanges have nothing of.
#[derive(Debug, Default)]
struct Rare {
    /// The handles, where they do not stand in the table.
    door: Option<Door>,
    /// What was told of the messages that passed.
    messages: Told,
    stream: Option<Level>,
}

impl Rare {
    /// What has no place in the table is kept with the exchange.
    #[cold]
    #[inline(never)]
    fn keeping(door: Found<'_, Door>) -> Box<Self> {
        let door = match door {
            Found::Kept(door) => door.clone(),
            Found::Passing(door) => *door,
        };
        Box::new(Self { door: Some(door), ..Self::default() })
    }
}

impl Entry {
    /// Where the handles stand in the table, if they do.
    fn place(&self) -> Option<u32> {
        self.own().is_none().then_some(self.place)
    }

    fn own(&self) -> Option<&Door> {
        self.rare.as_deref()?.door.as_ref()
    }

    fn messages(&mut self) -> &mut Told {
        &mut self.rare.get_or_insert_default().messages
    }
}

impl<L: LabelSet> Instruments<L> {
    pub(crate) fn register(
        store: &Store,
        buckets: &Buckets,
        names: Names,
        extras: Extras,
    ) -> Result<Self, RegisterError> {
        // A series that may go while it rests must not be held.
        let keep = if store.inner.idle_expiry.get().is_some() { Keep::Passing } else { Keep::Kept };
        let profile = match names {
            Names::Semconv => Profile::Semconv(Semconv::register(store, buckets, extras, keep)?),
            Names::Classic => Profile::Classic(Classic::register(store, buckets, keep)?),
        };
        let tables =
            [(Side::Server, "http"), (Side::Client, "http"), (Side::Server, "grpc"), (Side::Client, "grpc")];
        let clock = store.inner.clock.clone();
        let instruments = Self {
            profile,
            doors: Handles::new(),
            keep,
            started: store.counter_family(Descriptor::of(metric::EXCHANGES_STARTED))?,
            ended: store.counter_family(Descriptor::of(metric::EXCHANGES_ENDED))?,
            ready_wait: store.histogram_family(Descriptor::of(metric::READY_WAIT), Bounds::default())?,
            lifetimes: Lifetimes::register(store)?,
            messages: match extras.messages {
                Extra::Recorded => Some(Messages::register(store, keep)?),
                Extra::LeftOut => None,
            },
            oldest: tables.map(|(side, protocol)| Oldest::new(side.as_str(), protocol, clock.clone())),
            clock,
        };
        if let Some(capacity) = extras.capacity {
            let gauge = store.gauge_family::<Capacity>(Descriptor::of(metric::CAPACITY))?;
            gauge.series(&Capacity, Place::Known).set(capacity.into());
        }
        store.collector(Ages(instruments.oldest.to_vec()));
        Ok(instruments)
    }

    /// Counts an exchange as begun and in flight; [`leave`](Self::leave) takes it away.
    pub(crate) fn start(&self, exchange: &Exchange) -> Entry {
        let (door, place) = self.doors.find(|| DoorKey::of(exchange), |_| self.door(exchange));
        door.started.increment();
        let time = self.clock.at_arrival(exchange);
        if let Some(gauge) = &door.gauge {
            gauge.add_at(1, || time);
        }
        let seat = door.oldest.arrive(time);
        if let Some(waited) = exchange.waited {
            self.waited(exchange, waited);
        }
        if let Profile::Classic(classic) = &self.profile {
            classic.start(exchange);
        }
        match place {
            Some(place) => Entry { place: place as u32, seat, rare: None },
            None => Entry { place: 0, seat, rare: Some(Rare::keeping(door)) },
        }
    }

    #[cold]
    #[inline(never)]
    fn waited(&self, exchange: &Exchange, waited: Duration) {
        self.ready_wait.series(&Started::of(exchange), Place::Known).record(waited);
    }

    /// The response head was made, or a frame of its body passed.
    #[inline]
    pub(crate) fn pass(&self, exchange: &Exchange, entry: &mut Entry) {
        if self.messages.is_some() || exchange.is_stream() {
            self.pass_on(exchange, entry);
        }
    }

    fn pass_on(&self, exchange: &Exchange, entry: &mut Entry) {
        if exchange.is_stream() {
            let stream = &mut entry.rare.get_or_insert_default().stream;
            stream.get_or_insert_with(|| self.lifetimes.open(exchange));
        }
        if let Some(messages) = &self.messages
            && exchange.route().is_known()
        {
            // Before its method is known, a call is told at its end.
            messages.tell(exchange, entry.messages());
        }
    }

    /// Records an exchange as ended, and in flight no more.
    pub(crate) fn end(&self, exchange: &Exchange, outcome: &Outcome, mut entry: Entry) {
        if let Some(messages) = &self.messages {
            messages.tell(exchange, entry.messages());
        }
        let door = self.entered(&entry);
        let place = door.and_then(|door| door.ended.of(outcome));
        match place.and_then(OnceLock::get) {
            Some(counter) => counter.increment(),
            None => self.count_first(exchange, outcome, place),
        }
        if exchange.is_stream() || outcome.ending == Ending::Upgraded {
            self.lifetimes.end(exchange, outcome);
        }
        match &self.profile {
            Profile::Semconv(semconv) => semconv.end(exchange, outcome, entry.place()),
            Profile::Classic(classic) => classic.end(exchange, outcome),
        }
        if let Some(door) = door {
            door.leave(entry.seat, || self.clock.at_end(exchange, outcome));
        }
    }

    /// Counts an ending that none of its door was like, and keeps the counter in its place.
    #[cold]
    #[inline(never)]
    fn count_first(&self, exchange: &Exchange, outcome: &Outcome, place: Option<&OnceLock<Arc<Counter>>>) {
        let counter = self.ended.series(&Ended::of(exchange, outcome), Place::Known);
        counter.increment();
        if let Some(place) = place.filter(|_| self.keep == Keep::Kept) {
            // Another thread may have kept the same one.
            let _ = place.set(counter);
        }
    }

    /// An exchange is in flight no more, although nobody told its end.
    #[cold]
    pub(crate) fn leave(&self, entry: &Entry) {
        if let Some(door) = self.entered(entry) {
            door.leave(entry.seat, || self.clock.elapsed());
        }
    }

    fn entered<'a>(&'a self, entry: &'a Entry) -> Option<&'a Door> {
        entry.own().or_else(|| self.doors.at(entry.place as usize))
    }

    #[cold]
    #[inline(never)]
    fn door(&self, exchange: &Exchange) -> (Door, Keep) {
        let (gauge, keep) = match &self.profile {
            Profile::Semconv(semconv) => {
                let (gauge, keep) = semconv.gauge(exchange);
                (Some(gauge), keep)
            }
            Profile::Classic(_) => (None, self.keep),
        };
        let [http_server, http_client, grpc_server, grpc_client] = &self.oldest;
        let oldest = match (exchange.protocol, exchange.side) {
            (Protocol::Http, Side::Server) => http_server,
            (Protocol::Http, Side::Client) => http_client,
            (_, Side::Server) => grpc_server,
            (_, Side::Client) => grpc_client,
        };
        // Side and protocol are closed sets.
        let started = self.started.series(&Started::of(exchange), Place::Known);
        (Door { started, gauge, oldest: Arc::clone(oldest), ended: door::Ended::default() }, keep)
    }
}

/// A route that the program knows has a place of its own; the rest shares what is left.
fn place_of(exchange: &Exchange) -> Place {
    if exchange.route().is_known() { Place::Known } else { Place::Wire }
}

/// What `make` looks up, and whether it may be kept: not if some of it was refused meanwhile, here or elsewhere. The
/// series that stands for those refused counts each lookup.
fn keep<T>(keep: Keep, refused: impl Fn() -> u64, make: impl FnOnce() -> T) -> (T, Keep) {
    let before = refused();
    let made = make();
    (made, if refused() == before { keep } else { Keep::Passing })
}
