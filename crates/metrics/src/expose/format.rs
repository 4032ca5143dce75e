//! What a page looks like, and what it is called in a header.

use super::escaping::Escaping;
use super::naming::{Names, Naming};

/// A way to write a snapshot down: the answer of [`negotiate`](super::negotiate), or a choice of the program.
///
/// ```
/// use tower_telemetry_metrics::expose::{Escaping, Format, Names, Syntax};
///
/// let format = Format::new(Syntax::Text1, Escaping::AllowUtf8).with_names(Names::Dotted);
/// assert_eq!(format.content_type(), "text/plain; version=1.0.0; escaping=allow-utf-8");
/// assert_eq!(Format::default(), Format::TEXT);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    syntax: Syntax,
    escaping: Escaping,
    names: Names,
    created: Created,
}

/// The grammar of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Syntax {
    /// The Prometheus text format 0.0.4, which every reader knows.
    Text0,
    /// The Prometheus text format 1.0.0: the same with names in quotes.
    Text1,
    /// OpenMetrics text 1.0.
    OpenMetrics,
    /// Messages of `io.prometheus.client.MetricFamily`, each after its length.
    Protobuf,
}

/// Whether OpenMetrics text has a line for the time at which a series began.
///
/// Protobuf always tells the time: there it is a field and no sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Created {
    /// `_created` beside each counter and histogram, as the standard recommends: a reader then tells a restart
    /// from a standstill. A reader that does not know the line stores it as one more series.
    #[default]
    Told,
    /// No such line.
    Omitted,
}

impl Format {
    /// The Prometheus text format 0.0.4 with names in underscores: what is answered to whom says nothing else.
    pub const TEXT: Self = Self::new(Syntax::Text0, Escaping::Underscores);

    /// OpenMetrics text 1.0 with names in underscores.
    pub const OPEN_METRICS: Self = Self::new(Syntax::OpenMetrics, Escaping::Underscores);

    /// Length-delimited protobuf with names in underscores.
    pub const PROTOBUF: Self = Self::new(Syntax::Protobuf, Escaping::Underscores);

    /// A format with [`Names::Underscores`]. [`Syntax::Text0`] has no quotes for names, and so escapes with
    /// [`Escaping::Underscores`] where [`Escaping::AllowUtf8`] is given.
    pub const fn new(syntax: Syntax, escaping: Escaping) -> Self {
        let escaping = match (syntax, escaping) {
            (Syntax::Text0, Escaping::AllowUtf8) => Escaping::Underscores,
            (_, escaping) => escaping,
        };
        Self { syntax, escaping, names: Names::Underscores, created: Created::Told }
    }

    /// Sets how names are translated, before they are escaped.
    #[must_use]
    pub const fn with_names(mut self, names: Names) -> Self {
        self.names = names;
        self
    }

    /// Sets whether OpenMetrics text tells when a series began.
    #[must_use]
    pub const fn with_created(mut self, created: Created) -> Self {
        self.created = created;
        self
    }

    /// The grammar.
    pub const fn syntax(self) -> Syntax {
        self.syntax
    }

    /// How names are escaped.
    pub const fn escaping(self) -> Escaping {
        self.escaping
    }

    /// How names are translated.
    pub const fn names(self) -> Names {
        self.names
    }

    /// Whether OpenMetrics text tells when a series began.
    pub const fn created(self) -> Created {
        self.created
    }

    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        // A macro, because a table of all pairs written by hand hides its one mistake well.
        macro_rules! of {
            ($head:literal) => {
                match self.escaping {
                    Escaping::AllowUtf8 => concat!($head, "; escaping=allow-utf-8"),
                    Escaping::Underscores => concat!($head, "; escaping=underscores"),
                    Escaping::Dots => concat!($head, "; escaping=dots"),
                    Escaping::Values => concat!($head, "; escaping=values"),
                }
            };
        }
        match (self.syntax, self.escaping) {
            // Older than the parameter, whose default this is.
            (Syntax::Text0, Escaping::Underscores) => "text/plain; version=0.0.4",
            (Syntax::Text0, _) => of!("text/plain; version=0.0.4"),
            (Syntax::Text1, _) => of!("text/plain; version=1.0.0"),
            (Syntax::OpenMetrics, _) => {
                of!("application/openmetrics-text; version=1.0.0; charset=utf-8")
            }
            (Syntax::Protobuf, _) => {
                of!(
                    "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"
                )
            }
        }
    }

    pub(crate) const fn naming(self) -> Naming {
        Naming { names: self.names, escaping: self.escaping }
    }
}

impl Default for Format {
    fn default() -> Self {
        Self::TEXT
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn each_format_has_its_content_type() {
        for (syntax, escaping, expected) in [
            (Syntax::Text0, Escaping::Underscores, "text/plain; version=0.0.4"),
            (Syntax::Text0, Escaping::AllowUtf8, "text/plain; version=0.0.4"),
            (Syntax::Text0, Escaping::Values, "text/plain; version=0.0.4; escaping=values"),
            (Syntax::Text1, Escaping::AllowUtf8, "text/plain; version=1.0.0; escaping=allow-utf-8"),
            (
                Syntax::OpenMetrics,
                Escaping::Dots,
                "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=dots",
            ),
            (
                Syntax::Protobuf,
                Escaping::Underscores,
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; \
                 encoding=delimited; escaping=underscores",
            ),
        ] {
            assert_eq!(Format::new(syntax, escaping).content_type(), expected);
        }
    }
}
