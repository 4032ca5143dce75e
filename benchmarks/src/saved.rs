//! The figures that documents show, in a file beside them.

use std::{collections::BTreeMap, fmt::Write, fs};

use crate::{
    Result, machine,
    report::{group, spread},
    rounds::{Found, metric},
};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/figures.tsv");

const HEAD: &str = "# Of the runs that the documentation shows: case, metric, median, lowest, highest.
# `--plot` puts in what it measured, and writes docs/performance.md and the charts with it.
";

/// Before the words of [`machine::told`].
const MACHINE: &str = "# On ";

/// What is there.
///
/// # Errors
///
/// There is no such file, or it holds something else.
pub(crate) fn read() -> Result<Found> {
    parse(&fs::read_to_string(PATH)?)
}

/// What the last run was made on.
///
/// # Errors
///
/// There is no such file, or it does not say so.
pub(crate) fn machine() -> Result<String> {
    let text = fs::read_to_string(PATH)?;
    let machine = text.lines().find_map(|line| line.strip_prefix(MACHINE));
    Ok(machine.ok_or("figures.tsv does not say on what machine it was measured")?.to_owned())
}

/// Puts the cases of a run in the place of what the file says of them; the others stay.
///
/// # Errors
///
/// The file holds something else, or cannot be written.
pub(crate) fn put(found: &Found) -> Result {
    let before = if fs::exists(PATH)? { read()? } else { Found::new() };
    Ok(fs::write(PATH, text(&machine::told(), &merged(before, found)))?)
}

fn merged(mut saved: Found, found: &Found) -> Found {
    for (case, values) in found {
        match saved.iter_mut().find(|(name, _)| name == case) {
            Some((_, there)) => there.clone_from(values),
            None => {
                // Behind the last of its group, whose first is its base.
                let last = saved.iter().rposition(|(name, _)| group(name) == group(case));
                saved.insert(last.map_or(saved.len(), |last| last + 1), (case.clone(), values.clone()));
            }
        }
    }
    saved
}

fn text(machine: &str, found: &Found) -> String {
    let mut text = format!("{HEAD}{MACHINE}{machine}\n");
    for (case, values) in found {
        for (metric, values) in values {
            let Some([lowest, median, highest]) = spread(values) else { continue };
            let _ =
                writeln!(text, "{case}\t{metric}\t{}\t{}\t{}", short(median), short(lowest), short(highest));
        }
    }
    text
}

/// Three digits behind the point, as far as they say something.
fn short(value: f64) -> String {
    format!("{value:.3}").trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn parse(text: &str) -> Result<Found> {
    let mut found = Found::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (case, metric, values) =
            figure(line).ok_or_else(|| format!("figures.tsv: `{line}` is no figure"))?;
        match found.last_mut().filter(|(last, _)| last == case) {
            Some((_, there)) => drop(there.insert(metric, values)),
            None => found.push((case.to_owned(), BTreeMap::from([(metric, values)]))),
        }
    }
    Ok(found)
}

fn figure(line: &str) -> Option<(&str, &'static str, Vec<f64>)> {
    let mut parts = line.split('\t');
    let (case, metric) = (parts.next()?, metric(parts.next()?)?);
    let values: Vec<f64> = parts.map(str::parse).collect::<std::result::Result<_, _>>().ok()?;
    (values.len() == 3).then_some((case, metric, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(name: &str, value: f64) -> (String, BTreeMap<&'static str, Vec<f64>>) {
        (name.to_owned(), BTreeMap::from([("cpu_ns", vec![value - 1.0, value, value + 1.0])]))
    }

    #[test]
    fn what_is_saved_is_read_with_its_spread() -> Result {
        let found = vec![case("http/bare", 10.0), case("log/ours", 20.0)];
        let read = parse(&text("a machine", &found))?;
        let spreads =
            |found: &Found| found.iter().map(|(_, values)| spread(&values["cpu_ns"])).collect::<Vec<_>>();
        assert_eq!(spreads(&read), spreads(&found));
        assert!(parse("http/bare\tcpu_ns\t1").is_err());
        assert!(parse("http/bare\tluck\t1\t1\t1").is_err());
        Ok(())
    }

    #[test]
    fn a_run_replaces_its_cases_and_leaves_the_others() {
        let saved = vec![case("http/bare", 10.0), case("log/floor", 20.0)];
        let found = vec![case("http/bare", 11.0), case("http/ours", 12.0)];
        let expected = [case("http/bare", 11.0), case("http/ours", 12.0), case("log/floor", 20.0)];
        assert_eq!(merged(saved, &found), expected);
    }
}
