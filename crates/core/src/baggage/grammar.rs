//! The grammar of a list: what stands between the commas, and what is legal there.

use crate::baggage::percent;
use crate::ows;

/// A member of a list as it came: key, value and properties, without the white space around them.
#[derive(Clone, Copy)]
pub(super) struct Wire<'a> {
    pub(super) key: &'a [u8],
    pub(super) value: &'a [u8],
    /// What follows the first semicolon.
    properties: &'a [u8],
}

/// The members of one line, trimmed; empty ones, which say nothing, are left out.
pub(super) fn split(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',').map(ows::trim).filter(|member| !member.is_empty())
}

impl<'a> Wire<'a> {
    /// Takes a member apart; `None` if it is malformed.
    pub(super) fn of(member: &'a [u8]) -> Option<Self> {
        let wire = Self::of_valid(member)?;
        let legal = is_token(wire.key)
            && wire.value.iter().copied().all(is_octet)
            && wire.properties().all(|(key, value)| {
                is_token(key) && value.is_none_or(|value| value.iter().copied().all(is_octet))
            });
        legal.then_some(wire)
    }

    /// Takes a member apart that was found valid before.
    pub(super) fn of_valid(member: &'a [u8]) -> Option<Self> {
        let (pair, properties) = cut(member, b';');
        let (key, value) = cut(pair, b'=');
        Some(Self {
            key: ows::trim(key),
            value: ows::trim(value?),
            properties: properties.unwrap_or_default(),
        })
    }

    /// Keys and values of the properties; empty ones, which say nothing, are left out.
    pub(super) fn properties(self) -> impl Iterator<Item = (&'a [u8], Option<&'a [u8]>)> {
        properties(self.properties)
    }

    /// Whether what the sender had to encode is encoded, so that the member may be sent as it is.
    pub(super) fn is_encoded(self) -> bool {
        percent::is_encoded(self.value)
            && self.properties().all(|(_, value)| value.is_none_or(percent::is_encoded))
    }
}

/// Keys and values of properties, as a semicolon list has them.
pub(super) fn properties(list: &[u8]) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
    list.split(|&byte| byte == b';').map(ows::trim).filter(|property| !property.is_empty()).map(|property| {
        let (key, value) = cut(property, b'=');
        (ows::trim(key), value.map(ows::trim))
    })
}

/// `token` of RFC 7230, section 3.2.6.
pub(super) fn is_token(key: &[u8]) -> bool {
    let legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !key.is_empty() && key.iter().all(legal)
}

/// `baggage-octet`: visible ASCII but for the double quote, comma, semicolon and backslash.
pub(super) const fn is_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2b | 0x2d..=0x3a | 0x3c..=0x5b | 0x5d..=0x7e)
}

/// What stands before the first `at`, and what after it.
fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    let mut parts = text.splitn(2, |&byte| byte == at);
    (parts.next().unwrap_or_default(), parts.next())
}
