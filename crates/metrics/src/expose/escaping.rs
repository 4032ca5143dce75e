//! Names that hold anything, written with what every reader takes.

/// How a scraper wants names escaped that are more than letters, digits, underscores and colons: the parameter
/// `escaping` of `Accept` and `Content-Type`.
///
/// A name in underscores ([`Names::Underscores`](super::Names::Underscores)) has nothing to escape, so that only
/// [`Dots`](Self::Dots) changes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Escaping {
    /// `allow-utf-8`: not at all; such a name stands in quotes.
    AllowUtf8,
    /// `underscores`: each run of other characters is one underscore.
    #[default]
    Underscores,
    /// `dots`: a dot is `_dot_`, an underscore or anything else is `__`.
    Dots,
    /// `values`: `U__` before the name, an underscore is `__`, anything else its code point between underscores.
    Values,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naked {
    /// A metric: with colons.
    Metric,
    /// A label: without.
    Label,
}

impl Escaping {
    /// The value of the parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AllowUtf8 => "allow-utf-8",
            Self::Underscores => "underscores",
            Self::Dots => "dots",
            Self::Values => "values",
        }
    }

    /// Reads the value of the parameter.
    pub(crate) fn named(value: &str) -> Option<Self> {
        [Self::AllowUtf8, Self::Underscores, Self::Dots, Self::Values]
            .into_iter()
            .find(|escaping| escaping.as_str() == value)
    }

    /// Escapes a name that is not empty. [`Underscores`](Self::Underscores) is a matter of translation: nothing is
    /// left to it here.
    pub(crate) fn escape(self, name: String, naked: Naked) -> String {
        match self {
            Self::AllowUtf8 | Self::Underscores => name,
            Self::Dots => dots(&name, naked),
            Self::Values if naked.takes(&name) => name,
            Self::Values => values(&name, naked),
        }
    }
}

impl Naked {
    /// Whether the name needs no quotes.
    pub(crate) fn takes(self, name: &str) -> bool {
        !name.starts_with(|first: char| first.is_ascii_digit())
            && !name.is_empty()
            && name.chars().all(|char| self.takes_char(char))
    }

    fn takes_char(self, char: char) -> bool {
        char.is_ascii_alphanumeric() || char == '_' || char == ':' && self == Self::Metric
    }
}

/// What is neither is doubled like an underscore, as the clients of Prometheus do: `a-b` and `a.b` stay apart.
fn dots(name: &str, naked: Naked) -> String {
    let mut escaped = String::with_capacity(name.len() + 16);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        escaped.push('_');
    }
    for char in name.chars() {
        match char {
            '.' => escaped.push_str("_dot_"),
            '_' => escaped.push_str("__"),
            char if naked.takes_char(char) => escaped.push(char),
            _ => escaped.push_str("__"),
        }
    }
    escaped
}

fn values(name: &str, naked: Naked) -> String {
    let mut escaped = String::from("U__");
    for char in name.chars() {
        match char {
            '_' => escaped.push_str("__"),
            char if naked.takes_char(char) => escaped.push(char),
            char => escaped.push_str(&format!("_{:x}_", u32::from(char))),
        }
    }
    escaped
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_as_prometheus_does() {
        for (name, dots, values) in [
            ("http.route", "http_dot_route", "U__http_2e_route"),
            ("http_route", "http__route", "http_route"),
            ("a_b.c", "a__b_dot_c", "U__a__b_2e_c"),
            ("a:b", "a:b", "a:b"),
            ("a-é", "a____", "U__a_2d__e9_"),
            ("1st", "_1st", "U__1st"),
            ("🦀", "__", "U___1f980_"),
        ] {
            assert_eq!(Escaping::Dots.escape(name.to_owned(), Naked::Metric), dots);
            assert_eq!(Escaping::Values.escape(name.to_owned(), Naked::Metric), values);
            assert_eq!(Escaping::AllowUtf8.escape(name.to_owned(), Naked::Metric), name);
        }
        assert_eq!(Escaping::Values.escape("a:b".to_owned(), Naked::Label), "U__a_3a_b");
    }

    #[test]
    fn a_value_of_the_parameter_is_known_by_its_name() {
        assert_eq!(Escaping::named("allow-utf-8"), Some(Escaping::AllowUtf8));
        assert_eq!(Escaping::named("dots"), Some(Escaping::Dots));
        assert_eq!(Escaping::named("Dots"), None);
        assert_eq!(Escaping::named(""), None);
    }
}
