//! The memory of the last page, for the next: a fresh one costs more than what is written into it.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

/// Keeps one buffer between scrapes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers {
    kept: Arc<Mutex<Option<Vec<u8>>>>,
}

/// A page that is being sent; its memory comes back when the last byte has left.
struct Lent {
    page: Vec<u8>,
    to: Buffers,
}

impl Buffers {
    /// An empty buffer, with room if one is kept.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// Keeps a buffer for the next page, unless it is many times too large for one such as the last.
    pub(crate) fn give(&self, mut page: Vec<u8>) {
        let needed = page.len();
        page.clear();
        if page.capacity() / 4 <= needed {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        }
    }

    /// A body of this page.
    pub(crate) fn lend(&self, page: Vec<u8>) -> Bytes {
        Bytes::from_owner(Lent { page, to: self.clone() })
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.page
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.to.give(std::mem::take(&mut self.page));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_when_the_page_is_sent() {
        let buffers = Buffers::default();
        let page = vec![7; 1000];
        let at = page.as_ptr();
        let body = buffers.lend(page);
        assert_eq!(buffers.take().capacity(), 0);
        let half = body.slice(500..);
        drop(body);
        assert_eq!(buffers.take().capacity(), 0);
        drop(half);
        let again = buffers.take();
        assert_eq!((again.as_ptr(), again.len()), (at, 0));
    }

    #[test]
    fn memory_that_pages_no_longer_need_is_let_go() {
        let buffers = Buffers::default();
        let mut page = Vec::with_capacity(10_000);
        page.push(7);
        buffers.give(page);
        assert_eq!(buffers.take().capacity(), 0);
    }
}
