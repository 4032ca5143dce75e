//! A collector at its worst: down, mute, talking nonsense, or hanging up, in turns.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crate::{Result, e2e::deadline::Deadline};

/// How long a mood lasts.
const MOOD: Duration = Duration::from_secs(4);
/// Between two looks for a caller.
const PAUSE: Duration = Duration::from_millis(20);
/// The head of an HTTP/2 connection, and then frames that nobody knows.
const NONSENSE: &[u8] = b"\0\0\0\x04\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xffHTTP/1.1 299 What\r\n\r\n";

/// A collector that runs until this is dropped.
#[derive(Debug)]
pub(super) struct Collector {
    pub(super) address: SocketAddr,
    calls: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    moods: Option<JoinHandle<()>>,
}

#[derive(Debug, Clone, Copy)]
enum Mood {
    Down,
    Mute,
    Nonsense,
    HangingUp,
}

impl Collector {
    /// Starts it, on a port of the system's choice.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub(super) fn start() -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let (calls, over) = (Arc::<AtomicU64>::default(), Arc::<AtomicBool>::default());
        let moods = {
            let (calls, over) = (Arc::clone(&calls), Arc::clone(&over));
            drop(listener);
            thread::spawn(move || {
                for mood in [Mood::Down, Mood::Mute, Mood::Nonsense, Mood::HangingUp].into_iter().cycle() {
                    if over.load(Ordering::Acquire) {
                        return;
                    }
                    be(mood, address, &calls, &over);
                }
            })
        };
        Ok(Self { address, calls, over, moods: Some(moods) })
    }

    /// How often somebody came.
    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Release);
        if let Some(moods) = self.moods.take() {
            let _ = moods.join();
        }
    }
}

/// Is in a mood, until it passes.
fn be(mood: Mood, address: SocketAddr, calls: &AtomicU64, over: &AtomicBool) {
    let end = Deadline::after(MOOD);
    // Somebody may have its port for a moment: then it is down for longer.
    let listener = match mood {
        Mood::Down => None,
        _ => TcpListener::bind(address).and_then(|it| it.set_nonblocking(true).map(|()| it)).ok(),
    };
    let mut guests = Vec::new();
    while !end.left().is_zero() && !over.load(Ordering::Acquire) {
        thread::sleep(PAUSE);
        let Some((guest, _)) = listener.as_ref().and_then(|listener| listener.accept().ok()) else {
            continue;
        };
        calls.fetch_add(1, Ordering::Relaxed);
        guests.extend(receive(mood, guest));
    }
}

/// Answers the guest who is kept waiting.
fn receive(mood: Mood, mut guest: TcpStream) -> Option<TcpStream> {
    match mood {
        Mood::Down | Mood::HangingUp => None,
        Mood::Mute => Some(guest),
        Mood::Nonsense => {
            let _ = guest.set_read_timeout(Some(PAUSE));
            let _ = guest.read(&mut [0; 1024]);
            let _ = guest.write_all(NONSENSE);
            Some(guest)
        }
    }
}
