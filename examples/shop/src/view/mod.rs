//! The live view: the board on the terminal's alternate screen.

mod draw;
mod feed;
mod panel;
mod routes;
mod screen;
mod units;

use std::{
    io,
    time::{Duration, Instant},
};

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

pub(crate) use self::screen::restore;
use self::{draw::draw, screen::Screen};
use crate::{board::Board, stop::Stop};

/// How often the board is asked for and drawn.
const EVERY: Duration = Duration::from_millis(250);

/// Shows what `board` tells, every 250 ms, until the user leaves (`q`, Esc or Ctrl-C) or the word to stop. Blocks.
///
/// # Errors
/// When the terminal cannot be drawn on or read from. It is restored all the same.
#[allow(clippy::disallowed_methods, reason = "the view keeps its own time")]
pub(crate) fn show(mut board: impl FnMut() -> Board, stop: &Stop) -> io::Result<()> {
    let mut screen = Screen::open()?;
    while !stop.is_requested() && screen.is_ours() {
        let shown = board();
        let until = Instant::now() + EVERY;
        screen.draw(|frame| draw(frame, &shown))?;
        while event::poll(until.saturating_duration_since(Instant::now()))? {
            match event::read()? {
                Event::Key(key) if leaves(key) => return Ok(()),
                Event::Resize(..) => screen.draw(|frame| draw(frame, &shown))?,
                _ => {}
            }
        }
    }
    Ok(())
}

fn leaves(key: KeyEvent) -> bool {
    let ctrl_c = key.code == KeyCode::Char('c') && key.modifiers.contains(KeyModifiers::CONTROL);
    key.kind == KeyEventKind::Press && (ctrl_c || matches!(key.code, KeyCode::Char('q') | KeyCode::Esc))
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::leaves;

    #[test]
    fn q_and_escape_and_ctrl_c_leave() {
        let press = |code, modifiers| leaves(KeyEvent::new(code, modifiers));
        assert!(press(KeyCode::Char('q'), KeyModifiers::NONE));
        assert!(press(KeyCode::Esc, KeyModifiers::NONE));
        assert!(press(KeyCode::Char('c'), KeyModifiers::CONTROL));
        assert!(!press(KeyCode::Char('c'), KeyModifiers::NONE));
        assert!(!press(KeyCode::Enter, KeyModifiers::NONE));
    }
}
