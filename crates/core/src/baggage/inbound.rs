//! What of the headers is taken.

use http::{HeaderMap, HeaderValue};

use crate::baggage::draft::{Draft, LENGTH_LIMIT, MEMBER_LIMIT};
use crate::baggage::grammar::{Wire, split};
use crate::baggage::list::Baggage;
use crate::names::header::BAGGAGE;

impl Baggage {
    /// Reads the value of a `baggage` header that came in one line, and says how many members were refused.
    ///
    /// A member that is malformed, or that exceeds a limit, is refused alone. Never panics.
    #[must_use]
    pub fn parse(line: &[u8]) -> (Self, usize) {
        Self::gather(split(line))
    }

    /// Reads all `baggage` headers, joined in their order, and says how many members were refused.
    ///
    /// Costs no allocation if there are none, or one line only that is well formed, which is then shared.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> (Self, usize) {
        let lines = headers.get_all(BAGGAGE);
        let mut each = lines.iter();
        match (each.next(), each.next()) {
            (None, _) => (Self::default(), 0),
            (Some(only), None) if is_sendable(only) => (Self { text: Some(only.clone()) }, 0),
            _ => Self::gather(lines.iter().flat_map(|line| split(line.as_bytes()))),
        }
    }

    fn gather<'a>(members: impl Iterator<Item = &'a [u8]>) -> (Self, usize) {
        let mut draft = Draft::default();
        let mut refused = 0;
        for member in members {
            let is_taken = Wire::of(member).is_some_and(|member| draft.push(member).is_ok());
            refused += usize::from(!is_taken);
        }
        (Self { text: draft.finish() }, refused)
    }
}

/// Whether the line may be sent as it is: at least one member, all of them legal, within the limits.
fn is_sendable(line: &HeaderValue) -> bool {
    let mut count = 0;
    line.len() <= LENGTH_LIMIT
        && split(line.as_bytes()).all(|member| {
            count += 1;
            count <= MEMBER_LIMIT && Wire::of(member).is_some_and(Wire::is_encoded)
        })
        && count > 0
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

    fn of(lines: &[&str]) -> (Baggage, usize) {
        let line = |line: &&str| (BAGGAGE, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        Baggage::from_headers(&lines.iter().map(line).collect())
    }

    #[track_caller]
    fn check(lines: &[&str], sent: &str, refused: usize) {
        let (baggage, count) = of(lines);
        let value = baggage.to_header_value();
        let value = value.as_ref().map_or("", |value| value.to_str().unwrap());
        assert_eq!((value, count), (sent, refused), "{lines:?}");
    }

    #[test]
    fn a_single_line_is_sent_on_as_it_came_without_a_copy() {
        let line = HeaderValue::from_static("a = 1 ; p = %20 , b=%2541;q,c=x=y");
        let headers = HeaderMap::from_iter([(BAGGAGE, line)]);
        let (baggage, refused) = Baggage::from_headers(&headers);
        let sent = baggage.to_header_value().unwrap();
        assert_eq!((&sent, refused), (&headers[BAGGAGE], 0));
        assert_eq!(sent.as_bytes().as_ptr(), headers[BAGGAGE].as_bytes().as_ptr());
        assert_eq!(baggage.get("a").as_deref(), Some("1"));
        assert_eq!(baggage.get("b").as_deref(), Some("%41"));
        assert_eq!(baggage.get("c").as_deref(), Some("x=y"));
    }

    #[test]
    fn nothing_is_sent_on_for_an_absent_or_empty_header() {
        for lines in [&[][..], &[""], &["", " "], &[" \t", ",,"]] {
            check(lines, "", 0);
        }
    }

    #[test]
    fn several_lines_are_joined_in_their_order_with_duplicates() {
        check(&["a=1,b=2", "c=3;p", "", "a=4"], "a=1,b=2,c=3;p,a=4", 0);
    }

    #[test]
    fn a_malformed_member_is_refused_alone() {
        for bad in [
            "broken",
            "=1",
            "a b=1",
            "k=a b",
            "k=\"x\"",
            "k=a\\b",
            "k=\u{e9}",
            "\u{e9}=1",
            "k=1;a b",
            "k=1;=x",
            "k=1;p=\"x\"",
            "k\t=\tx\ty",
            ";p=1",
        ] {
            check(&[&format!("a=1,{bad},b=2")], "a=1,b=2", 1);
            check(&[bad], "", 1);
        }
    }

    #[test]
    fn what_the_sender_had_to_encode_is_encoded() {
        check(&["k=50%,l=%2541;p=%zz"], "k=50%25,l=%2541;p=%25zz", 0);
    }

    #[test]
    fn empty_values_and_properties_are_legal_or_say_nothing() {
        check(&["k=,l=;p=;q", "m=1;;"], "k=,l=;p=;q,m=1", 0);
    }

    #[test]
    fn a_key_is_taken_to_the_letter() {
        check(&["k%41=1,K=2"], "k%41=1,K=2", 0);
        assert_eq!(of(&["k%41=1"]).0.get("k%41").as_deref(), Some("1"));
        assert_eq!(of(&["k%41=1"]).0.get("kA"), None);
    }

    #[test]
    fn there_are_64_members_over_all_lines_and_no_more() {
        let members = |range: std::ops::Range<u32>| range.map(|n| format!("k{n}=v")).collect::<Vec<_>>();
        let fits = members(0..64).join(",");
        check(&[&fits], &fits, 0);
        check(&[&members(0..65).join(",")], &fits, 1);
        check(&[&members(0..40).join(","), &members(40..70).join(",")], &fits, 6);
    }

    #[test]
    fn there_are_8192_bytes_over_all_lines_and_no_more() {
        let long = format!("a={}", "x".repeat(8190));
        check(&[&long], &long, 0);
        check(&[&format!("{long}x")], "", 1);
        let (half, other) = (format!("a={}", "x".repeat(4093)), format!("b={}", "x".repeat(4094)));
        check(&[&half, &other], &format!("{half},{other}"), 0);
        check(&[&half, &format!("{other}x"), "c=1"], &format!("{half},c=1"), 1);
        // White space is no part of a member, and is not sent if that saves one.
        check(&[&format!("{half} , {other}")], &format!("{half},{other}"), 0);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic_and_what_is_taken_reads_back(bytes: Vec<u8>) {
            let (baggage, _) = Baggage::parse(&bytes);
            if let Some(sent) = baggage.to_header_value() {
                prop_assert_eq!(Baggage::parse(sent.as_bytes()), (baggage, 0));
            }
        }

        #[test]
        fn a_string_that_is_almost_a_list_is_read_as_it_is_sent(text in "[ab=,;% \t1F\"]{0,60}") {
            let (baggage, _) = Baggage::parse(text.as_bytes());
            let sent = baggage.to_header_value();
            let line = sent.as_ref().map_or("", |sent| sent.to_str().unwrap());
            prop_assert_eq!(Baggage::parse(line.as_bytes()), (baggage.clone(), 0));
            prop_assert_eq!(of(&[text.as_str()]).0, baggage, "shared or rebuilt, it is the same");
        }
    }
}
