//! The reader agrees with each case of the standard's own test data.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use tower_telemetry_testing::openmetrics::{Kind, find, parse};

/// The page of each case, and whether it is one.
fn cases() -> Vec<(String, String, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/openmetrics-vectors/parsers");
    let mut cases: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let page = fs::read_to_string(path.join("metrics")).unwrap();
            let verdict = fs::read_to_string(path.join("test.json")).unwrap();
            let is_good = verdict.contains("\"shouldParse\": true");
            assert!(is_good || verdict.contains("\"shouldParse\": false"), "{verdict}");
            (path.file_name().unwrap().to_str().unwrap().to_owned(), page, is_good)
        })
        .collect();
    cases.sort();
    cases
}

#[test]
fn the_good_are_taken_and_the_bad_are_refused() {
    let cases = cases();
    assert_eq!(cases.len(), 211);
    assert_eq!(cases.iter().filter(|(.., is_good)| *is_good).count(), 44);
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(_, page, is_good)| parse(page).is_ok() != *is_good)
        .map(|(name, page, _)| format!("{name}: {:?}", parse(page).map(|_| "taken")))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_page_is_read_to_the_letter() {
    let page = [
        "# HELP wait_seconds A \\\"help\\\"\\n\\x.",
        "# TYPE wait_seconds histogram",
        "# UNIT wait_seconds seconds",
        r#"wait_seconds_bucket{le="0.5",a="\\ \" \n"} 1 # {trace_id="1f",a=" # "} 0.25 17.5"#,
        r#"wait_seconds_bucket{le="+Inf",a="\\ \" \n"} 2"#,
        r#"wait_seconds_count{a="\\ \" \n"} 2"#,
        r#"wait_seconds_sum{a="\\ \" \n"} 1.5"#,
        r#"# TYPE "a.b" gauge"#,
        r#"{"a.b","c.d"="e"} -1 12"#,
        r#"{"a.b"} NaN"#,
        "# EOF\n",
    ];
    let families = parse(&page.join("\n")).unwrap();
    assert_eq!(families.len(), 2);
    let wait = &families[0];
    assert_eq!(
        (wait.kind, wait.unit.as_str(), wait.help.as_str()),
        (Kind::Histogram, "seconds", "A \"help\"\n\\x.")
    );
    let bucket = find(&families, "wait_seconds_bucket", &[("a", "\\ \" \n"), ("le", "0.5")]).unwrap();
    let exemplar = bucket.exemplar.as_ref().unwrap();
    assert_eq!((bucket.value, exemplar.value, exemplar.timestamp), (1.0, 0.25, Some(17.5)));
    assert_eq!(exemplar.labels["a"], " # ");
    let gauge = find(&families, "a.b", &[("c.d", "e")]).unwrap();
    assert_eq!((gauge.value, gauge.timestamp), (-1.0, Some(12.0)));
    assert!(find(&families, "a.b", &[]).unwrap().value.is_nan());
    assert!(find(&families, "wait_seconds_bucket", &[("le", "0.5")]).is_none());
}

#[test]
fn what_the_cases_leave_open_is_refused_with_its_reason() {
    for (page, reason) in [
        ("a 1\na 1\n# EOF\n", "line 2: a sample is given twice"),
        ("# TYPE a histogram\na_bucket{le=\"1\"} 1 # {} 2\n# EOF", "line 2: an exemplar is above its bucket"),
        (
            "# TYPE a counter\na_total{b=\"1\"} 1\na_total{b=\"2\"} 1\na_created{b=\"1\"} 1\n# EOF",
            "line 4: a group of samples comes back after another",
        ),
        ("# UNIT aseconds seconds\n# EOF", "line 2: the unit is not the last word of the name"),
        ("a 1\n", "line 2: the page has no # EOF"),
        ("", "line 1: the page has no # EOF"),
        ("# EOF\n\n", "line 2: the page goes on after its end"),
        ("a 1\r\n# EOF\n", "line 1: a value is no number"),
        ("{a=\"b\"} 1\n# EOF\n", "line 1: a name is expected here"),
        ("{\"\"} 1\n# EOF\n", "line 1: a name is empty"),
        ("a 1\nb 1\na{c=\"d\"} 1\n# EOF\n", "line 4: two families have a name in common"),
    ] {
        assert_eq!(parse(page).unwrap_err().to_string(), reason, "{page}");
    }
}

proptest! {
    #[test]
    fn no_page_stops_the_reader(pieces in prop::collection::vec(prop::sample::select(vec![
        "a", "a_total", "b_bucket", "{", "}", "=\"", "\"", "\\", ",", " ", "\n", "# TYPE ", "# HELP ", "# UNIT ", " # {",
        "counter", "histogram", "le=\"+Inf\"", "1", "NaN", "-", "# EOF", "# EOF\n", "é", "\0",
    ]), 0..40)) {
        let page = pieces.concat();
        // Whatever is read has an end.
        prop_assert!(parse(&page).is_err() || page.contains("# EOF"));
    }
}
