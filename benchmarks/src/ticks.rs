//! CPU time of processes, system calls included, as Linux counts it.

use std::{fs, process};

use crate::Result;

/// Ticks of that clock per second.
const TICKS: f64 = 100.0;

/// Where user and system time stand behind the name, proc(5).
const OWN: [usize; 2] = [11, 12];
const OF_CHILDREN: [usize; 2] = [13, 14];

/// Seconds that a process ran, all its threads together.
///
/// # Errors
///
/// There is none, or no Linux.
pub(crate) fn of(process: u32) -> Result<f64> {
    seconds(&stat(process)?, OWN).ok_or_else(|| "no times".into())
}

/// Seconds that the children of this process ran which have ended, and theirs.
///
/// # Errors
///
/// There is no Linux.
pub(crate) fn of_children() -> Result<f64> {
    seconds(&stat(process::id())?, OF_CHILDREN).ok_or_else(|| "no times".into())
}

fn stat(process: u32) -> Result<String> {
    Ok(fs::read_to_string(format!("/proc/{process}/stat"))?)
}

fn seconds(stat: &str, fields: [usize; 2]) -> Option<f64> {
    // The name stands in parentheses, and may hold anything.
    let (_, behind) = stat.rsplit_once(") ")?;
    let behind: Vec<&str> = behind.split(' ').collect();
    let [user, system] = fields.map(|at| behind.get(at)?.parse::<f64>().ok());
    Some((user? + system?) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_found_behind_a_name_that_holds_anything() {
        let stat = "7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 150 50 300 100 20 0 1";
        assert_eq!([OWN, OF_CHILDREN].map(|fields| seconds(stat, fields)), [Some(2.0), Some(4.0)]);
        assert_eq!(seconds("7 (a) S 1", OWN), None);
    }
}
