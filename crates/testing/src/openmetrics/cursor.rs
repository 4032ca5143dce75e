//! A line, read from its front.

use super::error::Result;
use super::family::Labels;

/// What is left of a line.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a str,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Naked {
    /// A metric: with colons.
    Metric,
    /// A label: without.
    Label,
}

/// What may stand first between braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// The name of the metric, in quotes.
    Name,
    /// A label, or nothing.
    Label,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(line: &'a str) -> Self {
        Self { rest: line }
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }

    /// Takes the text, if it comes next.
    pub(crate) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes what comes before the next blank, which stays.
    pub(crate) fn word(&mut self) -> &'a str {
        self.take(self.rest.find(' ').unwrap_or(self.rest.len()))
    }

    /// Takes a name, in quotes or naked.
    pub(crate) fn name(&mut self, naked: Naked) -> Result<String> {
        if self.eat("\"") {
            return match self.quoted()? {
                name if name.is_empty() => Err("a name is empty"),
                name => Ok(name),
            };
        }
        let is_first =
            |char: char| char.is_ascii_alphabetic() || char == '_' || char == ':' && naked == Naked::Metric;
        let end = self.rest.find(|char: char| !is_first(char) && !char.is_ascii_digit());
        match self.take(end.unwrap_or(self.rest.len())) {
            name if name.starts_with(is_first) => Ok(name.to_owned()),
            _ => Err("a name is expected here"),
        }
    }

    /// Takes labels and the brace behind them; the one before them is taken already.
    pub(crate) fn labels(&mut self, first: First) -> Result<(Option<String>, Labels)> {
        let mut labels = Labels::new();
        let mut metric = None;
        if first == First::Name {
            if !self.rest.starts_with('"') {
                return Err("a name is expected here");
            }
            metric = Some(self.name(Naked::Metric)?);
            if !self.eat(",") {
                return if self.eat("}") { Ok((metric, labels)) } else { Err("a comma is missing") };
            }
        } else if self.eat("}") {
            return Ok((None, labels));
        }
        loop {
            let name = self.name(Naked::Label)?;
            if !self.eat("=\"") {
                return Err("a label has no value in quotes");
            }
            if labels.insert(name, self.quoted()?).is_some() {
                return Err("a label is given twice");
            }
            if self.eat("}") {
                return Ok((metric, labels));
            }
            if !self.eat(",") {
                return Err("a comma is missing");
            }
        }
    }

    /// Takes a text up to its closing quote; the opening one is taken already.
    fn quoted(&mut self) -> Result<String> {
        let mut is_escaped = false;
        let end = self.rest.find(|char| {
            let closes = char == '"' && !is_escaped;
            is_escaped = char == '\\' && !is_escaped;
            closes
        });
        let Some(end) = end else { return Err("a quote is left open") };
        let text = unescaped(self.take(end));
        self.eat("\"");
        Ok(text)
    }

    fn take(&mut self, end: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }
}

/// A backslash before anything but itself, a quote and an `n` stands for itself.
pub(crate) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => match chars.next() {
                Some('n') => plain.push('\n'),
                Some(char @ ('\\' | '"')) => plain.push(char),
                Some(char) => plain.extend(['\\', char]),
                None => plain.push('\\'),
            },
            char => plain.push(char),
        }
    }
    plain
}
