//! A page of text, family by family.

use super::escaping::Naked;
use super::format::{Created, Format, Syntax};
use super::head::Head;
use super::label_names::LabelNames;
use super::naming::Naming;
use super::sample_name::LineLabels;
use super::series::SeriesWriter;
use super::{sample_name, unit};
use crate::store::{FamilySnapshot, Kind, Label, Snapshot, Value};

/// What the text formats differ in, beside names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Prometheus text.
    Text,
    /// OpenMetrics 1.0.
    OpenMetrics(Created),
}

/// How far a page is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    stage: Stage,
    /// Of the family that is being written.
    series: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Start,
    /// The resource, which OpenMetrics wants first, at this place among the families.
    Info(usize),
    Family(usize),
    End,
}

/// Appends the page to `out`. A format that is no text is written as text 0.0.4.
pub(crate) fn encode(snapshot: &Snapshot, format: Format, out: &mut String) {
    encode_from(&mut Place::default(), snapshot, format, usize::MAX, out);
}

/// Appends what comes next, and goes on until `out` is so long or the page has come to its end.
pub(crate) fn encode_from(
    place: &mut Place,
    snapshot: &Snapshot,
    format: Format,
    enough: usize,
    out: &mut String,
) {
    let dialect = match format.syntax() {
        Syntax::OpenMetrics => Dialect::OpenMetrics(format.created()),
        Syntax::Text0 | Syntax::Text1 | Syntax::Protobuf => Dialect::Text,
    };
    let families = snapshot.families();
    let info = || families.iter().position(|family| is_target_info(family, snapshot));
    let info = if dialect == Dialect::Text { None } else { info() };
    while out.len() < enough && !place.is_end() {
        let (family, form, next) = match place.stage {
            Stage::Start => {
                place.stage = info.map_or(Stage::Family(0), Stage::Info);
                continue;
            }
            Stage::Info(at) => (families.get(at), Form::Info, Stage::Family(0)),
            Stage::Family(at) if info == Some(at) => {
                place.stage = Stage::Family(at + 1);
                continue;
            }
            Stage::Family(at) => (families.get(at), Form::Family, Stage::Family(at + 1)),
            Stage::End => return,
        };
        let Some(family) = family else {
            if dialect != Dialect::Text {
                out.push_str("# EOF\n");
            }
            place.stage = Stage::End;
            return;
        };
        let piece = Piece { family, form, naming: format.naming(), dialect, from: place.series };
        *place = match piece.write(enough, out) {
            Some(series) => Place { series, ..*place },
            None => Place { stage: next, series: 0 },
        };
    }
}

impl Place {
    pub(crate) fn is_end(self) -> bool {
        self.stage == Stage::End
    }
}

/// The series of a family, from one on.
struct Piece<'a> {
    family: &'a FamilySnapshot,
    form: Form,
    naming: Naming,
    dialect: Dialect,
    from: usize,
}

/// As what a family is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Family,
    /// OpenMetrics has a type for what never changes: the one family of it that OpenTelemetry defines is the
    /// resource.
    Info,
}

impl Piece<'_> {
    /// Appends the series, and what is said of the family before its first. Returns which series is next, if `out`
    /// got long before they came to an end.
    fn write(&self, enough: usize, out: &mut String) -> Option<usize> {
        let Self { family, form, naming, dialect, from } = *self;
        let series = family.series().len();
        if series == 0 {
            return None;
        }
        let metric = naming.metric(family.descriptor(), family.kind());
        let unit = unit::suffix(family.descriptor().unit());
        let (name, kind, unit) = match (form, dialect, family.kind()) {
            (Form::Info, ..) => (metric.strip_suffix("_info").unwrap_or(&metric), "info", ""),
            (Form::Family, Dialect::OpenMetrics(_), Kind::Counter) => {
                (metric.strip_suffix("_total").unwrap_or(&metric), family.kind().as_str(), &*unit)
            }
            _ => (&*metric, family.kind().as_str(), &*unit),
        };
        if from == 0 {
            Head { name, kind, unit, help: family.descriptor().help() }.write(dialect, out);
        }
        let writer = SeriesWriter::new(name, &metric, family, dialect);
        let spelled = |name: &str| format!("{}=\"", sample_name::spelled(&naming.label(name), Naked::Label));
        let mut names = LabelNames::new(spelled);
        let (mut scratch, mut labels) = (String::new(), Vec::new());
        let start = out.len();
        // What is kept from page to page has the names that nearly everybody gets, none of them in quotes.
        let mut closed = |labels: &[Label]| {
            scratch.clear();
            names.write(labels, &mut scratch);
            sample_name::closed(&scratch)
        };
        let kept = if naming.has_plain_names() { family.label_texts(&mut closed) } else { None };
        for (index, one) in family.series_from(from).enumerate() {
            if out.len() >= enough {
                return Some(from + index);
            }
            if let Some(text) = kept.and_then(|kept| kept.row(one.row)) {
                writer.write_number(&one, LineLabels::Closed(text), out);
            } else {
                scratch.clear();
                names.write(one.lend_labels(&mut labels), &mut scratch);
                writer.write(&one, &scratch, out);
            }
            // The first tells how long a family gets: growing step by step copies a long page several times.
            if index == 0 {
                let rest = (out.len() - start) * (series - from);
                out.reserve(rest.min(enough.saturating_sub(out.len())));
            }
        }
        None
    }
}

/// Whether the family is the resource, and may be told as what it is: with no other value than one, and with no
/// family beside it that takes its name without `_info`.
fn is_target_info(family: &FamilySnapshot, snapshot: &Snapshot) -> bool {
    let is = |family: &FamilySnapshot, name: &str| family.descriptor().name() == name;
    let one = |value: Value<'_>| matches!(value, Value::Gauge(number) if number.as_f64() == 1.0);
    is(family, "target.info")
        && family.series().len() > 0
        && unit::suffix(family.descriptor().unit()).is_empty()
        && family.series().all(|series| one(series.value()))
        && !snapshot
            .families()
            .iter()
            .any(|other| super::name::base(other.descriptor(), other.kind()) == "target")
}
