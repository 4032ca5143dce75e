//! The page of metrics: whatever names, labels and numbers are told, a strict reader reads them back.

use tower_telemetry_metrics::expose::{self, Created, Escaping, Format, Names, Syntax};
use tower_telemetry_metrics::{Descriptor, Sample, Store};
use tower_telemetry_testing::openmetrics::parse;

use super::input;

pub(crate) fn run(data: &[u8]) {
    let Some((&choice, rest)) = data.split_first() else { return };
    let texts = input::texts(rest);
    let number = f64::from_bits(rest.iter().fold(0, |bits, byte| bits << 7 ^ u64::from(*byte)));
    let store = Store::new();
    store.collector({
        let texts = texts.clone();
        move |out: &mut dyn FnMut(Sample<'_>)| {
            for told in texts.chunks(6).take(4) {
                let text = |at: usize| told.get(at).map_or("", String::as_str);
                let descriptor =
                    Descriptor::from_owned(text(0).to_owned(), text(1).to_owned(), text(2).to_owned());
                let labels = [(text(3), text(4)), (text(5), text(0))];
                let labels = labels.get(..told.len().saturating_sub(3).min(2)).unwrap_or_default();
                out(match choice & 1 {
                    0 => Sample::gauge(&descriptor, labels, number),
                    _ => Sample::counter(&descriptor, labels, number),
                });
            }
        }
    });
    let escaping = match choice >> 1 & 3 {
        0 => Escaping::AllowUtf8,
        1 => Escaping::Underscores,
        2 => Escaping::Dots,
        _ => Escaping::Values,
    };
    let names = if choice & 8 == 0 { Names::Dotted } else { Names::default() };
    let snapshot = store.snapshot();
    let page = |syntax| {
        let mut page = Vec::new();
        expose::encode(
            &snapshot,
            Format::new(syntax, escaping).with_names(names).with_created(Created::Omitted),
            &mut page,
        );
        page
    };
    let open = String::from_utf8(page(Syntax::OpenMetrics)).unwrap();
    let families = parse(&open).unwrap_or_else(|error| panic!("{error}:\n{open}"));
    let told: usize = snapshot.families().iter().map(|family| family.series().len()).sum();
    let read: usize = families.iter().map(|family| family.samples.len()).sum();
    assert_eq!(read, told, "{open}");
    // The other syntaxes, by what all of them share.
    for syntax in [Syntax::Text0, Syntax::Text1] {
        let text = String::from_utf8(page(syntax)).unwrap();
        assert!(text.is_empty() || text.ends_with('\n'));
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), told, "{text}");
    }
    drop(page(Syntax::Protobuf));
}
