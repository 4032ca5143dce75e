//! The method that a path names.

/// The longest method name, without its leading slash, that is taken from the wire, in bytes.
const METHOD_LIMIT: usize = 256;

/// The method that the path of a gRPC request names: `pkg.Service/Method` of `/pkg.Service/Method`.
///
/// `None` unless the path is a service of letters, digits, `_` and `.`, and a method of letters, digits and `_`, and
/// not longer than 256 bytes after the slash.
///
/// # Cardinality
///
/// A well-formed path is still wire input: whoever calls chooses it. It becomes a label only once the method is known.
#[must_use]
pub fn method_path(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let (service, method) = name.split_once('/')?;
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let well_formed = name.len() <= METHOD_LIMIT
        && !service.is_empty()
        && !method.is_empty()
        && service.bytes().all(|byte| word(byte) || byte == b'.')
        && method.bytes().all(word);
    well_formed.then_some(name)
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

    #[test]
    fn a_method_is_read_from_a_well_formed_path() {
        for path in
            ["/pkg.Service/Method", "/Service/Method", "/a.b_c.D1/m_2", "/grpc.health.v1.Health/Check"]
        {
            assert_eq!(method_path(path), Some(&path[1..]));
        }
    }

    #[test]
    fn a_path_that_is_no_method_is_refused() {
        for path in [
            "",
            "/",
            "//",
            "///",
            "*",
            "/pkg.Service",
            "/pkg.Service/",
            "//Method",
            "pkg.Service/Method",
            "/a/b/",
            "/a/b/c",
            "/a//b",
            "//a/b",
            "/a/b.c",
            "/a-b/c",
            "/a/b-c",
            "/a/b?c",
            "/a%20/b",
            "/a b/c",
            "/\u{e9}/b",
            "/a/\u{e9}",
            "/a/b\n",
            "/a/{*rest}",
        ] {
            assert_eq!(method_path(path), None, "{path:?}");
        }
    }

    #[test]
    fn a_method_may_have_256_bytes_and_no_more() {
        let path = format!("/s/{}", "m".repeat(254));
        assert_eq!(method_path(&path), Some(&path[1..]));
        assert_eq!(method_path(&format!("{path}m")), None);
    }

    proptest! {
        #[test]
        fn an_arbitrary_path_is_a_method_only_if_it_has_one_shape(path in "[/a-zA-Z0-9_.]{0,12}|.*") {
            let shape = path.split('/').collect::<Vec<_>>();
            let expected = path.len() <= 257
                && matches!(shape[..], ["", service, method] if !service.is_empty() && !method.is_empty()
                    && !method.contains('.')
                    && [service, method].concat().chars().all(|c| c.is_ascii_alphanumeric() || "_.".contains(c)));
            prop_assert_eq!(method_path(&path), expected.then(|| &path[1..]));
        }
    }
}
