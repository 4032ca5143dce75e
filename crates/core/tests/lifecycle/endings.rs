//! The table in every arrangement, on both sides. A failure prints the rows that failed, by name.

use tower_telemetry_core::Side;

use crate::arrangement::Arrangement::{self, Alone, Joined, JoinedOverOne, SameTwice, TwoStacked};
use crate::row::Row;
use crate::{grpc_rows, grpc_web_rows, http_rows};

#[track_caller]
fn check(rows: fn() -> Vec<Row>, arrangement: Arrangement) {
    let mut failed = Vec::new();
    for side in [Side::Server, Side::Client] {
        for row in rows() {
            let name = row.name;
            for complaint in arrangement.check(row, side) {
                failed.push(format!("`{name}` of a {}, {arrangement:?}: {complaint}", side.as_str()));
            }
        }
    }
    assert!(failed.is_empty(), "{} complaints:\n{}", failed.len(), failed.join("\n"));
}

macro_rules! every_ending {
    ($($name:ident: $rows:ident, $arrangement:ident;)+) => { $(
        #[test]
        fn $name() {
            check($rows::rows, $arrangement);
        }
    )+ };
}

every_ending! {
    every_http_ending_is_told_once_by_a_window_alone: http_rows, Alone;
    every_http_ending_is_told_once_by_a_window_stacked_twice: http_rows, SameTwice;
    every_http_ending_is_told_once_by_two_windows_stacked_apart: http_rows, TwoStacked;
    every_http_ending_is_told_once_by_two_windows_joined: http_rows, Joined;
    every_http_ending_is_told_once_by_a_window_within_a_pair_that_holds_it: http_rows, JoinedOverOne;
    every_grpc_ending_is_told_once_by_a_window_alone: grpc_rows, Alone;
    every_grpc_ending_is_told_once_by_a_window_stacked_twice: grpc_rows, SameTwice;
    every_grpc_ending_is_told_once_by_two_windows_stacked_apart: grpc_rows, TwoStacked;
    every_grpc_ending_is_told_once_by_two_windows_joined: grpc_rows, Joined;
    every_grpc_ending_is_told_once_by_a_window_within_a_pair_that_holds_it: grpc_rows, JoinedOverOne;
    every_grpc_web_ending_is_told_once_by_a_window_alone: grpc_web_rows, Alone;
    every_grpc_web_ending_is_told_once_by_a_window_stacked_twice: grpc_web_rows, SameTwice;
    every_grpc_web_ending_is_told_once_by_two_windows_stacked_apart: grpc_web_rows, TwoStacked;
    every_grpc_web_ending_is_told_once_by_two_windows_joined: grpc_web_rows, Joined;
    every_grpc_web_ending_is_told_once_by_a_window_within_a_pair_that_holds_it: grpc_web_rows, JoinedOverOne;
}

#[test]
fn no_row_of_the_table_has_the_name_of_another() {
    for rows in [http_rows::rows(), grpc_rows::rows(), grpc_web_rows::rows()] {
        let mut names: Vec<_> = rows.iter().map(|row| row.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
