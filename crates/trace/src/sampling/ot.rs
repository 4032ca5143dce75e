//! The `ot` entry of `tracestate`: where samplers tell each other thresholds and randomness.

use std::cell::Cell;

use tower_telemetry_core::TraceState;

use crate::sampling::hex;
use crate::sampling::randomness::Randomness;
use crate::sampling::threshold::Threshold;

/// The key of the entry in `tracestate`.
const OT: &str = "ot";
/// The threshold of the samplers so far.
const TH: &str = "th";
/// Explicit randomness, where the trace id has none.
const RV: &str = "rv";
/// The most characters that the value may have.
const VALUE_LIMIT: usize = 256;

thread_local! {
    /// An entry that somebody is done with, emptied: the next one is written into it.
    static SPARE: Cell<String> = const { Cell::new(String::new()) };
}

/// Takes back an entry that nobody wants any more.
pub(crate) fn take_back(mut entry: String) {
    if entry.capacity() <= VALUE_LIMIT {
        entry.clear();
        let _ = SPARE.try_with(|spare| spare.set(entry));
    }
}

/// A value of `ot` that follows the grammar: `key:value` pairs with `;` between them, no key twice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ot<'a>(&'a str);

impl<'a> Ot<'a> {
    /// No entry.
    pub(super) const NONE: Self = Self("");

    /// The entry of a trace state; an empty one where there is none or where it breaks the grammar.
    pub(crate) fn of(state: &'a TraceState) -> Self {
        Self(state.get(OT).filter(|value| is_valid(value)).unwrap_or_default())
    }

    /// The threshold that it tells; none where that is malformed.
    pub(super) fn threshold(self) -> Option<Threshold> {
        self.get(TH).and_then(Threshold::from_digits)
    }

    /// The randomness that it tells; none where that is malformed.
    pub(super) fn randomness(self) -> Option<Randomness> {
        self.get(RV).and_then(Randomness::from_digits)
    }

    /// What to send on so that it tells this threshold, the rest untouched; `None` where nothing changes.
    pub(super) fn telling(self, threshold: Threshold) -> Option<String> {
        if self.threshold() == Some(threshold) {
            return None;
        }
        let mut own = SPARE.try_with(Cell::take).unwrap_or_default();
        own.reserve(TH.len() + 1 + hex::DIGITS);
        own.push_str(TH);
        own.push(':');
        // A text takes whatever is written to it.
        let _ = threshold.write_to(&mut own);
        if self.0.is_empty() {
            return Some(own);
        }
        let told = self.rewritten(Some(&own));
        // Too long to be legal: better no threshold than a wrong one, or than losing what others wrote.
        if told.len() <= VALUE_LIMIT { Some(told) } else { self.untold() }
    }

    /// What to send on so that it tells no threshold, the rest untouched; `None` where it tells none already.
    pub(crate) fn untold(self) -> Option<String> {
        self.get(TH).map(|_| self.rewritten(None))
    }

    /// The pairs in their order, with `own` in the place of the threshold, at the end if there was none.
    fn rewritten(self, own: Option<&str>) -> String {
        let mut text = String::with_capacity(self.0.len() + TH.len() + 16);
        let mut own_left = own;
        for pair in self.pairs() {
            let is_threshold = key_of(pair) == TH;
            if let Some(pair) = if is_threshold { own_left.take() } else { Some(pair) } {
                push(&mut text, pair);
            }
        }
        if let Some(own) = own_left {
            push(&mut text, own);
        }
        text
    }

    fn get(self, key: &str) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        self.pairs().find(|pair| key_of(pair) == key)?.split_once(':').map(|(_, value)| value)
    }

    fn pairs(self) -> impl Iterator<Item = &'a str> {
        self.0.split(';').filter(|pair| !pair.is_empty())
    }
}

fn push(text: &mut String, pair: &str) {
    if !text.is_empty() {
        text.push(';');
    }
    text.push_str(pair);
}

fn key_of(pair: &str) -> &str {
    pair.split(':').next().unwrap_or_default()
}

fn is_valid(value: &str) -> bool {
    value.len() <= VALUE_LIMIT
        && value.split(';').all(is_pair)
        && value
            .split(';')
            .enumerate()
            .all(|(index, pair)| value.split(';').take(index).all(|earlier| key_of(earlier) != key_of(pair)))
}

/// `[a-z][a-z0-9]*:[A-Za-z0-9._-]*`
fn is_pair(pair: &str) -> bool {
    pair.split_once(':').is_some_and(|(key, value)| {
        key.starts_with(|first: char| first.is_ascii_lowercase())
            && key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
            && value
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn state(text: &str) -> TraceState {
        TraceState::parse(text.as_bytes()).unwrap()
    }

    fn one_percent() -> Threshold {
        Threshold::of_probability(0.01).unwrap()
    }

    #[test]
    fn threshold_and_randomness_are_read_between_other_pairs() {
        let state = state("a=1,ot=p:8;th:c;rv:6e6d1a75832a2f;x9:A._-,b=2");
        let ot = Ot::of(&state);
        assert_eq!(ot.threshold(), Threshold::from_digits("c"));
        assert_eq!(ot.randomness(), Randomness::from_digits("6e6d1a75832a2f"));
    }

    #[test]
    fn a_malformed_pair_is_ignored_and_the_rest_is_not() {
        let state = state("ot=th:C;rv:6e6d1a75832a2f");
        assert_eq!((Ot::of(&state).threshold(), Ot::of(&state).randomness().is_some()), (None, true));
        assert_eq!(Ot::of(&state).telling(one_percent()).unwrap(), "th:fd70a;rv:6e6d1a75832a2f");
        let state = self::state("ot=th:c;rv:6e6d1a7");
        assert_eq!((Ot::of(&state).threshold().is_some(), Ot::of(&state).randomness()), (true, None));
    }

    #[test]
    fn an_entry_that_breaks_the_grammar_tells_nothing_and_is_replaced() {
        for ot in
            ["th", "th:c;", ";th:c", "th:c;th:8", "Th:c", "9a:1;th:c", "th:c:d", "th:c;x y:1", "th: c", ":c"]
        {
            let state = state(&format!("ot={ot}"));
            let parsed = Ot::of(&state);
            assert_eq!((parsed.threshold(), parsed.untold()), (None, None), "{ot}");
            assert_eq!(parsed.telling(one_percent()).unwrap(), "th:fd70a", "{ot}");
        }
    }

    #[test]
    fn a_threshold_takes_the_place_of_the_one_that_stood_there() {
        for (ot, told, untold) in [
            ("p:8;th:c;r:62", Some("p:8;th:fd70a;r:62"), Some("p:8;r:62")),
            ("p:8;r:62", Some("p:8;r:62;th:fd70a"), None),
            ("th:c", Some("th:fd70a"), Some("")),
            ("th:fd70a", None, Some("")),
            ("th:fd70a000000000", None, Some("")),
        ] {
            let state = state(&format!("ot={ot}"));
            assert_eq!(Ot::of(&state).telling(one_percent()).as_deref(), told, "{ot}");
            assert_eq!(Ot::of(&state).untold().as_deref(), untold, "{ot}");
        }
        assert_eq!(Ot::of(&TraceState::default()).telling(Threshold::ALWAYS).unwrap(), "th:0");
    }

    #[test]
    fn a_threshold_that_would_make_the_entry_too_long_is_not_told() {
        let rest = format!("x:{}", "v".repeat(250));
        let long = state(&format!("ot={rest}"));
        assert_eq!(Ot::of(&long).telling(one_percent()), None);
        let longer = state(&format!("ot=th:8;x:{}", "v".repeat(246)));
        assert_eq!(Ot::of(&longer).telling(one_percent()).unwrap(), format!("x:{}", "v".repeat(246)));
    }

    proptest! {
        #[test]
        fn any_entry_stays_legal_and_tells_the_threshold(value in "[a-c:;0-9tTh.=]{1,40}", p in 1e-12..=1.0_f64) {
            let threshold = Threshold::of_probability(p).unwrap();
            if let Ok(state) = TraceState::parse(format!("ot={value}").as_bytes()) {
                let told = Ot::of(&state).telling(threshold).map(|ot| state.with(OT, &ot).unwrap()).unwrap_or(state);
                prop_assert_eq!(Ot::of(&told).threshold(), Some(threshold));
                if let Some(rest) = Ot::of(&told).untold().filter(|rest| !rest.is_empty()) {
                    prop_assert_eq!(Ot::of(&told.with(OT, &rest).unwrap()).threshold(), None);
                }
            }
        }
    }
}
