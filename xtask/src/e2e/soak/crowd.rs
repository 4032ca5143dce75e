//! Those who are no help: each in a thread of its own, over and over.

use std::{
    fmt,
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::subject::Subject;
use crate::Result;

/// For connecting, and for each read and write.
const PATIENCE: Duration = Duration::from_secs(5);

/// What one of them does once.
type Act = fn(SocketAddr, SocketAddr) -> io::Result<()>;

/// Who they are, and how long they rest.
const ROLES: &[(&str, u64, Act)] = &[
    ("scrapes", 90, scrape),
    ("scrapes of OpenMetrics", 500, scrape_openmetrics),
    ("scrapes that are read slowly", 10, scrape_slowly),
    ("scrapes that are left", 300, leave_scrape),
    ("slow readers", 10, read_slowly),
    ("half-closed connections", 50, half_close),
    ("half-sent requests", 50, stall),
    ("nonsense", 50, talk_nonsense),
    ("resets", 50, reset),
];

/// The crowd, until it is told to leave.
#[derive(Debug)]
pub(super) struct Crowd {
    over: Arc<AtomicBool>,
    members: Vec<(&'static str, Arc<AtomicU64>, JoinHandle<()>)>,
}

/// What it did.
#[derive(Debug)]
pub(super) struct Seen(Vec<(&'static str, u64)>);

impl Crowd {
    /// Starts all of them.
    ///
    /// # Errors
    ///
    /// There are no threads.
    pub(super) fn gather(subject: &Subject) -> Result<Self> {
        let over = Arc::<AtomicBool>::default();
        let (gateway, admin) = (subject.gateway, subject.admin);
        let member = |(name, rest, act): &(&'static str, u64, Act)| {
            let (count, over) = (Arc::<AtomicU64>::default(), Arc::clone(&over));
            let (counted, act, rest) = (Arc::clone(&count), *act, Duration::from_millis(*rest));
            let thread = thread::Builder::new().spawn(move || {
                while !over.load(Ordering::Acquire) {
                    // That the shop cuts some of them off is as it should be.
                    let _ = act(gateway, admin);
                    counted.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(rest);
                }
            })?;
            Ok((*name, count, thread))
        };
        let members = ROLES.iter().map(member).collect::<io::Result<_>>()?;
        Ok(Self { over, members })
    }

    /// Sends them away, and says what they did.
    pub(super) fn leave(self) -> Seen {
        self.over.store(true, Ordering::Release);
        let left = |(name, count, thread): (&'static str, Arc<AtomicU64>, JoinHandle<()>)| {
            // Who panicked has counted until then.
            let _ = thread.join();
            (name, count.load(Ordering::Relaxed))
        };
        Seen(self.members.into_iter().map(left).collect())
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told: Vec<_> = self.0.iter().map(|(name, count)| format!("{count} {name}")).collect();
        f.write_str(&told.join(", "))
    }
}

fn connect(address: SocketAddr, said: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(said.as_bytes())?;
    Ok(stream)
}

fn ask(path: &str, accept: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: here\r\naccept: {accept}\r\nconnection: close\r\n\r\n")
}

fn scrape(_: SocketAddr, admin: SocketAddr) -> io::Result<()> {
    io::copy(&mut connect(admin, &ask("/metrics", "text/plain"))?, &mut io::sink()).map(drop)
}

fn scrape_openmetrics(_: SocketAddr, admin: SocketAddr) -> io::Result<()> {
    let accept = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8";
    io::copy(&mut connect(admin, &ask("/metrics", accept))?, &mut io::sink()).map(drop)
}

fn scrape_slowly(_: SocketAddr, admin: SocketAddr) -> io::Result<()> {
    slowly(connect(admin, &ask("/metrics", "application/vnd.google.protobuf"))?)
}

fn leave_scrape(_: SocketAddr, admin: SocketAddr) -> io::Result<()> {
    connect(admin, &ask("/metrics", "text/plain"))?.read_exact(&mut [0; 100])
}

fn read_slowly(gateway: SocketAddr, _: SocketAddr) -> io::Result<()> {
    slowly(connect(gateway, &ask("/orders/1/events", "text/event-stream"))?)
}

/// Some bytes at a time, for two seconds.
fn slowly(mut stream: TcpStream) -> io::Result<()> {
    let mut some = [0; 512];
    for _ in 0..20 {
        if stream.read(&mut some)? == 0 {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn half_close(gateway: SocketAddr, _: SocketAddr) -> io::Result<()> {
    let mut stream = connect(gateway, &ask("/healthz", "*/*"))?;
    stream.shutdown(Shutdown::Write)?;
    io::copy(&mut stream, &mut io::sink()).map(drop)
}

/// A body that is shorter than announced, and a pause.
fn stall(gateway: SocketAddr, _: SocketAddr) -> io::Result<()> {
    let head =
        "POST /orders HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 100\r\n";
    let _stream = connect(gateway, &format!("{head}\r\n{{\"item\""))?;
    thread::sleep(Duration::from_millis(500));
    Ok(())
}

fn talk_nonsense(gateway: SocketAddr, admin: SocketAddr) -> io::Result<()> {
    let long = format!("GET /metrics HTTP/1.1\r\nx-long: {}\r\n\r\n", "x".repeat(40_000));
    for (address, said) in
        [(gateway, "\0\u{1}\r\n\r\n"), (admin, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), (admin, &long)]
    {
        io::copy(&mut connect(address, said)?, &mut io::sink())?;
    }
    Ok(())
}

/// Left with the answer unread, which resets the connection.
fn reset(gateway: SocketAddr, _: SocketAddr) -> io::Result<()> {
    let stream = connect(gateway, &ask("/healthz", "*/*"))?;
    thread::sleep(Duration::from_millis(20));
    drop(stream);
    Ok(())
}
