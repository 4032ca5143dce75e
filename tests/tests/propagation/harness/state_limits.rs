//! What no `tracestate` may hold: the strict cases.

use crate::harness::state::text;

#[tokio::test]
async fn tracestate_key_illegal_characters() {
    for line in ["foo =1", "FOO=1", "foo.bar=1"] {
        assert_eq!(text(&[line]).await, "", "{line:?}");
    }
}

#[tokio::test]
async fn tracestate_key_illegal_vendor_format() {
    for line in ["foo@=1,bar=2", "foo@@bar=1,bar=2", "foo@bar@baz=1,bar=2"] {
        assert_eq!(text(&[line]).await, line);
    }
    assert_eq!(text(&["@foo=1,bar=2"]).await, "");
}

#[tokio::test]
async fn tracestate_member_count_limit() {
    let members = |range: std::ops::RangeInclusive<u32>| {
        range.map(|n| format!("bar{n:02}={n:02}")).collect::<Vec<_>>().join(",")
    };
    let lines = [members(1..=10), members(11..=20), members(21..=30), members(31..=32), members(31..=33)];
    let [a, b, c, fits, exceeds] = lines.each_ref().map(String::as_str);
    assert_eq!(text(&[a, b, c, fits]).await, members(1..=32));
    assert_eq!(text(&[a, b, c, exceeds]).await, "");
}

#[tokio::test]
async fn tracestate_key_length_limit() {
    let keys = [
        "z".repeat(256),
        format!("{}@{}", "t".repeat(241), "v".repeat(14)),
        format!("{}@v", "t".repeat(242)),
        format!("t@{}", "v".repeat(15)),
    ];
    for key in keys {
        assert_eq!(text(&["foo=1", &format!("{key}=1")]).await, format!("foo=1,{key}=1"));
    }
    assert_eq!(text(&["foo=1", &format!("{}=1", "z".repeat(257))]).await, "");
}

#[tokio::test]
async fn tracestate_value_illegal_characters() {
    for line in ["foo=bar=baz", "foo=,bar=3"] {
        assert_eq!(text(&[line]).await, "", "{line:?}");
    }
}

/// Beyond the harness: at least 512 characters are sent on, and what is dropped is dropped whole.
#[tokio::test]
async fn a_long_state_loses_whole_members() {
    let line = (0..32).map(|n| format!("k{n:02}={}", "v".repeat(30))).collect::<Vec<_>>().join(",");
    let sent = text(&[&line]).await;
    assert!(sent.len() <= 512 && sent.len() > 512 - 35, "{}", sent.len());
    assert!(line.starts_with(&format!("{sent},")), "{sent}");
}
