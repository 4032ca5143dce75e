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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Environment;

    /// Provider, platform and region.
    type Told = [Option<String>; 3];

    fn told(read: fn(&'static str) -> Option<String>) -> Told {
        let mut attributes = Attributes::default();
        detect(&Machine::new(Environment::of(read)), &mut attributes);
        let resource = attributes.into_resource();
        [resource::CLOUD_PROVIDER, resource::CLOUD_PLATFORM, resource::CLOUD_REGION].map(|key| {
            let found = resource.get_ref(&opentelemetry::Key::from_static_str(key));
            found.map(|value| value.as_str().into_owned())
        })
    }

    fn texts(provider: &str, platform: Option<&str>, region: Option<&str>) -> Told {
        [Some(provider.to_owned()), platform.map(str::to_owned), region.map(str::to_owned)]
    }

    #[test]
    fn each_cloud_is_known_by_its_mark() {
        let lambda = told(|name| match name {
            "AWS_LAMBDA_FUNCTION_NAME" | "AWS_EXECUTION_ENV" => Some("f".into()),
            "AWS_REGION" => Some("eu-west-1".into()),
            _ => None,
        });
        assert_eq!(lambda, texts("aws", Some("aws_lambda"), Some("eu-west-1")));
        let run = told(|name| (name == "K_CONFIGURATION").then(|| "orders".into()));
        assert_eq!(run, texts("gcp", Some("gcp_cloud_run"), None));
        let app = told(|name| match name {
            "CONTAINER_APP_NAME" => Some("orders".into()),
            "REGION_NAME" => Some("West Europe".into()),
            _ => None,
        });
        assert_eq!(app, texts("azure", Some("azure.container_apps"), Some("West Europe")));
        assert_eq!(told(|name| (name == "HEROKU_APP_ID").then(|| "7".into())), texts("heroku", None, None));
    }

    #[test]
    fn what_people_set_on_their_own_machines_is_no_cloud() {
        let nowhere = told(|name| match name {
            "AWS_REGION" | "GOOGLE_CLOUD_PROJECT" | "AZURE_CLIENT_ID" => Some("x".into()),
            _ => None,
        });
        assert_eq!(nowhere, [None, None, None]);
        let knative = told(|name| match name {
            "KUBERNETES_SERVICE_HOST" | "K_CONFIGURATION" => Some("x".into()),
            _ => None,
        });
        assert_eq!(knative, [None, None, None]);
    }
}
