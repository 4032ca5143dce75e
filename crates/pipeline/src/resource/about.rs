//! What the program and the environment say of the service, made into the resource.

use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{ResourceDetector, TelemetryResourceDetector};
use tower_telemetry_core::names::resource;

use super::attributes::Attributes;
use super::detection::Detection;
use super::machine::Machine;
use super::{cloud, container, host, instance, kubernetes, process, variable};
use crate::settings::Environment;

const LIST: &str = "OTEL_RESOURCE_ATTRIBUTES";
const NAME: &str = "OTEL_SERVICE_NAME";

/// What the program says.
#[derive(Default)]
pub(crate) struct About {
    pub(crate) name: String,
    pub(crate) attributes: Attributes,
    pub(crate) detection: Detection,
}

/// The resource, and what is to be said of how it was made.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) resource: Resource,
    /// The name of the service, as the resource has it.
    pub(crate) name: String,
    /// The list of the environment, where it cannot be read: none of it counts then.
    pub(crate) unread: Option<Unread>,
}

/// A variable that was not taken.
#[derive(Debug)]
pub(crate) struct Unread {
    pub(crate) variable: &'static str,
    pub(crate) value: String,
}

impl About {
    pub(crate) fn of(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// The resource of this process.
    pub(crate) fn resource(self, environment: Environment) -> Told {
        self.on(&Machine::new(environment))
    }

    pub(super) fn on(self, machine: &Machine) -> Told {
        let Self { name, attributes: said, detection } = self;
        let mut attributes = Attributes::default();
        let sdk = TelemetryResourceDetector.detect();
        attributes.set_all(sdk.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())));
        attributes.set(resource::TELEMETRY_DISTRO_NAME, "tower-telemetry");
        attributes.set(resource::TELEMETRY_DISTRO_VERSION, env!("CARGO_PKG_VERSION"));
        attributes.set(resource::SERVICE_INSTANCE_ID, instance::id());
        attributes.set(resource::SERVICE_NAME, process::unknown_service());
        if detection == Detection::System {
            let is_contained = container::detect(machine, &mut attributes);
            host::detect(machine, is_contained, &mut attributes);
            process::detect(&mut attributes);
            kubernetes::detect(machine, &mut attributes);
            cloud::detect(machine, &mut attributes);
        }
        attributes.set_some(resource::SERVICE_NAME, Some(name).filter(|name| !name.is_empty()));
        attributes.set_all(said);
        let list = machine.environment.get(LIST);
        let unread = match list.as_deref().map(variable::parse) {
            Some(None) => list.map(|value| Unread { variable: LIST, value }),
            Some(Some(pairs)) => {
                attributes.set_all(pairs);
                None
            }
            None => None,
        };
        attributes.set_some(resource::SERVICE_NAME, machine.environment.get(NAME));
        let resource = attributes.into_resource();
        let name = resource.get_ref(&Key::from_static_str(resource::SERVICE_NAME)).map(Value::to_string);
        Told { name: name.unwrap_or_default(), resource, unread }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    /// No file of the system, and nothing but what the test says.
    fn told(about: About, read: fn(&'static str) -> Option<String>) -> Told {
        about.on(&Machine::at(Environment::of(read), std::path::Path::new("/nonexistent")))
    }

    fn value(told: &Told, key: &'static str) -> Option<String> {
        told.resource.get_ref(&Key::from_static_str(key)).map(Value::to_string)
    }

    fn shop() -> About {
        let mut about = About::of("shop".into());
        about.attributes.set(resource::SERVICE_VERSION, "1.0");
        about.attributes.set("team", "code");
        about
    }

    #[test]
    fn the_environment_wins_over_the_code_and_the_code_over_what_is_found() {
        let of_code = told(shop(), |_| None);
        assert_eq!(of_code.name, "shop");
        assert_eq!(value(&of_code, "service.version").as_deref(), Some("1.0"));
        let listed = told(shop(), |name| {
            (name == LIST).then(|| "service.name=listed,service.version=2%2C0,host.name=box,k=v".into())
        });
        assert_eq!(listed.name, "listed");
        assert_eq!(value(&listed, "service.name").as_deref(), Some("listed"));
        assert_eq!(value(&listed, "service.version").as_deref(), Some("2,0"));
        assert_eq!(value(&listed, "host.name").as_deref(), Some("box"));
        assert_eq!(
            (value(&listed, "team").as_deref(), value(&listed, "k").as_deref()),
            (Some("code"), Some("v"))
        );
        let named = told(shop(), |name| match name {
            NAME => Some("named".into()),
            LIST => Some("service.name=listed".into()),
            _ => None,
        });
        assert_eq!((named.name.as_str(), value(&named, "service.name").as_deref()), ("named", Some("named")));
    }

    #[test]
    fn a_service_without_a_name_is_called_after_its_file() {
        let name = told(About::of(String::new()), |_| None).name;
        assert!(name.starts_with("unknown_service:"), "{name}");
    }

    #[test]
    fn a_list_that_cannot_be_read_does_not_count_and_is_told() {
        let told = told(shop(), |name| (name == LIST).then(|| "service.version=2,broken".into()));
        assert_eq!(value(&told, "service.version").as_deref(), Some("1.0"));
        assert_eq!(told.unread.unwrap().value, "service.version=2,broken");
    }

    #[test]
    fn who_wants_nothing_looked_for_has_what_was_said() {
        let about = About { detection: Detection::Off, ..shop() };
        let told = told(about, |name| (name == "AWS_LAMBDA_FUNCTION_NAME").then(|| "f".into()));
        for key in ["process.pid", "os.type", "cloud.provider", "host.name"] {
            assert_eq!(value(&told, key), None, "{key}");
        }
        assert!(value(&told, "service.instance.id").is_some());
        assert_eq!(value(&told, "telemetry.sdk.language").as_deref(), Some("rust"));
    }

    #[test]
    fn the_environment_tells_of_pods_and_clouds() {
        let told = told(shop(), |name| match name {
            "KUBERNETES_SERVICE_HOST" => Some("10.0.0.1".into()),
            "HOSTNAME" => Some("shop-7".into()),
            "POD_NAMESPACE" => Some("prod".into()),
            "AWS_EXECUTION_ENV" => Some("AWS_ECS_FARGATE".into()),
            "AWS_REGION" => Some("eu-central-1".into()),
            _ => None,
        });
        for (key, expected) in [
            ("k8s.pod.name", "shop-7"),
            ("k8s.namespace.name", "prod"),
            ("cloud.provider", "aws"),
            ("cloud.region", "eu-central-1"),
        ] {
            assert_eq!(value(&told, key).as_deref(), Some(expected), "{key}");
        }
    }

    #[test]
    fn without_a_cluster_the_variables_of_one_mean_nothing() {
        let told = told(shop(), |name| (name == "POD_NAME").then(|| "a podcast".into()));
        assert_eq!(value(&told, "k8s.pod.name"), None);
    }

    #[test]
    fn files_of_the_system_tell_of_host_and_container() {
        let root = std::env::temp_dir().join(format!("tower-telemetry-resource-{}", std::process::id()));
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("proc/sys/kernel/hostname", "box\n");
        write("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
        write("etc/os-release", "NAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\n");
        let on = || shop().on(&Machine::at(Environment::of(|_| None), &root));
        let told = on();
        for (key, expected) in [
            ("host.name", "box"),
            ("host.id", "0123456789abcdef0123456789abcdef"),
            ("os.name", "Debian GNU/Linux"),
            ("os.version", "12"),
        ] {
            assert_eq!(value(&told, key).as_deref(), Some(expected), "{key}");
        }
        let id = "ab".repeat(32);
        write("proc/self/cgroup", &format!("0::/docker/{id}\n"));
        let contained = on();
        assert_eq!(value(&contained, "container.id"), Some(id));
        assert_eq!(value(&contained, "host.id"), None, "it is that of the image");
        std::fs::remove_dir_all(root).unwrap();
    }
}
