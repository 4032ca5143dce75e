//! What is said of a family before its samples.

use super::{escape, escaping::Naked, page::Dialect, sample_name};

/// The lines of metadata.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    /// As a suffix of the name; empty for none.
    pub(crate) unit: &'a str,
    pub(crate) help: &'a str,
}

impl Head<'_> {
    pub(crate) fn write(&self, dialect: Dialect, out: &mut String) {
        let name = sample_name::spelled(self.name, Naked::Metric);
        let line = |word: &str, out: &mut String| {
            out.push_str("# ");
            out.push_str(word);
            out.push(' ');
            out.push_str(&name);
            out.push(' ');
        };
        if !self.help.is_empty() {
            line("HELP", out);
            match dialect {
                Dialect::Text => escape::help(self.help, out),
                Dialect::OpenMetrics(_) => escape::quoted(self.help, out),
            }
            out.push('\n');
        }
        line("TYPE", out);
        out.push_str(self.kind);
        out.push('\n');
        // The standard wants the unit to be the last word of the name, which escaping may have changed.
        let ends_so = self.name.strip_suffix(self.unit).is_some_and(|rest| rest.ends_with('_'));
        if matches!(dialect, Dialect::OpenMetrics(_)) && !self.unit.is_empty() && ends_so {
            line("UNIT", out);
            out.push_str(self.unit);
            out.push('\n');
        }
    }
}
