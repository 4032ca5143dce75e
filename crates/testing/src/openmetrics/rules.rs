//! What a sample of a kind may be.

use super::error::Result;
use super::family::{Kind, Sample};
use super::number;

/// Checks a sample whose name is that of the family and `suffix`.
pub(crate) fn check(kind: Kind, family: &str, suffix: &str, sample: &Sample) -> Result {
    let is_whole = sample.value.is_finite() && sample.value.fract() == 0.0;
    match (kind, suffix) {
        (Kind::Info, _) if sample.value != 1.0 => return Err("an info is not one"),
        (Kind::StateSet, _) if !sample.labels.contains_key(family) => {
            return Err("a state has no label of its set's name");
        }
        (Kind::StateSet, _) if sample.value != 0.0 && sample.value != 1.0 => {
            return Err("a state is neither zero nor one");
        }
        (Kind::Summary, "") => quantile(sample)?,
        (_, "_bucket") if kind.has_buckets() && upper_bound(sample).is_none() => {
            return Err("a bucket has no upper bound");
        }
        (_, "_bucket" | "_count" | "_gcount") if !is_whole => return Err("a count is not whole"),
        _ => {}
    }
    if matches!(suffix, "_total" | "_sum" | "_count" | "_bucket" | "_gcount" | "_gsum")
        && sample.value.is_nan()
    {
        return Err("a count or a sum is NaN");
    }
    if matches!(suffix, "_total" | "_sum" | "_count" | "_bucket" | "_gcount") && sample.value < 0.0 {
        return Err("a count or a sum is negative");
    }
    let has_exemplar_place =
        kind.has_buckets() && suffix == "_bucket" || kind == Kind::Counter && suffix == "_total";
    match &sample.exemplar {
        Some(_) if !has_exemplar_place => Err("an exemplar is neither at a bucket nor at a counter"),
        Some(exemplar)
            if upper_bound(sample).is_some_and(|bound| exemplar.value > bound && suffix == "_bucket") =>
        {
            Err("an exemplar is above its bucket")
        }
        _ => Ok(()),
    }
}

/// The bound in the label `le`. Infinity has one spelling.
pub(crate) fn upper_bound(sample: &Sample) -> Option<f64> {
    canonical(sample.labels.get("le")?)
}

fn quantile(sample: &Sample) -> Result {
    let quantile = sample.labels.get("quantile").and_then(|quantile| canonical(quantile));
    if !quantile.is_some_and(|quantile| (0.0..=1.0).contains(&quantile)) {
        return Err("a quantile is not between zero and one");
    }
    if sample.value < 0.0 { Err("a quantile's value is negative") } else { Ok(()) }
}

fn canonical(text: &str) -> Option<f64> {
    number::value(text).filter(|bound| !bound.is_nan() && (*bound != f64::INFINITY || text == "+Inf"))
}
