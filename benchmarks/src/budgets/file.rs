//! Budgets as a file.

use std::fmt::Write;

use super::Figures;
use crate::Result;

const HEAD: &str = "# What this project adds to a bare server, client or service: case, metric, value.
# `cargo run --release --manifest-path benchmarks/Cargo.toml --no-default-features -- --check` compares, and with
# `--write` writes this file. Instructions hold for what is named here.
";

pub(super) fn text(platform: &str, figures: &Figures) -> String {
    let mut text = format!("{HEAD}# {platform}\n");
    for ((case, metric), value) in figures {
        let _ = writeln!(text, "{case}\t{metric}\t{value}");
    }
    text
}

pub(super) fn read(text: &str) -> Result<Figures> {
    let line = |line: &str| {
        let mut parts = line.split('\t');
        let key = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some((key, parts.next()?.parse().ok()?))
    };
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|text| line(text).ok_or_else(|| format!("budgets.tsv: `{text}` is no budget").into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        Figures::from([(("http/ours".to_owned(), "allocs".to_owned()), 5.0)])
    }

    #[test]
    fn what_is_written_is_read() -> Result {
        let written = text("1.95.0", &figures());
        assert_eq!(read(&written)?, figures());
        assert!(read("a line").is_err());
        Ok(())
    }
}
