//! Lines that begin with a hash.

use super::cursor::{Cursor, Naked, unescaped};
use super::error::Result;
use super::family::Kind;

/// A line of metadata: the name of the family, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) says: Says,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Says {
    Help(String),
    Type(Kind),
    Unit(String),
}

impl Metadata {
    pub(crate) fn parse(line: &str) -> Result<Self> {
        let mut cursor = Cursor::new(line);
        let word = ["HELP", "TYPE", "UNIT"].into_iter().find(|word| {
            let mut ahead = cursor.clone();
            ahead.eat("# ") && ahead.eat(word) && ahead.eat(" ")
        });
        let Some(word) = word else { return Err("neither HELP, TYPE, UNIT nor EOF") };
        cursor.eat("# ");
        cursor.eat(word);
        cursor.eat(" ");
        let name = cursor.name(Naked::Metric)?;
        if !cursor.eat(" ") {
            return Err("a line of metadata ends after its name");
        }
        let rest = cursor.rest();
        let says = match word {
            "HELP" => Says::Help(unescaped(rest)),
            "TYPE" => Says::Type(Kind::named(rest).ok_or("there is no such type")?),
            _ => Says::Unit(rest.to_owned()),
        };
        Ok(Self { name, says })
    }
}
