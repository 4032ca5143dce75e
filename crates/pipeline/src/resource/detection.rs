//! Whether the resource tells more than it was told.

/// Whether the attributes of the resource are looked for: host, operating system, process, container, pod and cloud.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detection {
    /// In the environment, and in files of the system. No other machine is asked.
    #[default]
    System,
    /// No: the resource has what the program and `OTEL_RESOURCE_ATTRIBUTES` say, and an id of the instance.
    Off,
}
