//! What a series takes of the heap.

use crate::{
    Result,
    case::{Case, Readings},
    label::{self, SERIES},
    library::{self, Page},
    measure,
};

pub(crate) fn all() -> Vec<Case> {
    let counters = library::ALL.map(|library| {
        Case::new(format!("mem/{}-counter-series", library.name), move |_| held(library.counters))
    });
    let histograms = library::ALL.map(|library| {
        Case::new(format!("mem/{}-histogram-series", library.name), move |_| held(library.histograms))
    });
    counters.into_iter().chain(histograms).collect()
}

fn held(make: fn() -> Result<Page>) -> Result<Readings> {
    // The texts of labels are there before.
    drop(label::all());
    let (bytes, page) = measure::held_by(make);
    drop(page?);
    Ok(vec![("bytes", bytes as f64 / SERIES as f64)])
}
