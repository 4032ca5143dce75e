//! Sums and levels.

use std::time::SystemTime;

use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Told;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Gauge, NumberDataPoint, Sum};
use tower_telemetry_metrics::{FamilySnapshot, Kind, Number, Series, Value};

use super::attributes::{self, nanos};
use super::exemplars;
use super::request::{Reading, keeper};

/// A counter, whole or as what is new.
pub(crate) fn sum(family: &FamilySnapshot, reading: &Reading<'_>) -> Option<Data> {
    let temporality = reading.temporality.of(keeper(family));
    let points = match temporality {
        AggregationTemporality::Delta => increases(family, reading),
        _ => levels(family, reading),
    };
    let sum = Sum { data_points: points, aggregation_temporality: temporality.into(), is_monotonic: true };
    (!sum.data_points.is_empty()).then_some(Data::Sum(sum))
}

/// A gauge, or a sum that also falls.
pub(crate) fn level(family: &FamilySnapshot, reading: &Reading<'_>) -> Option<Data> {
    let data_points = levels(family, reading);
    if data_points.is_empty() {
        return None;
    }
    Some(if family.kind() == Kind::UpDownCounter {
        // Never a difference: OTLP exporters tell such sums whole whatever is preferred.
        let aggregation_temporality = AggregationTemporality::Cumulative.into();
        Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic: false })
    } else {
        Data::Gauge(Gauge { data_points })
    })
}

fn levels(family: &FamilySnapshot, reading: &Reading<'_>) -> Vec<NumberDataPoint> {
    let tell = |series| Some(point(&series, number(&series)?, reading.start_of(&series), reading));
    family.series().filter_map(tell).collect()
}

fn increases(family: &FamilySnapshot, reading: &Reading<'_>) -> Vec<NumberDataPoint> {
    let earlier = reading.earlier(family);
    let tell = |series: Series<'_>| {
        let now = number(&series)?;
        let Some((before, time)) = earlier.of(&series) else {
            return Some(point(&series, now, reading.start_of(&series), reading));
        };
        let increase = increase(now, number(&before)?);
        // A series that rests is left out: it would be most of the request.
        (increase.as_f64() != 0.0).then(|| point(&series, increase, time, reading))
    };
    family.series().filter_map(tell).collect()
}

fn point(series: &Series<'_>, number: Number, start: SystemTime, reading: &Reading<'_>) -> NumberDataPoint {
    NumberDataPoint {
        attributes: attributes::of(series.labels()),
        start_time_unix_nano: nanos(start),
        time_unix_nano: nanos(reading.time),
        exemplars: exemplars::new(series.exemplar().into_iter(), reading.told()),
        flags: 0,
        value: Some(told(number)),
    }
}

fn number(series: &Series<'_>) -> Option<Number> {
    match series.value() {
        Value::Counter(number) | Value::Gauge(number) => Some(number),
        _ => None,
    }
}

/// What came after `before`. A sum that fell has begun anew: then all of it is new.
fn increase(now: Number, before: Number) -> Number {
    match (now, before) {
        (Number::Unsigned(now), Number::Unsigned(before)) => {
            Number::Unsigned(now.checked_sub(before).unwrap_or(now))
        }
        (now, before) if now.as_f64() < before.as_f64() => now,
        (now, before) => Number::Float(now.as_f64() - before.as_f64()),
    }
}

fn told(number: Number) -> Told {
    match number {
        Number::Signed(integer) => Told::AsInt(integer),
        Number::Unsigned(integer) => match i64::try_from(integer) {
            Ok(integer) => Told::AsInt(integer),
            Err(_) => Told::AsDouble(integer as f64),
        },
        other => Told::AsDouble(other.as_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_increase_is_the_difference_unless_the_sum_began_anew() {
        assert_eq!(increase(Number::Unsigned(5), Number::Unsigned(3)), Number::Unsigned(2));
        assert_eq!(increase(Number::Unsigned(2), Number::Unsigned(3)), Number::Unsigned(2));
        assert_eq!(increase(Number::Float(2.5), Number::Float(2.0)), Number::Float(0.5));
        assert_eq!(increase(Number::Float(1.5), Number::Float(2.0)), Number::Float(1.5));
    }

    #[test]
    fn an_integer_stays_one_while_it_fits() {
        assert_eq!(told(Number::Unsigned(7)), Told::AsInt(7));
        assert_eq!(told(Number::Signed(-7)), Told::AsInt(-7));
        assert_eq!(told(Number::Unsigned(u64::MAX)), Told::AsDouble(u64::MAX as f64));
        assert_eq!(told(Number::Float(0.5)), Told::AsDouble(0.5));
    }
}
