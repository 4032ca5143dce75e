//! Which protocol an exchange speaks, decided once from its request head.

use http::{HeaderMap, HeaderValue, header};

/// The protocol of an exchange: what its status means and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// HTTP of any version: the status is the head's.
    Http,
    /// gRPC over HTTP/2: the status is `grpc-status`, in the trailers or in a trailers-only head.
    Grpc,
    /// gRPC-Web: the status is `grpc-status`, in the last frame of the body or in the head.
    GrpcWeb,
}

impl Protocol {
    /// Decides from `content-type`, as gRPC servers do; anything unknown is HTTP.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        headers.get(header::CONTENT_TYPE).map_or(Self::Http, Self::of_content_type)
    }

    /// Whether the status travels as `grpc-status`.
    #[must_use]
    pub const fn is_grpc(self) -> bool {
        matches!(self, Self::Grpc | Self::GrpcWeb)
    }

    /// `http`, `grpc` or `grpc_web`: the closed value used in labels and fields.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Grpc => "grpc",
            Self::GrpcWeb => "grpc_web",
        }
    }

    // Apart: most requests have no content.
    #[inline(never)]
    pub(crate) fn of_content_type(value: &HeaderValue) -> Self {
        let value = value.as_bytes();
        let Some(rest) = strip_prefix_ignore_case(value, b"application/grpc") else { return Self::Http };
        match strip_prefix_ignore_case(rest, b"-web") {
            Some(rest)
                if ends_a_type(rest) || strip_prefix_ignore_case(rest, b"-text").is_some_and(ends_a_type) =>
            {
                Self::GrpcWeb
            }
            Some(_) => Self::Http,
            None if ends_a_type(rest) => Self::Grpc,
            None => Self::Http,
        }
    }
}

/// The scheme of the request target; a wire string never becomes a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// `http`.
    Http,
    /// `https`.
    Https,
    /// Any other scheme, told as `_OTHER`.
    Other,
}

impl Scheme {
    /// The scheme of a known name, in any case.
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name.eq_ignore_ascii_case("http") {
            Self::Http
        } else if name.eq_ignore_ascii_case("https") {
            Self::Https
        } else {
            Self::Other
        }
    }

    /// `http`, `https` or `_OTHER`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Other => crate::names::OTHER,
        }
    }
}

fn strip_prefix_ignore_case<'a>(value: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = value.split_at_checked(prefix.len())?;
    // Hardly anybody writes it in another case.
    (head == prefix || head.eq_ignore_ascii_case(prefix)).then_some(rest)
}

/// A media type ends at its parameters, its suffix (`+proto`) or its own end.
fn ends_a_type(rest: &[u8]) -> bool {
    matches!(rest.first(), None | Some(b'+' | b';' | b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protocol_of(content_type: &'static str) -> Protocol {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Protocol::of(&headers)
    }

    #[test]
    fn the_content_type_decides_the_protocol() {
        assert_eq!(Protocol::of(&HeaderMap::new()), Protocol::Http);
        for (content_type, protocol) in [
            ("application/json", Protocol::Http),
            ("application/grpc", Protocol::Grpc),
            ("application/grpc+proto", Protocol::Grpc),
            ("Application/GRPC; charset=x", Protocol::Grpc),
            ("application/grpc-web", Protocol::GrpcWeb),
            ("application/grpc-web+proto", Protocol::GrpcWeb),
            ("application/grpc-web-text+proto", Protocol::GrpcWeb),
            ("application/grpc-web-text", Protocol::GrpcWeb),
        ] {
            assert_eq!(protocol_of(content_type), protocol, "{content_type}");
        }
    }

    #[test]
    fn a_type_that_only_begins_like_grpc_is_http() {
        for content_type in ["application/grpcfoo", "application/grpc-webfoo", "application/grp", "text/grpc"]
        {
            assert_eq!(protocol_of(content_type), Protocol::Http, "{content_type}");
        }
    }

    #[test]
    fn an_unknown_scheme_is_other() {
        assert_eq!(Scheme::of("HTTPS").as_str(), "https");
        assert_eq!(Scheme::of("http").as_str(), "http");
        assert_eq!(Scheme::of("javascript").as_str(), "_OTHER");
    }
}
