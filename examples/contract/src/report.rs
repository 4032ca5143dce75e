//! What was found, rule by rule.

use std::fmt;

/// Whether a rule of the contract is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is kept.
    Kept,
    /// It is broken.
    Broken,
    /// There was nothing to judge by.
    Silent,
}

/// How the service believes the one who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// It takes the caller's request id.
    Trusted,
    /// It does not.
    Stranger,
}

/// A rule, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The rule.
    pub rule: &'static str,
    /// Whether it is kept.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
}

impl Row {
    pub(crate) fn kept(rule: &'static str, found: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Kept, found: found.into() }
    }

    pub(crate) fn broken(rule: &'static str, found: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Broken, found: found.into() }
    }

    pub(crate) fn silent(rule: &'static str, found: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Silent, found: found.into() }
    }

    pub(crate) fn of(rule: &'static str, found: Result<String, String>) -> Self {
        match found {
            Ok(found) => Self::kept(rule, found),
            Err(found) => Self::broken(rule, found),
        }
    }
}

/// All rules, and how the caller is believed. `Display` is a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the service believes the one who asked.
    pub caller: Caller,
    /// A row for each rule.
    pub rows: Vec<Row>,
}

impl Report {
    /// How many rules are broken.
    #[must_use]
    pub fn broken(&self) -> usize {
        self.rows.iter().filter(|row| row.verdict == Verdict::Broken).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "callers from here are {}",
            match self.caller {
                Caller::Trusted => "trusted",
                Caller::Stranger => "strangers",
            }
        )?;
        let width = self.rows.iter().map(|row| row.rule.len()).max().unwrap_or_default();
        for Row { rule, verdict, found } in &self.rows {
            let verdict = match verdict {
                Verdict::Kept => "kept",
                Verdict::Broken => "BROKEN",
                Verdict::Silent => "-",
            };
            writeln!(f, "{verdict:<7} {rule:<width$}  {found}")?;
        }
        let judged = self.rows.iter().filter(|row| row.verdict != Verdict::Silent).count();
        write!(f, "{} of {judged} rules are kept", judged - self.broken())
    }
}

/// What a service said, as it may be shown on a terminal: one short line without control characters.
pub(crate) fn shown(said: &[u8]) -> String {
    const LONGEST: usize = 80;
    let text = String::from_utf8_lossy(said).escape_debug().to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}..", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_says_cannot_write_on_the_terminal() {
        assert_eq!(shown(b"evil\x1b[31m\r\n\"\xff"), "evil\\u{1b}[31m\\r\\n\\\"\u{fffd}");
        assert_eq!(shown("\u{202e}".as_bytes()), "\\u{202e}");
        assert_eq!(shown(&[b'x'; 8_192]).len(), 82);
    }

    #[test]
    fn a_report_is_a_table_with_a_sum() {
        let rows = vec![
            Row::kept("a rule", "id"),
            Row::broken("another rule", "nothing"),
            Row::silent("a third", "no header"),
        ];
        let report = Report { caller: Caller::Stranger, rows };
        let table = "callers from here are strangers\n\
                     kept    a rule        id\n\
                     BROKEN  another rule  nothing\n\
                     -       a third       no header\n\
                     1 of 2 rules are kept";
        assert_eq!(report.to_string(), table);
    }
}
