//! The grammar of a list of members: what stands between the commas, and what is legal there.

use crate::ows;
use crate::trace_state::error::TraceStateError;

/// The most members that a list may have.
pub(super) const MEMBER_LIMIT: usize = 32;
/// The longest key, in bytes.
const KEY_LIMIT: usize = 256;
/// The longest value, in bytes.
const VALUE_LIMIT: usize = 256;

/// The members of one line, trimmed; empty ones, which say nothing, are left out.
pub(super) fn split(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',').map(ows::trim).filter(|member| !member.is_empty())
}

/// What a check found of a legal list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checked {
    /// How many members there are, duplicates included.
    pub(super) count: usize,
    /// Whether each key occurs once.
    pub(super) keys: Keys,
}

/// Whether each key of a list occurs once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Unique,
    Repeated,
}

/// Checks every member and the list as a whole.
pub(super) fn check<'a>(members: impl Iterator<Item = &'a [u8]>) -> Result<Checked, TraceStateError> {
    let mut seen: [&[u8]; MEMBER_LIMIT] = [&[]; MEMBER_LIMIT];
    let mut checked = Checked { count: 0, keys: Keys::Unique };
    for member in members {
        let key = key_of(member);
        let value = member.get(key.len() + 1..).ok_or(TraceStateError::Member)?;
        check_key(key)?;
        check_value(value)?;
        if seen.iter().take(checked.count).any(|seen| *seen == key) {
            checked.keys = Keys::Repeated;
        }
        *seen.get_mut(checked.count).ok_or(TraceStateError::TooManyMembers)? = key;
        checked.count += 1;
    }
    Ok(checked)
}

/// The members without those whose key another had before: the first is of the latest writer.
pub(super) fn unique<'a>(members: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = &'a [u8]> {
    let mut seen: [&[u8]; MEMBER_LIMIT] = [&[]; MEMBER_LIMIT];
    let mut count = 0;
    members.filter(move |member| {
        let key = key_of(member);
        if seen.iter().take(count).any(|seen| *seen == key) {
            return false;
        }
        if let Some(place) = seen.get_mut(count) {
            *place = key;
            count += 1;
        }
        true
    })
}

/// What stands before the first `=`; the whole member where there is none.
pub(super) fn key_of(member: &[u8]) -> &[u8] {
    member.split(|&byte| byte == b'=').next().unwrap_or_default()
}

/// `[0-9a-z][0-9a-z_*/@-]{0,255}`
pub(super) fn check_key(key: &[u8]) -> Result<(), TraceStateError> {
    let first = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z');
    let later = |byte: &u8| first(byte) || matches!(byte, b'_' | b'*' | b'/' | b'@' | b'-');
    let legal = key.len() <= KEY_LIMIT && key.first().is_some_and(first) && key.iter().all(later);
    legal.then_some(()).ok_or(TraceStateError::Key)
}

/// 1 to 256 of the characters 0x20 to 0x7e but for comma and equals sign; the last is no space.
pub(super) fn check_value(value: &[u8]) -> Result<(), TraceStateError> {
    let legal = value.len() <= VALUE_LIMIT
        && value.last().is_some_and(|&byte| byte != b' ')
        && value.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b'='));
    legal.then_some(()).ok_or(TraceStateError::Value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace_state::scenario::{accepts, members, refuses};

    #[test]
    fn of_members_with_the_same_key_the_first_is_kept() {
        accepts(&["foo=1,foo=1"], "foo=1");
        accepts(&["foo=1,foo=2"], "foo=1");
        accepts(&["foo=1", "bar=2,foo=3", "foo=4"], "foo=1,bar=2");
        accepts(&["a=1,foo=1,b=2,foo=2,a=3"], "a=1,foo=1,b=2");
    }

    #[test]
    fn duplicates_count_as_members() {
        let line = format!("{},00=w", members(32, 4).join(","));
        refuses(&[&line], TraceStateError::TooManyMembers);
    }

    #[test]
    fn every_legal_character_is_accepted() {
        let key = "0123456789abcdefghijklmnopqrstuvwxyz_-*/@";
        let value: String = (' '..='~').filter(|c| !matches!(c, ',' | '=')).collect();
        for line in
            [format!("{key}={value}"), "a-b*/_@@=1".into(), "0=0".into(), "t@v=1".into(), "t@=1".into()]
        {
            accepts(&[&line], &line);
        }
    }

    #[test]
    fn an_illegal_key_makes_the_whole_invalid() {
        for key in
            ["", "foo ", "FOO", "foo.bar", "foo\t", "@foo", "_foo", "-foo", "*foo", "/foo", "fo\u{e9}", "f o"]
        {
            refuses(&[&format!("{key}=1")], TraceStateError::Key);
            refuses(&[&format!("bar=2,{key}=1")], TraceStateError::Key);
        }
        refuses(&["foo"], TraceStateError::Member);
        refuses(&["foo=1,bar"], TraceStateError::Member);
    }

    #[test]
    fn an_illegal_value_makes_the_whole_invalid() {
        for value in ["", "bar=baz", "=", "a\tb", "\u{e9}"] {
            refuses(&[&format!("foo={value},bar=3")], TraceStateError::Value);
        }
    }

    #[test]
    fn keys_and_values_may_have_256_characters_and_no_more() {
        let (fits, exceeds) = ("z".repeat(256), "z".repeat(257));
        accepts(&["foo=1", &format!("{fits}=1")], &format!("foo=1,{fits}=1"));
        refuses(&["foo=1", &format!("{exceeds}=1")], TraceStateError::Key);
        accepts(&[&format!("foo={fits}")], &format!("foo={fits}"));
        refuses(&[&format!("foo={exceeds}")], TraceStateError::Value);
    }

    #[test]
    fn a_list_may_have_32_members_and_no_more() {
        let line = members(32, 4).join(",");
        accepts(&[&line], &line);
        accepts(&[&format!("{line},, ,")], &format!("{line},, ,"));
        refuses(&[&line, "32=1"], TraceStateError::TooManyMembers);
    }
}
