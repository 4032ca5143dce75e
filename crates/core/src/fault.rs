//! The closed name of an error: what `error.type` says when no status tells it.

use std::any::{Any, type_name};
use std::error::Error;
use std::io;

use crate::grpc::Code;
use crate::names;
use crate::stacks;

/// A chain of sources that is longer, or bites its own tail, is not followed further.
const LINKS_MAX: usize = 16;

type BoxError = Box<dyn Error + Send + Sync>;

/// What an error says without its text: a closed name, and a gRPC status if it carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) grpc: Option<Code>,
}

impl Fault {
    /// Looks for a known error in the chain of sources; else the name of the error's type.
    ///
    /// Error text is never used: it can carry anything that a client sent.
    pub(crate) fn of<E: 'static>(error: &E) -> Self {
        let any: &dyn Any = error;
        if let Some(boxed) = any.downcast_ref::<BoxError>() {
            return Self::of_chain(&**boxed).unwrap_or(Self { name: names::OTHER, grpc: None });
        }
        let known = known_any(any).or_else(|| Self::of_chain(stacks::error(any)?));
        known.unwrap_or(Self { name: type_name::<E>(), grpc: None })
    }

    fn of_chain(error: &(dyn Error + 'static)) -> Option<Self> {
        let mut link = Some(error);
        (0..LINKS_MAX).find_map(|_| {
            let error = link?;
            link = error.source();
            known(error)
        })
    }
}

fn known_any(any: &dyn Any) -> Option<Fault> {
    #[cfg(feature = "tonic")]
    if let Some(status) = any.downcast_ref::<tonic::Status>() {
        return Some(of_tonic(status));
    }
    any.downcast_ref::<io::Error>().and_then(of_io)
}

fn known(error: &(dyn Error + 'static)) -> Option<Fault> {
    #[cfg(feature = "tonic")]
    {
        if let Some(status) = error.downcast_ref::<tonic::Status>() {
            return Some(of_tonic(status));
        }
        // tonic tells its caller CANCELLED, but what passed is the deadline of the call.
        if error.is::<tonic::TimeoutExpired>() {
            return Some(Fault { name: names::error_type::TIMEOUT, grpc: Some(Code::DeadlineExceeded) });
        }
    }
    #[cfg(feature = "tower")]
    {
        if error.is::<tower::timeout::error::Elapsed>() {
            return Some(Fault { name: names::error_type::TIMEOUT, grpc: Some(Code::DeadlineExceeded) });
        }
        if error.is::<tower::load_shed::error::Overloaded>() {
            return Some(Fault { name: names::error_type::OVERLOADED, grpc: Some(Code::ResourceExhausted) });
        }
    }
    error.downcast_ref::<io::Error>().and_then(of_io)
}

#[cfg(feature = "tonic")]
fn of_tonic(status: &tonic::Status) -> Fault {
    let code = u8::try_from(i32::from(status.code())).ok().and_then(Code::from_u8).unwrap_or(Code::Unknown);
    Fault { name: code.as_str(), grpc: Some(code) }
}

fn of_io(error: &io::Error) -> Option<Fault> {
    let (name, grpc) = match error.kind() {
        io::ErrorKind::TimedOut => (names::error_type::TIMEOUT, Code::DeadlineExceeded),
        io::ErrorKind::ConnectionRefused => (names::error_type::CONNECTION_REFUSED, Code::Unavailable),
        io::ErrorKind::ConnectionReset => (names::error_type::CONNECTION_RESET, Code::Unavailable),
        io::ErrorKind::ConnectionAborted => (names::error_type::CONNECTION_ABORTED, Code::Unavailable),
        io::ErrorKind::BrokenPipe => (names::error_type::BROKEN_PIPE, Code::Unavailable),
        io::ErrorKind::UnexpectedEof => (names::error_type::UNEXPECTED_EOF, Code::Unavailable),
        _ => return None,
    };
    Some(Fault { name, grpc: Some(grpc) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(io::Error);
    impl std::fmt::Display for Outer {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("outer")
        }
    }
    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_known_error_is_found_behind_its_wrappers() {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        assert_eq!(Fault::of(&refused()).name, "connection_refused");
        let boxed: BoxError = Box::new(Outer(refused()));
        assert_eq!(Fault::of(&boxed), Fault { name: "connection_refused", grpc: Some(Code::Unavailable) });
    }

    #[test]
    fn the_text_of_an_unknown_error_is_never_its_name() {
        let boxed: BoxError = "GET /secret?token=1 failed".into();
        assert_eq!(Fault::of(&boxed), Fault { name: "_OTHER", grpc: None });
        assert_eq!(Fault::of(&std::fmt::Error).name, "core::fmt::Error");
        assert_eq!(Fault::of(&io::Error::other("secret")).name, "std::io::error::Error");
    }
}
