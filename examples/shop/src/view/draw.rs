//! Where everything stands on the screen.

use ratatui::{
    Frame,
    layout::{Constraint, Layout, Rect},
    style::{Color, Stylize},
    text::{Line, Span},
    widgets::{Gauge, Paragraph, Wrap},
};

use super::{feed::draw_feed, panel::draw_panel, routes::draw_routes, units::clock};
use crate::{
    board::{Address, Board, Panel},
    shipping::Depth,
};

/// From this width on, four panels stand beside each other, and the feed beside the routes.
const WIDE: u16 = 112;

/// Draws the whole board. A small terminal shows less of it.
pub(super) fn draw(frame: &mut Frame<'_>, board: &Board) {
    let wide = frame.area().width >= WIDE;
    let (across, panel_height, address_height) = if wide { (4, 10, 1) } else { (2, 8, 2) };
    let rows = u16::try_from(board.panels.len().div_ceil(across)).unwrap_or(u16::MAX);
    let [title, addresses, panels, queue, tables] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(address_height),
        Constraint::Length(rows.saturating_mul(panel_height)),
        Constraint::Length(1),
        Constraint::Min(0),
    ])
    .areas(frame.area());
    draw_title(frame, title, board);
    draw_addresses(frame, addresses, board);
    draw_panels(frame, panels, board.panels.chunks(across));
    draw_queue(frame, queue, board.queue);
    let halves = [Constraint::Fill(3), Constraint::Fill(2)];
    let halves = if wide { Layout::horizontal(halves) } else { Layout::vertical(halves) };
    let [routes, feed] = halves.areas(tables);
    draw_routes(frame, routes, &board.routes);
    draw_feed(frame, feed, &board.feed);
}

fn draw_title(frame: &mut Frame<'_>, area: Rect, board: &Board) {
    let title = vec![" shop ".black().on_cyan().bold(), format!("  open for {}", clock(board.uptime)).into()];
    let [left, right] = Layout::horizontal([Constraint::Fill(1), Constraint::Length(9)]).areas(area);
    frame.render_widget(Line::from(title), left);
    frame.render_widget(Line::from("q leaves".dark_gray()), right);
}

fn draw_addresses(frame: &mut Frame<'_>, area: Rect, board: &Board) {
    let spans = board.addresses.iter().flat_map(|Address { name, url }| {
        // A hard space keeps a name and its address on one line.
        [format!(" {name}\u{a0}").dark_gray(), Span::raw(url).cyan(), Span::raw("  ")]
    });
    let line = Line::from(spans.collect::<Vec<_>>());
    frame.render_widget(Paragraph::new(line).wrap(Wrap { trim: true }), area);
}

fn draw_panels<'a>(frame: &mut Frame<'_>, area: Rect, rows: impl ExactSizeIterator<Item = &'a [Panel]>) {
    let areas = Layout::vertical(vec![Constraint::Fill(1); rows.len()]).split(area);
    for (row, area) in rows.zip(areas.iter()) {
        let areas = Layout::horizontal(vec![Constraint::Fill(1); row.len()]).split(*area);
        for (panel, area) in row.iter().zip(areas.iter()) {
            draw_panel(frame, *area, panel);
        }
    }
}

fn draw_queue(frame: &mut Frame<'_>, area: Rect, Depth { waiting, capacity }: Depth) {
    let [label, gauge] = Layout::horizontal([Constraint::Length(17), Constraint::Fill(1)]).areas(area);
    frame.render_widget(Paragraph::new(" shipping queue"), label);
    let share = if capacity == 0 { 0.0 } else { waiting as f64 / capacity as f64 };
    let color = if share < 0.5 { Color::Green } else { Color::Red };
    let wait = match capacity {
        0 => "in another process".to_owned(),
        _ => format!("{waiting} of {capacity} wait"),
    };
    let gauge_widget =
        Gauge::default().ratio(share.clamp(0.0, 1.0)).label(wait).gauge_style(color).use_unicode(true);
    frame.render_widget(gauge_widget, gauge);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use ratatui::{Terminal, backend::TestBackend};

    use super::draw;
    use crate::board::Board;

    fn drawn(board: &Board, width: u16, height: u16) -> TestBackend {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, board)).unwrap();
        terminal.backend().clone()
    }

    #[test]
    fn everything_on_the_board_is_on_the_screen() {
        for (width, height) in [(120, 40), (80, 48)] {
            let screen = drawn(&Board::sample(), width, height).to_string();
            for text in [
                "1:23",
                "http://127.0.0.1:3000",
                "grpc://127.0.0.1:50051",
                "HTTP server",
                "HTTP client",
                "gRPC server",
                "gRPC client",
                "268 /s",
                "service",
                "5.1 /s",
                "2.0 ms",
                "812 ms",
                "in flight",
                "12, oldest 1.4 s",
                "64 of 256 wait",
                "POST /orders",
                "shop.v1.Inventory/Reserve",
                "GET /quotes/{item}",
                "31 %",
                "740 µs",
                "38 ms",
                "502",
                "GET (unmatched)",
                "96 ms",
                "1:22",
            ] {
                assert!(screen.contains(text), "{text:?} is missing at {width}x{height}:\n{screen}");
            }
        }
    }

    #[test]
    fn a_queue_that_is_elsewhere_is_not_shown_as_empty() {
        let screen = drawn(&Board::default(), 120, 40).to_string();
        assert!(screen.contains("in another process"), "{screen}");
    }

    #[test]
    fn no_terminal_is_too_small_and_no_board_too_empty() {
        for (width, height) in [(0, 0), (1, 1), (20, 5), (80, 24), (300, 100)] {
            drawn(&Board::sample(), width, height);
            drawn(&Board::default(), width, height);
        }
    }
}
