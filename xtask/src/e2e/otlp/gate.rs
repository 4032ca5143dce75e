//! A way to a server that can be shut: who knocks then is refused, as where nobody listens.

use std::{
    io,
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use crate::Result;

/// A way that is open at first.
#[derive(Debug)]
pub(crate) struct Gate {
    pub(crate) address: SocketAddr,
    server: SocketAddr,
    open: Option<Open>,
}

#[derive(Debug)]
struct Open {
    shut: Arc<AtomicBool>,
    streams: Streams,
    porter: JoinHandle<()>,
}

type Streams = Arc<Mutex<Vec<TcpStream>>>;

impl Gate {
    /// A way to this server, on a port of the system's choice.
    ///
    /// # Errors
    ///
    /// There is no port.
    pub(crate) fn to(server: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let mut gate = Self { address: listener.local_addr()?, server, open: None };
        gate.serve(listener);
        Ok(gate)
    }

    /// Opens it again.
    ///
    /// # Errors
    ///
    /// Somebody has taken its port.
    pub(crate) fn open(&mut self) -> Result {
        self.serve(TcpListener::bind(self.address)?);
        Ok(())
    }

    /// Cuts who is on the way, and lets nobody in.
    pub(crate) fn shut(&mut self) {
        let Some(Open { shut, streams, porter }) = self.open.take() else { return };
        shut.store(true, Ordering::Release);
        // The porter sleeps until somebody knocks.
        let _ = TcpStream::connect(self.address);
        let _ = porter.join();
        for stream in streams.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn serve(&mut self, listener: TcpListener) {
        let (shut, streams) = (Arc::<AtomicBool>::default(), Streams::default());
        let porter = {
            let (shut, streams, server) = (Arc::clone(&shut), Arc::clone(&streams), self.server);
            thread::spawn(move || {
                for stream in listener.incoming().map_while(io::Result::ok) {
                    if shut.load(Ordering::Acquire) {
                        return;
                    }
                    // Who cannot be let through is cut off by the drop.
                    let _ = pass(stream, server, &streams);
                }
            })
        };
        self.open = Some(Open { shut, streams, porter });
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.shut();
    }
}

fn pass(client: TcpStream, server: SocketAddr, streams: &Streams) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    for (mut from, mut to) in
        [(client.try_clone()?, server.try_clone()?), (server.try_clone()?, client.try_clone()?)]
    {
        thread::spawn(move || {
            let _ = io::copy(&mut from, &mut to);
            let _ = to.shutdown(Shutdown::Write);
        });
    }
    streams.lock().unwrap_or_else(PoisonError::into_inner).extend([client, server]);
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    fn echo(address: SocketAddr) -> io::Result<[u8; 2]> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(b"hi")?;
        let mut answer = [0; 2];
        stream.read_exact(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn what_passes_while_it_is_open_is_refused_while_it_is_shut() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(io::Result::ok) {
                thread::spawn(move || {
                    let mut word = [0; 2];
                    stream.read_exact(&mut word).and_then(|()| stream.write_all(&word))
                });
            }
        });
        let mut gate = Gate::to(server).unwrap();
        assert_eq!(echo(gate.address).unwrap(), *b"hi");
        let mut waiting = TcpStream::connect(gate.address).unwrap();
        assert_eq!(echo(gate.address).unwrap(), *b"hi");
        gate.shut();
        assert!(matches!(waiting.read(&mut [0]), Ok(0) | Err(_)));
        assert_eq!(echo(gate.address).unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        gate.open().unwrap();
        assert_eq!(echo(gate.address).unwrap(), *b"hi");
    }
}
