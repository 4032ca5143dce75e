//! Who may read the pages.

use std::fmt;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use subtle::ConstantTimeEq;

use crate::error::InitError;

/// The secret that a scraper has to show, as `Authorization: Bearer` (RFC 6750).
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// It has to be such that a header can carry it.
    pub(crate) fn new(text: String) -> Result<Self, InitError> {
        let carried = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if carried { Ok(Self(text)) } else { Err(InitError::AdminToken) }
    }

    /// Whether a request shows it. How long the answer takes tells nothing of the token but its length.
    pub(crate) fn is_shown(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(AUTHORIZATION).and_then(|value| {
            let (scheme, shown) = value.to_str().ok()?.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| shown.trim())
        });
        shown.is_some_and(|shown| shown.as_bytes().ct_eq(self.0.as_bytes()).into())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn check(header: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, header.parse().unwrap());
        Token::new("s3cret".into()).unwrap().is_shown(&headers)
    }

    #[test]
    fn only_the_token_itself_opens() {
        assert!(check("Bearer s3cret"));
        assert!(check("bearer  s3cret"));
        for other in ["", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret1", "Basic s3cret", "s3cret"] {
            assert!(!check(other), "{other}");
        }
        assert!(!Token::new("s3cret".into()).unwrap().is_shown(&HeaderMap::new()));
    }

    #[test]
    fn a_token_that_no_header_can_carry_is_an_error() {
        for text in ["", "two words", "line\n", "schlüssel"] {
            assert!(matches!(Token::new(text.into()), Err(InitError::AdminToken)), "{text}");
        }
    }

    #[test]
    fn a_token_is_not_told() {
        assert_eq!(format!("{:?}", Token::new("s3cret".into()).unwrap()), "Token");
    }
}
