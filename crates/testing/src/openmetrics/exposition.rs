//! A page, line by line.

use std::collections::HashSet;

use super::error::{ParseError, Result};
use super::family::Family;
use super::metadata::Metadata;
use super::open_family::OpenFamily;
use super::sample_line;

/// Reads a whole page, `# EOF` included.
///
/// # Errors
///
/// The first line that breaks a rule of OpenMetrics 1.0. Never panics.
pub fn parse(page: &str) -> Result<Vec<Family>, ParseError> {
    let mut reader = Reader::default();
    let mut lines = page.split('\n').enumerate().map(|(index, line)| (index + 1, line)).peekable();
    while let Some((number, line)) = lines.next() {
        let error = |reason| ParseError::new(number, reason);
        match line {
            "# EOF" => {
                return match (lines.next(), lines.next()) {
                    (None | Some((_, "")), None) => reader.close().map_err(error),
                    _ => Err(ParseError::new(number + 1, "the page goes on after its end")),
                };
            }
            "" if lines.peek().is_some() => return Err(error("a line is blank")),
            "" => break,
            line if line.starts_with('#') => reader.metadata(line).map_err(error)?,
            line => reader.sample(line).map_err(error)?,
        }
    }
    Err(ParseError::new(page.lines().count() + 1, "the page has no # EOF"))
}

/// What has been read so far.
#[derive(Debug, Default)]
struct Reader {
    open: Option<OpenFamily>,
    closed: Vec<Family>,
    /// The names that families and their samples have taken.
    names: HashSet<String>,
}

impl Reader {
    fn metadata(&mut self, line: &str) -> Result {
        let Metadata { name, says } = Metadata::parse(line)?;
        if self.open.as_ref().is_none_or(|open| open.name() != name) {
            self.begin(name)?;
        }
        self.open.as_mut().map_or(Ok(()), |open| open.say(says))
    }

    fn sample(&mut self, line: &str) -> Result {
        let sample = sample_line::parse(line)?;
        let suffix = self.open.as_ref().and_then(|open| open.suffix_of(&sample));
        if suffix.is_none() {
            // Without metadata, a sample is a family of its own.
            self.begin(sample.name.clone())?;
        }
        self.open.as_mut().map_or(Ok(()), |open| open.push(suffix.unwrap_or_default(), sample))
    }

    fn begin(&mut self, name: String) -> Result {
        self.end()?;
        self.open = Some(OpenFamily::new(name));
        Ok(())
    }

    fn end(&mut self) -> Result {
        let Some(open) = self.open.take() else { return Ok(()) };
        let (name, kind) = (open.name().to_owned(), open.kind());
        self.closed.push(open.close()?);
        let suffixes = kind.suffixes().iter().filter(|suffix| !suffix.is_empty());
        let all_new = suffixes
            .map(|suffix| format!("{name}{suffix}"))
            .chain([name.clone()])
            .all(|name| self.names.insert(name));
        if all_new { Ok(()) } else { Err("two families have a name in common") }
    }

    fn close(mut self) -> Result<Vec<Family>> {
        self.end()?;
        Ok(self.closed)
    }
}
