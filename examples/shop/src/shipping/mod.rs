//! Shipping: a queue of jobs, the workers who pack and ship, and the manifests of what they shipped.

mod dock;
mod manifest;
mod queue;
mod report;
mod service;

pub(crate) use self::{
    dock::Dock,
    queue::{Depth, Job, JobQueue, QueueFull},
    report::Report,
    service::{Shipping, full},
};
