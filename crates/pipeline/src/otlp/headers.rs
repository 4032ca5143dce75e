//! Headers that go with each export, such as a key of the collector.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::signal::{Signal, Variable};
use crate::error::InitError;
use crate::settings::Environment;

/// Reads them; those of the signal win over those of all signals.
pub(crate) fn of(environment: Environment, signal: Signal) -> Result<HeaderMap, InitError> {
    let mut headers = HeaderMap::new();
    let [own, all] = Variable::HEADERS.of(signal);
    for variable in [all, own] {
        let Some(list) = environment.get(variable) else { continue };
        for pair in list.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
            let Some((name, value)) = header(pair) else {
                // A key may stand in it: the message tells only the name.
                let value = pair.split('=').next().unwrap_or_default().to_owned();
                return Err(InitError::Environment {
                    variable,
                    value,
                    expected: "`name=value,name=value`, the values percent-encoded",
                });
            };
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

fn header(pair: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = pair.split_once('=')?;
    let mut value = HeaderValue::from_bytes(&decoded(value.trim())?).ok()?;
    value.set_sensitive(true);
    Some((HeaderName::from_bytes(name.trim().as_bytes()).ok()?, value))
}

/// The values are those of W3C Baggage, which escapes what its lists are made of.
fn decoded(value: &str) -> Option<Vec<u8>> {
    let mut bytes = value.bytes();
    let mut decoded = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => digit(bytes.next()?)? << 4 | digit(bytes.next()?)?,
            plain => plain,
        });
    }
    Some(decoded)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    const ALL: &str = "OTEL_EXPORTER_OTLP_HEADERS";

    #[test]
    fn headers_of_a_signal_win_over_those_of_all_signals() {
        let environment = Environment::of(|name| match name {
            ALL => Some("api-key=one, tenant=a%2Cb%3D".into()),
            "OTEL_EXPORTER_OTLP_METRICS_HEADERS" => Some("Api-Key=two".into()),
            _ => None,
        });
        for (signal, key) in [(Signal::Metrics, "two"), (Signal::Traces, "one")] {
            let headers = of(environment, signal).unwrap();
            assert_eq!(headers.len(), 2);
            assert_eq!(headers.get("api-key").unwrap(), key);
            assert_eq!(headers.get("tenant").unwrap(), "a,b=");
        }
    }

    #[test]
    fn a_header_that_is_none_is_an_error_that_keeps_the_secret() {
        let reads: [fn(&'static str) -> Option<String>; 4] = [
            |name| (name == ALL).then(|| "api key=secret".into()),
            |name| (name == ALL).then(|| "key=%zz-secret".into()),
            |name| (name == ALL).then(|| "key=secret%4".into()),
            |name| (name == ALL).then(|| "key=a%0Asecret".into()),
        ];
        for read in reads {
            let message = of(Environment::of(read), Signal::Metrics).unwrap_err().to_string();
            assert!(message.contains(ALL) && !message.contains("secret"), "{message}");
        }
    }
}
