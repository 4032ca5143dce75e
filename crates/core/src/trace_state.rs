//! What other tracing systems say of a trace, the `tracestate` header of [W3C Trace Context Level 2].
//!
//! It travels with the trace unread: a well-formed header that nobody changes goes out as it came in, without a copy.
//! One illegal member makes the whole header invalid. That says nothing on `traceparent`, which stays in force; the
//! opposite holds: without a valid `traceparent` a `tracestate` must not be used.
//!
//! ```
//! use tower_telemetry_core::trace_state::TraceState;
//!
//! let inbound = TraceState::parse(b"congo=t61rcWkgMzE, rojo=00f067aa0ba902b7")?;
//! assert_eq!(inbound.get("rojo"), Some("00f067aa0ba902b7"));
//!
//! let outbound = inbound.with("rojo", "1")?;
//! assert_eq!(outbound.to_header_value().unwrap(), "rojo=1,congo=t61rcWkgMzE");
//! # Ok::<(), tower_telemetry_core::trace_state::TraceStateError>(())
//! ```
//!
//! [W3C Trace Context Level 2]: https://www.w3.org/TR/trace-context-2/

use std::error::Error;
use std::{fmt, iter};

use http::{HeaderMap, HeaderValue};

use crate::names::header::TRACESTATE;
use crate::trace_ids::trim_ows;

/// The most members that a list may have.
const MEMBER_LIMIT: usize = 32;
/// The longest key, in bytes.
const KEY_LIMIT: usize = 256;
/// The longest value, in bytes.
const VALUE_LIMIT: usize = 256;
/// How much is sent on, in bytes: what the standard asks every system to pass.
const SEND_LIMIT: usize = 512;
/// Members above this length, in bytes, are the first to go when the list is too long to be sent.
const LONG_MEMBER: usize = 128;

/// A valid list of members, `key=value` each, the latest writer first; empty by default.
///
/// Equality is that of the members; white space around them and empty ones do not count.
#[derive(Clone, Default)]
pub struct TraceState {
    /// Valid and with at least one member, else `None`.
    text: Option<HeaderValue>,
}

/// Why a `tracestate` is not valid.
///
/// The receiver drops the whole header, and keeps `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TraceStateError {
    /// A member has no `=`.
    Member,
    /// A key is empty, too long, or holds an illegal character.
    Key,
    /// A value is empty, too long, or holds an illegal character.
    Value,
    /// Two members have the same key.
    DuplicateKey,
    /// There are more than 32 members.
    TooManyMembers,
}

impl TraceState {
    /// Reads the value of a `tracestate` header that came in one line.
    ///
    /// Empty members and white space around members are legal and ignored. Never panics.
    ///
    /// # Errors
    ///
    /// If a rule of the standard is broken; see [`TraceStateError`].
    pub fn parse(line: &[u8]) -> Result<Self, TraceStateError> {
        check(split(line))?;
        Ok(Self::join(split(line)))
    }

    /// Reads all `tracestate` headers, joined in their order; empty where there are none.
    ///
    /// Costs no allocation if there are none, or one line only, whose value is then shared.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), of the whole: two lines must not have the same key.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, TraceStateError> {
        let lines = headers.get_all(TRACESTATE);
        let members = || lines.iter().flat_map(|line| split(line.as_bytes()));
        if check(members())? == 0 {
            return Ok(Self::default());
        }
        let mut each = lines.iter();
        match (each.next(), each.next()) {
            (Some(only), None) => Ok(Self { text: Some(only.clone()) }),
            _ => Ok(Self::join(members())),
        }
    }

    /// Whether there is no member.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_none()
    }

    /// The value of the member with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find_map(|(name, value)| (name == key).then_some(value))
    }

    /// Keys and values in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.members().filter_map(|member| str::from_utf8(member).ok()?.split_once('='))
    }

    /// This list with the member `key=value` put first, in place of the one that had the key.
    ///
    /// If that makes 33 members, the last one goes.
    ///
    /// # Errors
    ///
    /// [`TraceStateError::Key`] or [`TraceStateError::Value`], if they are not legal.
    pub fn with(&self, key: &str, value: &str) -> Result<Self, TraceStateError> {
        check_key(key.as_bytes())?;
        check_value(value.as_bytes())?;
        let own = format!("{key}={value}");
        let others = self.members().filter(|member| key_of(member) != key.as_bytes()).take(MEMBER_LIMIT - 1);
        Ok(Self::join(iter::once(own.as_bytes()).chain(others)))
    }

    /// What to send on: `None` if there is no member, since an empty `tracestate` should not be sent.
    ///
    /// A list of at most 512 bytes is sent as it is, without a copy. From a longer one whole members are dropped until
    /// it fits: first those above 128 bytes, then any, from the end each time.
    #[must_use]
    pub fn to_header_value(&self) -> Option<HeaderValue> {
        let text = self.text.as_ref()?;
        if text.len() <= SEND_LIMIT {
            return Some(text.clone());
        }
        let mut members: Vec<_> = self.members().collect();
        let mut excess = joined_length(&members).saturating_sub(SEND_LIMIT);
        for shortest in [LONG_MEMBER + 1, 0] {
            for index in (0..members.len()).rev() {
                if excess == 0 {
                    break;
                }
                if members.get(index).is_some_and(|member| member.len() >= shortest) {
                    let comma = usize::from(members.len() > 1);
                    excess = excess.saturating_sub(members.remove(index).len() + comma);
                }
            }
        }
        Self::join(members).text
    }

    fn members(&self) -> impl Iterator<Item = &[u8]> {
        split(self.text.as_ref().map_or(&[], HeaderValue::as_bytes))
    }

    /// A list of valid members, in its shortest form.
    fn join<'a>(members: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut text = Vec::new();
        for member in members {
            if !text.is_empty() {
                text.push(b',');
            }
            text.extend_from_slice(member);
        }
        // Valid members are visible ASCII and spaces, which every header may hold.
        Self { text: HeaderValue::try_from(text).ok().filter(|text| !text.is_empty()) }
    }
}

impl PartialEq for TraceState {
    fn eq(&self, other: &Self) -> bool {
        self.members().eq(other.members())
    }
}

impl Eq for TraceState {}

impl fmt::Debug for TraceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl fmt::Display for TraceStateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Member => "a tracestate member has no equals sign",
            Self::Key => "a tracestate key is not legal",
            Self::Value => "a tracestate value is not legal",
            Self::DuplicateKey => "two tracestate members have the same key",
            Self::TooManyMembers => "tracestate has more than 32 members",
        })
    }
}

impl Error for TraceStateError {}

/// The members of one line, trimmed; empty ones, which say nothing, are left out.
fn split(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|&byte| byte == b',').map(trim_ows).filter(|member| !member.is_empty())
}

/// Checks every member and the list as a whole; returns how many there are.
fn check<'a>(members: impl Iterator<Item = &'a [u8]>) -> Result<usize, TraceStateError> {
    let mut keys: [&[u8]; MEMBER_LIMIT] = [&[]; MEMBER_LIMIT];
    let mut count = 0;
    for member in members {
        let key = key_of(member);
        let value = member.get(key.len() + 1..).ok_or(TraceStateError::Member)?;
        check_key(key)?;
        check_value(value)?;
        if keys.iter().take(count).any(|seen| *seen == key) {
            return Err(TraceStateError::DuplicateKey);
        }
        *keys.get_mut(count).ok_or(TraceStateError::TooManyMembers)? = key;
        count += 1;
    }
    Ok(count)
}

/// What stands before the first `=`; the whole member where there is none.
fn key_of(member: &[u8]) -> &[u8] {
    member.split(|&byte| byte == b'=').next().unwrap_or_default()
}

/// `[0-9a-z][0-9a-z_*/@-]{0,255}`
fn check_key(key: &[u8]) -> Result<(), TraceStateError> {
    let first = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z');
    let later = |byte: &u8| first(byte) || matches!(byte, b'_' | b'*' | b'/' | b'@' | b'-');
    let legal = key.len() <= KEY_LIMIT && key.first().is_some_and(first) && key.iter().all(later);
    legal.then_some(()).ok_or(TraceStateError::Key)
}

/// 1 to 256 of the characters 0x20 to 0x7e but for comma and equals sign; the last is no space.
fn check_value(value: &[u8]) -> Result<(), TraceStateError> {
    let legal = value.len() <= VALUE_LIMIT
        && value.last().is_some_and(|&byte| byte != b' ')
        && value.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b',' | b'='));
    legal.then_some(()).ok_or(TraceStateError::Value)
}

/// The length of the members with the commas between them.
fn joined_length(members: &[&[u8]]) -> usize {
    members.iter().map(|member| member.len()).sum::<usize>() + members.len().saturating_sub(1)
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (TRACESTATE, HeaderValue::from_str(line).unwrap())).collect()
    }

    fn of(lines: &[&str]) -> Result<TraceState, TraceStateError> {
        TraceState::from_headers(&headers(lines))
    }

    fn sent(state: &TraceState) -> String {
        state.to_header_value().map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    fn accepts(lines: &[&str], outbound: &str) {
        assert_eq!(of(lines).map(|state| sent(&state)), Ok(outbound.to_owned()), "{lines:?}");
    }

    fn refuses(lines: &[&str], error: TraceStateError) {
        assert_eq!(of(lines), Err(error), "{lines:?}");
    }

    /// `count` members of `length` bytes each: `00=vvv`, `01=vvv` and so on.
    fn members(count: usize, length: usize) -> Vec<String> {
        (0..count).map(|n| format!("{n:02}={}", "v".repeat(length - 3))).collect()
    }

    #[test]
    fn a_single_line_is_sent_on_as_it_came_without_a_copy() {
        let headers = headers(&["foo=1 \t , \t bar=2, ,"]);
        let state = TraceState::from_headers(&headers).unwrap();
        let (inbound, outbound) = (&headers[TRACESTATE], state.to_header_value().unwrap());
        assert_eq!(inbound, outbound);
        assert_eq!(inbound.as_bytes().as_ptr(), outbound.as_bytes().as_ptr());
        assert_eq!(state.iter().collect::<Vec<_>>(), [("foo", "1"), ("bar", "2")]);
        assert_eq!(format!("{state:?}"), r#"{"foo": "1", "bar": "2"}"#);
    }

    #[test]
    fn nothing_is_sent_on_for_an_absent_or_empty_header() {
        for lines in [&[][..], &[""], &["", ""], &[" \t", ",,"]] {
            let state = of(lines).unwrap();
            assert!(state.is_empty());
            assert_eq!(state.to_header_value(), None);
            assert_eq!(state.iter().next(), None);
        }
        assert!(TraceState::parse(b" ,").unwrap().is_empty());
    }

    #[test]
    fn several_lines_are_joined_in_their_order() {
        accepts(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], "foo=1,bar=2,rojo=1,congo=2,baz=3");
        accepts(&["foo=1", ""], "foo=1");
        accepts(&["", "foo=1"], "foo=1");
    }

    #[test]
    fn white_space_around_members_is_ignored() {
        for line in
            ["foo=1 \t , \t bar=2, \t baz=3", "foo=1\t \t,\t \tbar=2,\t \tbaz=3", " foo=1,bar=2,baz=3 \t"]
        {
            let state = of(&[line]).unwrap();
            assert_eq!(
                state.iter().collect::<Vec<_>>(),
                [("foo", "1"), ("bar", "2"), ("baz", "3")],
                "{line:?}"
            );
            assert_eq!(state, TraceState::parse(b"foo=1,bar=2,baz=3").unwrap());
        }
    }

    #[test]
    fn spaces_at_the_beginning_of_a_value_are_its_own() {
        assert_eq!(of(&["foo=  1 x  ,bar=2"]).unwrap().get("foo"), Some("  1 x"));
    }

    #[test]
    fn duplicate_keys_make_the_whole_invalid() {
        refuses(&["foo=1,foo=1"], TraceStateError::DuplicateKey);
        refuses(&["foo=1,foo=2"], TraceStateError::DuplicateKey);
        refuses(&["foo=1", "bar=2,foo=1"], TraceStateError::DuplicateKey);
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

    #[test]
    fn an_own_member_is_put_first_and_replaces_the_old_one() {
        let state = of(&["a=1, b=2 ,,c=3"]).unwrap();
        assert_eq!(sent(&state.with("d", "4").unwrap()), "d=4,a=1,b=2,c=3");
        assert_eq!(sent(&state.with("b", "5").unwrap()), "b=5,a=1,c=3");
        assert_eq!(sent(&TraceState::default().with("a", "1").unwrap()), "a=1");
        assert_eq!(state.with("A", "1"), Err(TraceStateError::Key));
        assert_eq!(state.with("a", "1,b=2"), Err(TraceStateError::Value));
        assert_eq!(state.with("a", "1 "), Err(TraceStateError::Value));
        assert_eq!(state.with("a", ""), Err(TraceStateError::Value));
        assert_eq!(state.with("a", "1\r\n"), Err(TraceStateError::Value));
    }

    #[test]
    fn a_33rd_member_displaces_the_last_one() {
        let state = TraceState::parse(members(32, 4).join(",").as_bytes()).unwrap();
        let state = state.with("own", "1").unwrap();
        assert_eq!(state.iter().count(), 32);
        assert_eq!((state.get("own"), state.get("30"), state.get("31")), (Some("1"), Some("v"), None));
        // Replacing one displaces none.
        assert_eq!(state.with("30", "w").unwrap().iter().count(), 32);
    }

    #[test]
    fn a_list_of_512_bytes_is_sent_whole() {
        let line = members(19, 26).join(",");
        assert_eq!(line.len(), 512);
        let state = of(&[&line]).unwrap();
        assert_eq!(state.to_header_value().unwrap(), line);
        // The very same bytes, not a list put together anew.
        let again = (state.to_header_value().unwrap(), state.to_header_value().unwrap());
        assert_eq!(again.0.as_bytes().as_ptr(), again.1.as_bytes().as_ptr());
    }

    #[test]
    fn a_member_that_cannot_be_sent_alone_leaves_nothing_to_send() {
        let state = of(&[&format!("{}={}", "k".repeat(256), "v".repeat(256))]).unwrap();
        assert!(!state.is_empty());
        assert_eq!(state.to_header_value(), None);
    }

    #[test]
    fn white_space_is_dropped_before_any_member_is() {
        let list = members(19, 26);
        accepts(&[&list.join(" , ")], &list.join(","));
    }

    #[test]
    fn long_members_are_dropped_first_and_then_the_last_ones() {
        let mut list = members(20, 26);
        accepts(&[&list.join(",")], &list[..19].join(","));

        // 128 characters are not yet long.
        let long = |length: usize| format!("long={}", "v".repeat(length - 5));
        list.insert(1, long(128));
        accepts(&[&list.join(",")], &list[..15].join(","));
        list[1] = long(129);
        accepts(&[&list.join(",")], &[&list[..1], &list[2..20]].concat().join(","));
    }

    #[test]
    fn of_long_members_just_as_many_are_dropped_as_needed() {
        let [a, b, c] = ["a", "b", "c"].map(|key| format!("{key}={}", "v".repeat(200)));
        let line = [&a, "x=1", &b, &c, "y=2"].join(",");
        accepts(&[&line], &[&a, "x=1", &b, "y=2"].join(","));
    }

    fn any_member() -> impl Strategy<Value = (String, String)> {
        ("[0-9a-z][0-9a-z_*/@-]{0,40}", "[ -+.-<>-~-]{0,40}[!-+.-<>-~-]")
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes: Vec<u8>) {
            if let Ok(state) = TraceState::parse(&bytes) {
                let _ = state.to_header_value();
            }
        }

        #[test]
        fn a_string_that_is_almost_a_list_is_read_as_it_is_sent(text in "[a-c=, \t@A]{0,60}") {
            if let Ok(state) = TraceState::parse(text.as_bytes()) {
                prop_assert_eq!(TraceState::parse(sent(&state).as_bytes()), Ok(state));
            }
        }

        #[test]
        fn what_is_sent_is_bounded_and_reads_back_as_some_of_the_members(
            list in proptest::collection::vec(any_member(), 0..40),
        ) {
            let line = list.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ,,");
            match of(&[&line]) {
                Ok(state) => {
                    prop_assert!(state.iter().eq(list.iter().map(|(key, value)| (key.as_str(), value.as_str()))));
                    let sent = sent(&state);
                    prop_assert!(sent.len() <= SEND_LIMIT);
                    let kept = TraceState::parse(sent.as_bytes()).unwrap();
                    let mut all = state.iter();
                    prop_assert!(kept.iter().all(|member| all.any(|other| other == member)), "a member is changed");
                }
                Err(error) => {
                    let mut keys: Vec<_> = list.iter().map(|(key, _)| key).collect();
                    keys.sort_unstable();
                    keys.dedup();
                    match error {
                        TraceStateError::TooManyMembers => prop_assert!(list.len() > MEMBER_LIMIT),
                        TraceStateError::DuplicateKey => prop_assert!(keys.len() < list.len()),
                        _ => prop_assert!(false, "{error}: {line}"),
                    }
                }
            }
        }

        #[test]
        fn a_member_that_is_put_is_found((key, value) in any_member(), (other, _) in any_member()) {
            let state = TraceState::parse(format!("{other}=x").as_bytes()).unwrap().with(&key, &value).unwrap();
            prop_assert_eq!(state.get(&key), Some(value.as_str()));
            prop_assert_eq!(state.iter().next(), Some((key.as_str(), value.as_str())));
            prop_assert!(state.get(&other).is_some());
        }
    }
}
