//! The feed of exchanges that did not go well.

use ratatui::{
    Frame,
    layout::{Constraint, Rect},
    style::Stylize,
    text::Text,
    widgets::{Row, Table},
};

use super::{
    routes::framed,
    units::{clock, fate, time},
};
use crate::board::FeedRow;

pub(super) fn draw_feed(frame: &mut Frame<'_>, area: Rect, feed: &[FeedRow]) {
    let widths = [Constraint::Length(5), Constraint::Fill(3), Constraint::Fill(2), Constraint::Length(7)];
    let table = Table::new(feed.iter().map(row), widths).block(framed(" not well, newest first "));
    frame.render_widget(table, area);
}

fn row(fed: &FeedRow) -> Row<'_> {
    let (_, color) = fate(fed.fate);
    Row::new([
        Text::from(clock(fed.at)).dark_gray(),
        Text::from(fed.what.as_str()),
        Text::from(fed.ended.as_str()).style(color),
        Text::from(time(fed.took)).right_aligned(),
    ])
}
