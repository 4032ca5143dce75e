//! The cloud, where it leaves its mark in the environment. Its metadata servers are not asked: set-up waits for nobody.

use tower_telemetry_core::names::resource;

use super::attributes::Attributes;
use super::machine::Machine;

/// The first that is set tells provider and platform. Variables that people set on their own machines are not here.
const MARKS: &[(&str, &str, &str)] = &[
    ("AWS_LAMBDA_FUNCTION_NAME", "aws", "aws_lambda"),
    ("ECS_CONTAINER_METADATA_URI_V4", "aws", "aws_ecs"),
    ("ECS_CONTAINER_METADATA_URI", "aws", "aws_ecs"),
    ("ELASTIC_BEANSTALK_ENVIRONMENT_NAME", "aws", "aws_elastic_beanstalk"),
    ("GAE_ENV", "gcp", "gcp_app_engine"),
    ("CLOUD_RUN_JOB", "gcp", "gcp_cloud_run"),
    ("K_CONFIGURATION", "gcp", "gcp_cloud_run"),
    ("FUNCTIONS_EXTENSION_VERSION", "azure", "azure.functions"),
    ("CONTAINER_APP_NAME", "azure", "azure.container_apps"),
    ("WEBSITE_SITE_NAME", "azure", "azure.app_service"),
    ("HEROKU_APP_ID", "heroku", ""),
];

pub(super) fn detect(machine: &Machine, attributes: &mut Attributes) {
    // Knative, which Cloud Run is, runs on any cluster, too; there its variables say nothing of the cloud.
    let is_clustered = machine.variable(&["KUBERNETES_SERVICE_HOST"]).is_some();
    let mark = MARKS.iter().find(|(name, ..)| {
        machine.variable(&[name]).is_some() && !(is_clustered && *name == "K_CONFIGURATION")
    });
    let executed = || machine.variable(&["AWS_EXECUTION_ENV"]).map(|_| ("aws", ""));
    let told = mark.map(|(_, provider, platform)| (*provider, *platform)).or_else(executed);
    let Some((provider, platform)) = told else { return };
    attributes.set(resource::CLOUD_PROVIDER, provider);
    attributes.set_some(resource::CLOUD_PLATFORM, Some(platform).filter(|platform| !platform.is_empty()));
    let region = match provider {
        "aws" => machine.variable(&["AWS_REGION", "AWS_DEFAULT_REGION"]),
        "azure" => machine.variable(&["REGION_NAME"]),
        _ => None,
    };
    attributes.set_some(resource::CLOUD_REGION, region);
}
