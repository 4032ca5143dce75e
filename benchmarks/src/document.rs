//! The figures in the documentation: tables between marks in its pages, and charts.

use std::fs;

use crate::{Result, plot, report, rounds::Found, saved, summary, table, targets, versions};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const PAGES: [&str; 2] = ["docs/performance.md", "README.md"];

/// What stands between these is written from the figures; the name of what it is follows the first.
const BEGIN: &str = "<!-- figures: ";
const BEHIND: &str = " -->\n";
const END: &str = "<!-- end of figures -->";

/// Writes all of it anew from the figures that are saved.
///
/// # Errors
///
/// A page or a file of figures is not as it should be.
pub(crate) fn write() -> Result {
    for (path, text) in current()? {
        fs::write(format!("{ROOT}/{path}"), text)?;
    }
    Ok(())
}

/// Whether each file is what the saved figures say.
///
/// # Errors
///
/// One is not, or cannot be read.
pub(crate) fn check() -> Result {
    for (path, text) in current()? {
        if fs::read_to_string(format!("{ROOT}/{path}"))? != text {
            return Err(
                format!("{path} is not what benchmarks/figures.tsv says; `--document` writes it").into()
            );
        }
    }
    Ok(())
}

/// Each file, from the root of the project, with what it should hold.
fn current() -> Result<Vec<(String, String)>> {
    let (found, machine) = (saved::read()?, saved::machine()?);
    let mut files: Vec<(String, String)> =
        plot::charts(&found).map(|(file, chart)| (format!("docs/images/{file}.svg"), chart)).collect();
    for page in PAGES {
        let text = fs::read_to_string(format!("{ROOT}/{page}"))?;
        let filled = filled(&text, |name| shown(&found, &machine, name))
            .map_err(|error| format!("{page}: {error}"))?;
        files.push((page.to_owned(), filled));
    }
    Ok(files)
}

/// What a mark asks for: the machine, the targets, the versions, a summary, or the table of a group of cases.
fn shown(found: &Found, machine: &str, name: &str) -> Option<String> {
    let text = match name {
        "machine" => machine.to_owned(),
        "targets" => targets::table(found),
        "versions" => versions::of_peers(),
        "summary" => summary::of(found)?,
        group if found.iter().any(|(case, _)| report::group(case) == group) => table::of(found, group),
        _ => return None,
    };
    Some(text)
}

fn filled(text: &str, shown: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(BEHIND).ok_or("a mark has no end")?;
        let (_, after) =
            after.split_once(END).ok_or_else(|| format!("nothing ends the figures of {name}"))?;
        let new = shown(name).ok_or_else(|| format!("there are no figures of {name}"))?;
        filled.extend([before, BEGIN, name, BEHIND, "\n", new.trim_end(), "\n\n", END]);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_the_marks_is_replaced() -> Result {
        let text = "# A\n\n<!-- figures: log -->\nold\n<!-- end of figures -->\n\nB\n";
        let new = |name: &str| (name == "log").then(|| "new\n".to_owned());
        let expected = "# A\n\n<!-- figures: log -->\n\nnew\n\n<!-- end of figures -->\n\nB\n";
        assert_eq!(filled(text, new)?, expected);
        assert_eq!(filled(expected, new)?, expected);
        assert!(filled(text, |_| None).is_err());
        assert!(filled("<!-- figures: log -->\n", new).is_err());
        Ok(())
    }
}
