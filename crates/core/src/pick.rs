//! Some fields of a head, found in one look.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Heads of more fields than this are asked by hash: about there a walk over all of them costs as much.
const WALKED: usize = 16;

/// The first value of each of these fields.
///
/// To hash a name costs more than to pass a few others by: most heads have about ten fields.
// Where the names stand, so that they are constants and each comparison is one of numbers.
#[must_use]
#[inline(always)]
pub fn pick<'a, const N: usize>(
    headers: &'a HeaderMap,
    names: [&HeaderName; N],
) -> [Option<&'a HeaderValue>; N] {
    if headers.len() > WALKED {
        return names.map(|name| headers.get(name));
    }
    let mut found = [None; N];
    for (name, value) in headers {
        for (wanted, found) in names.iter().zip(&mut found) {
            // Names of the standard are numbers: no text is compared.
            if *wanted == name && found.is_none() {
                *found = Some(value);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fields_are_found_as_the_map_finds_them(fields in vec((0..20_usize, any::<u32>()), 0..40)) {
            let names = [CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName::from_static("x-forwarded-proto")];
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                let other = || format!("x-{name}").parse().unwrap_or(HOST);
                headers.append(names.get(name).cloned().unwrap_or_else(other), value.into());
            }
            prop_assert_eq!(pick(&headers, names.each_ref()), names.each_ref().map(|name| headers.get(name)));
        }
    }
}
