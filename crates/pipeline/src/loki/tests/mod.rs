//! Lines on their way to a strict Loki, on a simulated clock.

mod answers;
mod arrival;
mod outage;
mod rig;

pub(crate) use self::rig::Folder;
