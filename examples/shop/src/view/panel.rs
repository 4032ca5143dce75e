//! The four golden signals of one protocol on one side.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Style, Stylize},
    text::{Line, Span},
    widgets::{Block, BorderType, Sparkline},
};

use super::units::{NONE, fate, percent, rate, time, time_or_none};
use crate::board::{ErrorClass, Panel};

pub(super) fn draw_panel(frame: &mut Frame<'_>, area: Rect, panel: &Panel) {
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(Style::new().fg(Color::DarkGray))
        .title(Line::from(format!(" {} ", panel.title)).bold());
    let inner = block.inner(area);
    frame.render_widget(block, area);
    let errors = u16::try_from(panel.errors.len()).unwrap_or(u16::MAX);
    // The curve gives way first where it is narrow.
    let [traffic, curve, errors, latency, open] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Fill(1),
        Constraint::Length(errors),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(inner);
    frame.render_widget(signal("traffic", vec![format!("{} /s", rate(panel.per_second)).bold()]), traffic);
    draw_curve(frame, curve, &panel.history);
    let lines: Vec<_> = panel.errors.iter().map(|class| error_line(class, panel.per_second)).collect();
    frame.render_widget(ratatui::text::Text::from(lines), errors);
    let quantiles = format!("{} / {}", time_or_none(panel.latency.p50), time_or_none(panel.latency.p99));
    frame.render_widget(signal("p50 / p99", vec![quantiles.into()]), latency);
    frame.render_widget(signal("in flight", in_flight(panel)), open);
}

fn signal<'a>(name: &'a str, mut value: Vec<Span<'a>>) -> Line<'a> {
    value.insert(0, format!("{name:11}").dark_gray());
    Line::from(value)
}

fn in_flight(panel: &Panel) -> Vec<Span<'static>> {
    let open = panel.in_flight.map_or_else(|| NONE.to_owned(), |open| open.to_string());
    let oldest = panel.oldest.map(|age| format!(", oldest {}", time(age)).dark_gray());
    [open.into()].into_iter().chain(oldest).collect()
}

fn error_line(class: &ErrorClass, per_second: f64) -> Line<'static> {
    let (name, color) = fate(class.fate);
    let share = if per_second > 0.0 { class.per_second / per_second } else { 0.0 };
    let value = format!("{:>4} %  {} /s", percent(share), rate(class.per_second));
    let color = if class.per_second > 0.0 { color } else { Color::DarkGray };
    Line::from(vec![format!("{name:11}").dark_gray(), Span::styled(value, color)])
}

/// The newest value stands at the right edge.
fn draw_curve(frame: &mut Frame<'_>, area: Rect, history: &[u64]) {
    let shown = history.len().min(usize::from(area.width));
    let newest = history.get(history.len() - shown..).unwrap_or_default();
    let padding = vec![0; usize::from(area.width) - shown];
    let data: Vec<u64> = padding.into_iter().chain(newest.iter().copied()).collect();
    frame.render_widget(Sparkline::default().data(&data).style(Color::Cyan), area);
}
