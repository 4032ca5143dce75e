//! The formats, and the list that chooses some of them.

use std::error::Error;
use std::fmt;

/// A way to write context into headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `tracecontext`: W3C Trace Context level 2, `traceparent` and `tracestate`.
    TraceContext,
    /// `baggage`: W3C Baggage, `baggage`.
    Baggage,
    /// `b3`: Zipkin's B3 in one header, `b3`; the several headers are read as well.
    B3,
    /// `b3multi`: Zipkin's B3 in several headers, `x-b3-*`; the single header is read as well.
    B3Multi,
    /// `jaeger`: `uber-trace-id`; with [`Baggage`](Self::Baggage) beside it, `uberctx-*` too.
    Jaeger,
}

/// A name that is none of a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFormat {
    /// The name, as it was written.
    pub name: String,
}

impl Format {
    /// What a list of formats may hold: what [`parse`](Self::parse) understands.
    pub const EXPECTED: &str = "a comma list of tracecontext, baggage, b3, b3multi and jaeger, or none alone";

    const ALL: [Self; 5] = [Self::TraceContext, Self::Baggage, Self::B3, Self::B3Multi, Self::Jaeger];

    /// The name, as `OTEL_PROPAGATORS` has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TraceContext => "tracecontext",
            Self::Baggage => "baggage",
            Self::B3 => "b3",
            Self::B3Multi => "b3multi",
            Self::Jaeger => "jaeger",
        }
    }

    /// Reads a list, as `OTEL_PROPAGATORS` has it: names between commas in any case, repeated ones once; `none` alone
    /// is the empty list.
    ///
    /// # Errors
    ///
    /// A name is unknown, or `none` stands beside another.
    pub fn parse(list: &str) -> Result<Vec<Self>, UnknownFormat> {
        let mut formats = Vec::new();
        if list.trim().eq_ignore_ascii_case("none") {
            return Ok(formats);
        }
        for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let format = Self::ALL.into_iter().find(|format| format.as_str().eq_ignore_ascii_case(name));
            let format = format.ok_or_else(|| UnknownFormat { name: name.to_owned() })?;
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        Ok(formats)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no format of context: there may be {}", self.name, Format::EXPECTED)
    }
}

impl Error for UnknownFormat {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_each_format_once_in_any_case() {
        let formats = Format::parse(" tracecontext, B3 ,b3multi,,Jaeger,baggage,b3");
        let all = [Format::TraceContext, Format::B3, Format::B3Multi, Format::Jaeger, Format::Baggage];
        assert_eq!(formats, Ok(all.to_vec()));
        assert_eq!(Format::parse(" None "), Ok(Vec::new()));
    }

    #[test]
    fn an_unknown_name_is_an_error_that_tells_the_known_ones() {
        for (list, name) in [("tracecontext,xray", "xray"), ("none,b3", "none"), ("b3 multi", "b3 multi")] {
            let error = Format::parse(list);
            assert_eq!(error, Err(UnknownFormat { name: name.to_owned() }));
            assert!(error.is_err_and(|error| error.to_string().contains("b3multi")));
        }
    }
}
