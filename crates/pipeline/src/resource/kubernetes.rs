//! The pod that the process runs in.

use tower_telemetry_core::names::resource;

use super::attributes::Attributes;
use super::machine::Machine;

/// The variables that charts commonly fill by the downward API, the clearest first.
const VARIABLES: &[(&str, &[&str])] = &[
    (resource::K8S_CLUSTER_NAME, &["K8S_CLUSTER_NAME"]),
    (resource::K8S_NAMESPACE_NAME, &["K8S_NAMESPACE_NAME", "K8S_NAMESPACE", "POD_NAMESPACE"]),
    (resource::K8S_NODE_NAME, &["K8S_NODE_NAME", "NODE_NAME", "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME"]),
    (resource::K8S_POD_NAME, &["K8S_POD_NAME", "POD_NAME", "OTEL_RESOURCE_ATTRIBUTES_POD_NAME"]),
    (resource::K8S_POD_UID, &["K8S_POD_UID", "POD_UID", "OTEL_RESOURCE_ATTRIBUTES_POD_UID"]),
    (resource::K8S_CONTAINER_NAME, &["K8S_CONTAINER_NAME", "CONTAINER_NAME"]),
    (resource::K8S_DEPLOYMENT_NAME, &["K8S_DEPLOYMENT_NAME"]),
];

const NAMESPACE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

/// Only where Kubernetes says that it runs the process: elsewhere the same variables may mean anything.
pub(super) fn detect(machine: &Machine, attributes: &mut Attributes) {
    if machine.variable(&["KUBERNETES_SERVICE_HOST"]).is_none() {
        return;
    }
    attributes.set_some(resource::K8S_NAMESPACE_NAME, machine.line(NAMESPACE));
    // The name of a pod is that of its host, unless it shares the node's network.
    attributes.set_some(resource::K8S_POD_NAME, machine.variable(&["HOSTNAME"]));
    for (key, names) in VARIABLES {
        attributes.set_some(key, machine.variable(names));
    }
}
