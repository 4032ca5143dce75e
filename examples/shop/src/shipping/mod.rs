//! Shipping: a queue of orders and the workers who pack and ship them.

mod queue;
mod worker;

pub(crate) use self::{
    queue::{Depth, Job, JobQueue, Jobs, QueueFull},
    worker::work,
};
