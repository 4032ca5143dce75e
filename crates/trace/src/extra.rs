//! Attributes that the conventions leave to choice.

/// An attribute that the conventions call opt-in, and that the exchange knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Extra {
    /// `network.transport`: `tcp`, or `udp` for HTTP/3.
    NetworkTransport,
    /// `client.port` on server spans, where `client.address` stands.
    ClientPort,
    /// `url.scheme` on client spans; server spans always have it.
    UrlScheme,
    /// `user_agent.original` on client spans; server spans always have it.
    UserAgent,
    /// `http.request.body.size`, as announced, and `http.response.body.size`.
    BodySizes,
}

/// A set of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Extras(u8);

impl Extras {
    pub(crate) const fn has(self, extra: Extra) -> bool {
        self.0 & (1 << extra as u8) != 0
    }
}

impl FromIterator<Extra> for Extras {
    fn from_iter<I: IntoIterator<Item = Extra>>(extras: I) -> Self {
        Self(extras.into_iter().fold(0, |set, extra| set | (1 << extra as u8)))
    }
}
