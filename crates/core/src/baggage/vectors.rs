//! What the W3C asks of an implementation in its tests of baggage, case by case.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use crate::baggage::Baggage;

/// Every byte but `A-Z a-z 0-9 - . _ ~` encoded, as a careful sender does.
const ENCODED: &str = "%09%20%22%27%3B%3Dasdf%21%40%23%24%25%5E%26%2A%28%29";
const PLAIN: &str = "\t \"';=asdf!@#$%^&*()";

type Properties<'a> = &'a [(&'a str, Option<&'a str>)];

#[track_caller]
fn check(line: &str, members: &[(&str, &str, Properties<'_>)]) {
    let (baggage, refused) = Baggage::parse(line.as_bytes());
    assert_eq!(refused, 0, "{line:?}");
    assert_eq!(baggage.iter().count(), members.len(), "{line:?}");
    for (member, (key, value, properties)) in baggage.iter().zip(members) {
        assert_eq!((member.key(), &*member.value()), (*key, *value), "{line:?}");
        let read: Vec<_> = member.properties().collect();
        assert_eq!(read.len(), properties.len(), "{line:?}");
        for (property, (key, value)) in read.iter().zip(*properties) {
            assert_eq!((property.key, property.value.as_deref()), (*key, *value), "{line:?}");
        }
    }
}

#[track_caller]
fn sends(line: &str, sent: &str) {
    assert_eq!(Baggage::parse(line.as_bytes()).0.to_header_value().unwrap(), sent);
}

#[test]
fn ctor_default() {
    assert!(Baggage::default().is_empty());
    assert_eq!(Baggage::default().iter().count(), 0);
}

#[test]
fn parse_simple() {
    check("SomeKey=SomeValue", &[("SomeKey", "SomeValue", &[])]);
}

#[test]
fn parse_multiple() {
    let members: &[(_, _, Properties<'_>)] = &[
        ("SomeKey", "SomeValue", &[("SomeProp", None)]),
        ("SomeKey2", "SomeValue2", &[("ValueProp", Some("PropVal"))]),
    ];
    check("SomeKey=SomeValue;SomeProp,SomeKey2=SomeValue2;ValueProp=PropVal", members);
    check(
        "SomeKey \t = \t SomeValue \t ; \t SomeProp \t , \t SomeKey2 \t = \t SomeValue2 \t ; \t ValueProp \t = \t PropVal",
        members,
    );
}

#[test]
fn parse_multiple_kv_property() {
    let members: &[(_, _, Properties<'_>)] = &[
        ("SomeKey", "SomeValue", &[("SomePropKey", Some("SomePropValue"))]),
        ("SomeKey2", "SomeValue2", &[("SomePropKey2", Some("SomePropValue2"))]),
    ];
    check(
        "SomeKey=SomeValue;SomePropKey=SomePropValue,SomeKey2=SomeValue2;SomePropKey2=SomePropValue2",
        members,
    );
    check(
        "SomeKey \t = \t SomeValue \t ; \t SomePropKey=SomePropValue \t , \t SomeKey2 \t = \t SomeValue2 \t ; \t \
         SomePropKey2 \t = \t SomePropValue2",
        members,
    );
}

#[test]
fn parse_multiple_equals() {
    check("SomeKey=SomeValue=equals", &[("SomeKey", "SomeValue=equals", &[])]);
}

#[test]
fn parse_percent_encoded() {
    check(&format!("SomeKey={ENCODED}"), &[("SomeKey", PLAIN, &[])]);
    check(&format!("SomeKey \t = \t {ENCODED} \t "), &[("SomeKey", PLAIN, &[])]);
    sends(&format!("SomeKey={ENCODED}"), &format!("SomeKey={ENCODED}"));
}

#[test]
fn parse_simple_ows() {
    check("SomeKey \t = \t SomeValue \t ", &[("SomeKey", "SomeValue", &[])]);
}

#[test]
fn parse_property() {
    check("SomeKey=SomeValue;SomeProp", &[("SomeKey", "SomeValue", &[("SomeProp", None)])]);
    check("SomeKey \t = \t SomeValue \t ; \t SomeProp", &[("SomeKey", "SomeValue", &[("SomeProp", None)])]);
}

#[test]
fn parse_multi_property() {
    let properties: Properties<'_> = &[("SomeProp", None), ("SecondProp", Some("PropValue"))];
    check("SomeKey=SomeValue;SomeProp;SecondProp=PropValue", &[("SomeKey", "SomeValue", properties)]);
    check(
        "SomeKey \t = \t SomeValue \t ; \t SomeProp \t ; \t SecondProp \t = \t PropValue",
        &[("SomeKey", "SomeValue", properties)],
    );
}

#[test]
fn parse_multiple_properties_same_name() {
    check(
        "SomeKey=SomeValue;SomeProp;SomeProp=PropValue;SomeProp=AnotherPropValue",
        &[(
            "SomeKey",
            "SomeValue",
            &[("SomeProp", None), ("SomeProp", Some("PropValue")), ("SomeProp", Some("AnotherPropValue"))],
        )],
    );
}

#[test]
fn parse_kv_property() {
    let members: &[(_, _, Properties<'_>)] =
        &[("SomeKey", "SomeValue", &[("SomePropKey", Some("SomePropValue"))])];
    check("SomeKey=SomeValue;SomePropKey=SomePropValue", members);
    check("SomeKey \t = \t SomeValue \t ; \t SomePropKey \t = \t SomePropValue", members);
}

#[test]
fn parse_percent_encoded_property() {
    let line = format!("SomeKey=SomeValue;SomePropKey={ENCODED}");
    check(&line, &[("SomeKey", "SomeValue", &[("SomePropKey", Some(PLAIN))])]);
    sends(&line, &line);
}

#[test]
fn parse_property_without_value_no_percent_decoding() {
    check(
        "SomeKey=SomeValue;ValueProp%20%09%20%3D%20%09%20PropVal",
        &[("SomeKey", "SomeValue", &[("ValueProp%20%09%20%3D%20%09%20PropVal", None)])],
    );
}

#[test]
fn serialize_at_least_64() {
    let full = (0..64).fold(Baggage::default(), |all, n| all.with(&format!("key{n}"), "value").unwrap());
    assert_eq!(full.to_header_value().unwrap().to_str().unwrap().split(',').count(), 64);
}

#[test]
fn serialize_long_entry() {
    let long = Baggage::default().with("a", &"0123456789".repeat(819)).unwrap();
    assert_eq!(long.to_header_value().unwrap().len(), 8192);
}

#[test]
fn serialize_many_entries() {
    // More members than have to be passed on: whole ones are left out, and the rest is legal.
    let line = (0..512).map(|n| format!("{n:03}=0123456789a")).collect::<Vec<_>>().join(",");
    let (some, refused) = Baggage::parse(line.as_bytes());
    assert_eq!((some.iter().count(), refused), (64, 448));
    assert!(some.iter().all(|member| member.value() == "0123456789a"));
}
