//! The table of routes.

use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Rect},
    style::{Color, Style, Stylize},
    text::{Line, Text},
    widgets::{Block, BorderType, Row, Table},
};

use super::units::{percent, rate, time_or_none};
use crate::board::RouteRow;

pub(super) fn draw_routes(frame: &mut Frame<'_>, area: Rect, routes: &[RouteRow]) {
    let widths = [
        Constraint::Length(11),
        Constraint::Fill(1),
        Constraint::Length(5),
        Constraint::Length(6),
        Constraint::Length(7),
        Constraint::Length(7),
    ];
    let header = [
        Text::from("side"),
        Text::from("route"),
        right("/s".to_owned()),
        right("errors".to_owned()),
        right("p50".to_owned()),
        right("p99".to_owned()),
    ];
    let table = Table::new(routes.iter().map(row), widths)
        .header(Row::new(header).dark_gray())
        .block(framed(" routes "));
    frame.render_widget(table, area);
}

/// A frame like that of the panels.
pub(super) fn framed(title: &str) -> Block<'_> {
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(Style::new().fg(Color::DarkGray))
        .title(Line::from(title).bold())
}

fn row(route: &RouteRow) -> Row<'_> {
    let color = match route.errors {
        e if e <= 0.0 => Color::DarkGray,
        e if e < 0.05 => Color::Yellow,
        _ => Color::Red,
    };
    Row::new([
        Text::from(route.side).dark_gray(),
        Text::from(route.route.as_str()),
        right(rate(route.per_second)),
        right(format!("{} %", percent(route.errors))).style(color),
        right(time_or_none(route.latency.p50)),
        right(time_or_none(route.latency.p99)),
    ])
}

fn right(text: String) -> Text<'static> {
    Text::from(text).alignment(Alignment::Right)
}
