//! Which labels the lines of this process have, and what stands beside each line.

use opentelemetry::{Key, Value};
use opentelemetry_sdk::Resource;
use tower_telemetry_core::names::loki as name;

use super::error::LokiError;

/// What Loki takes by default, of a stream's labels and of their bytes.
const LABELS: usize = 15;
const NAME_BYTES: usize = 1024;
const VALUE_BYTES: usize = 2048;

/// Attributes of the resource that may tell a label, the first of them that is there.
const BOUND: &[(&str, &[&str])] = &[
    (name::SERVICE_NAME, &["service.name"]),
    (name::SERVICE_NAMESPACE, &["service.namespace"]),
    (name::DEPLOYMENT_ENVIRONMENT_NAME, &["deployment.environment.name", "deployment.environment"]),
    (name::CLUSTER, &["k8s.cluster.name", "cluster"]),
    (name::JOB, &["job"]),
];

/// Attributes of the resource that stand beside each line: there are as many values as processes.
const BESIDE: &[(&str, &[&str])] =
    &[(name::INSTANCE, &["service.instance.id", "instance"]), (name::POD, &["k8s.pod.name", "pod"])];

/// Names that are never labels: their values are without number.
const UNBOUNDED: &[&str] = &[
    name::TRACE_ID,
    name::SPAN_ID,
    name::REQUEST_ID,
    name::LINKED_TRACE_ID,
    name::ROUTE,
    name::INSTANCE,
    name::POD,
];

/// The labels, those of the program over those of the resource.
///
/// # Cardinality
/// One value of each in a process: the resource's, or the program's own text.
pub(crate) fn of(
    resource: &Resource,
    own: Vec<(String, String)>,
    level: super::streams::Levels,
) -> Result<Vec<(String, String)>, LokiError> {
    let mut labels: Vec<(String, String)> = Vec::new();
    for (label, attributes) in BOUND {
        labels.extend(value(resource, attributes).map(|value| ((*label).to_owned(), value)));
    }
    if !labels.iter().any(|(label, _)| label == name::JOB) {
        labels.extend(job(&labels).map(|job| (name::JOB.to_owned(), job)));
    }
    for (label, value) in own {
        check(&label, &value)?;
        labels.retain(|(standing, _)| *standing != label);
        labels.push((label, value));
    }
    // Without a value there is no label.
    labels.retain(|(_, value)| !value.is_empty());
    labels.iter_mut().for_each(|(_, value)| cut(value));
    let many = labels.len() + usize::from(level == super::streams::Levels::Apart);
    if many > LABELS { Err(LokiError::Labels { many, most: LABELS }) } else { Ok(labels) }
}

/// What stands beside each line.
pub(crate) fn beside(resource: &Resource) -> Vec<(&'static str, String)> {
    let found = BESIDE.iter().map(|(name, attributes)| Some((*name, value(resource, attributes)?)));
    found.flatten().collect()
}

/// As Prometheus calls what OpenTelemetry tells it of: the namespace, if there is one, and the name.
fn job(labels: &[(String, String)]) -> Option<String> {
    let value = |label| labels.iter().find(|(name, _)| name == label).map(|(_, value)| value.as_str());
    let service = value(name::SERVICE_NAME)?;
    Some(match value(name::SERVICE_NAMESPACE) {
        Some(namespace) => format!("{namespace}/{service}"),
        None => service.to_owned(),
    })
}

fn value(resource: &Resource, attributes: &[&'static str]) -> Option<String> {
    let found = attributes.iter().find_map(|name| resource.get(&Key::from_static_str(name)));
    found.as_ref().map(Value::as_str).map(|value| value.into_owned()).filter(|value| !value.is_empty())
}

fn check(label: &str, value: &str) -> Result<(), LokiError> {
    let mut bytes = label.bytes();
    let is_first = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    let is_name =
        bytes.next().is_some_and(is_first) && bytes.all(|byte| is_first(byte) || byte.is_ascii_digit());
    let is_reserved = label.starts_with("__") || label == name::LEVEL;
    if !is_name
        || is_reserved
        || UNBOUNDED.contains(&label)
        || label.len() > NAME_BYTES
        || value.len() > VALUE_BYTES
    {
        return Err(LokiError::Label { name: label.to_owned() });
    }
    Ok(())
}

fn cut(value: &mut String) {
    let end = (0..=VALUE_BYTES.min(value.len())).rev().find(|end| value.is_char_boundary(*end));
    value.truncate(end.unwrap_or_default());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use opentelemetry::KeyValue;

    use super::super::streams::Levels;
    use super::*;

    fn resource(attributes: &[(&'static str, &'static str)]) -> Resource {
        let attributes = attributes.iter().map(|(key, value)| KeyValue::new(*key, *value));
        Resource::builder_empty().with_attributes(attributes).build()
    }

    fn labels(
        attributes: &[(&'static str, &'static str)],
        own: &[(&str, &str)],
    ) -> Result<String, LokiError> {
        let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let labels = of(&resource(attributes), own, Levels::OnTheLine)?;
        Ok(labels.iter().map(|(name, value)| format!("{name}={value} ")).collect())
    }

    #[test]
    fn the_resource_tells_the_labels_and_nothing_else_does() {
        let attributes = [
            ("service.name", "shop"),
            ("service.namespace", "retail"),
            ("deployment.environment.name", "production"),
            ("k8s.cluster.name", "eu-1"),
            ("k8s.pod.name", "shop-7f"),
            ("host.name", "h1"),
        ];
        let expected = "service_name=shop service_namespace=retail deployment_environment_name=production \
                        cluster=eu-1 job=retail/shop ";
        assert_eq!(labels(&attributes, &[]).unwrap(), expected);
        assert_eq!(beside(&resource(&attributes)), [(name::POD, "shop-7f".to_owned())]);
    }

    #[test]
    fn the_program_may_name_more_and_others() {
        let told = labels(&[("service.name", "shop")], &[("job", "web"), ("team", "blue"), ("cluster", "")]);
        assert_eq!(told.unwrap(), "service_name=shop job=web team=blue ");
    }

    #[test]
    fn what_has_values_without_number_is_no_label() {
        for wrong in
            ["trace_id", "span_id", "request_id", "route", "pod", "instance", "level", "a-b", "__x", "", "9"]
        {
            let error = labels(&[], &[(wrong, "x")]).unwrap_err().to_string();
            assert!(error.contains(&format!("{wrong:?}")), "{error}");
        }
        let many: Vec<String> = (0..16).map(|n| format!("label_{n}")).collect();
        let many: Vec<_> = many.iter().map(|name| (name.as_str(), "x")).collect();
        assert!(labels(&[], &many).unwrap_err().to_string().contains("16"));
    }
}
