//! `OTEL_RESOURCE_ATTRIBUTES`: `key=value` pairs behind commas, percent-encoded.
//!
//! <https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable>

use opentelemetry::KeyValue;

/// What the variable says; `None` where any part of it cannot be read, for then none of it counts.
///
/// Keys and values are decoded; `,` and `=` have to be encoded, all else may be. Blanks around them are not theirs. All
/// values are texts. An empty pair, such as a comma at the end leaves, says nothing.
pub(crate) fn parse(text: &str) -> Option<Vec<KeyValue>> {
    let pairs = text.split(',').filter(|pair| !pair.trim().is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair.split_once('=')?;
            let key = decode(key.trim()).filter(|key| !key.is_empty())?;
            Some(KeyValue::new(key, decode(value.trim())?))
        })
        .collect()
}

/// Undoes the percent-encoding (RFC 3986, 2.1); `None` where an escape or the text behind it is none.
fn decode(text: &str) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let mut digit = || (bytes.next()? as char).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        };
        decoded.push(byte);
    }
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&[(&str, &str)]>) {
        let told = parse(text).map(|pairs| {
            let pair = |pair: KeyValue| (pair.key.to_string(), pair.value.to_string());
            pairs.into_iter().map(pair).collect::<Vec<_>>()
        });
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        assert_eq!(told, expected.map(|pairs| pairs.iter().map(own).collect()), "{text}");
    }

    #[test]
    fn pairs_stand_behind_commas() {
        check("", Some(&[]));
        check("a=b", Some(&[("a", "b")]));
        check(" a = b , c=d ,", Some(&[("a", "b"), ("c", "d")]));
        check("a=", Some(&[("a", "")]));
        check("a=b=c;d", Some(&[("a", "b=c;d")]));
        check("a=b c", Some(&[("a", "b c")]));
    }

    #[test]
    fn keys_and_values_are_percent_decoded() {
        check("a%3Db=c%2Cd%3de", Some(&[("a=b", "c,d=e")]));
        check("a=%20b%20", Some(&[("a", " b ")]));
        check("a=100%25,b=%C3%A4%F0%9F%A6%80", Some(&[("a", "100%"), ("b", "ä🦀")]));
        check("a=b+c", Some(&[("a", "b+c")]));
        check("a=%2541", Some(&[("a", "%41")]));
    }

    #[test]
    fn what_is_wrong_in_one_part_makes_all_of_it_wrong() {
        for text in ["a", "a=b,c", "=b", "%20=", "a=%", "a=%4", "a=%4g", "a=%+1", "a=%ff", "a=b,c=%C3"] {
            let expected = (text == "%20=").then_some(&[(" ", "")][..]);
            check(text, expected);
        }
    }
}
