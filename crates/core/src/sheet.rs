//! Texts of header values that are made here, one behind the other on a sheet of the thread.

use std::cell::RefCell;

use bytes::{Bytes, BytesMut};

/// Room for what some eight exchanges write. Whoever keeps one of the texts keeps the sheet: so it is no larger.
const ROOM: usize = 1024;

thread_local! {
    static SHEET: RefCell<BytesMut> = RefCell::new(BytesMut::new());
}

/// What is written; there is room for `most` bytes.
///
/// Nothing is allocated for each text, but for each sheet, and one of which nobody keeps a text is used again. What is
/// written stands where it stays: a copy would wait for bytes that have just been written in other pieces.
pub fn written(most: usize, write: impl Fn(&mut BytesMut)) -> Bytes {
    let on_sheet = SHEET.try_with(|sheet| {
        let mut sheet = sheet.try_borrow_mut().ok()?;
        // Most of the time it has room, which is one comparison.
        if sheet.capacity() - sheet.len() < most {
            renew(&mut sheet, most);
        }
        write(&mut sheet);
        Some(sheet.split().freeze())
    });
    on_sheet.ok().flatten().unwrap_or_else(|| apart(most, &write))
}

#[cold]
fn renew(sheet: &mut BytesMut, most: usize) {
    if !sheet.try_reclaim(most) {
        *sheet = BytesMut::with_capacity(most.max(ROOM));
    }
}

/// For a thread that ends, or writes already.
#[cold]
fn apart(most: usize, write: &dyn Fn(&mut BytesMut)) -> Bytes {
    let mut text = BytesMut::with_capacity(most);
    write(&mut text);
    text.freeze()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn text(text: &str) -> Bytes {
        written(text.len(), |sheet| sheet.extend_from_slice(text.as_bytes()))
    }

    #[test]
    fn a_text_that_is_kept_stays_as_it_is() {
        let numbers = || (0..1_000).map(|n| format!("text {n}"));
        let kept: Vec<Bytes> = numbers().map(|number| text(&number)).collect();
        drop(text("another"));
        assert!(kept.iter().zip(numbers()).all(|(kept, number)| *kept == number));
    }

    #[test]
    fn a_sheet_of_which_nothing_is_kept_is_used_again() {
        let first = text("first").as_ptr();
        let places = (0..1_000).map(|_| text("again").as_ptr());
        assert!(places.map(|place| place.addr().abs_diff(first.addr())).all(|distance| distance < ROOM));
    }

    #[test]
    fn a_text_of_any_length_is_written() {
        for length in [0, 1, ROOM - 1, ROOM, ROOM + 1, 10 * ROOM] {
            let long = "x".repeat(length);
            assert_eq!(text(&long), long);
            // Longer than was said.
            assert_eq!(written(1, |sheet| sheet.extend_from_slice(long.as_bytes())), long);
        }
    }

    #[test]
    fn a_text_may_be_written_while_another_is() {
        let outer = written(20, |sheet| {
            sheet.extend_from_slice(b"outer ");
            sheet.extend_from_slice(&text("inner"));
        });
        assert_eq!(outer, "outer inner");
    }

    #[test]
    fn a_thread_that_ends_still_writes() {
        struct Last(std::sync::mpsc::Sender<Bytes>);
        impl Drop for Last {
            fn drop(&mut self) {
                let _ = self.0.send(text("last"));
            }
        }
        thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });
        let (sender, receiver) = std::sync::mpsc::channel();
        // Of the two orders in which these are made and dropped, one meets the sheet gone.
        for is_first in [true, false] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                if is_first {
                    text("first");
                }
                LAST.set(Some(Last(sender)));
                text("then");
            })
            .join()
            .unwrap();
            assert_eq!(receiver.recv().unwrap(), "last");
        }
    }
}
