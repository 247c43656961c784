//! Where records go: into the caller's buffer while a poll runs, else into the journal.

use crate::journal::Journal;
use crate::record::{RECORD_SIZE, Record, header, kind};

/// The caller's buffer during one poll.
struct Batch {
    at: *mut u8,
    capacity: u32,
    len: u32,
}

/// Takes every record of a bot.
pub struct Sink {
    batch: Option<Batch>,
    journal: Journal,
    messages: Vec<String>,
}

impl Sink {
    /// A sink over a journal.
    pub fn new(journal: Journal) -> Self {
        Self {
            batch: None,
            journal,
            messages: Vec::new(),
        }
    }

    /// Starts a poll: from here on records go into the buffer, after those of the journal.
    ///
    /// # Safety
    /// `at` must be valid for writes of `(capacity + 1) * 64` bytes until [`Sink::finish`].
    pub unsafe fn begin(&mut self, at: *mut u8, capacity: u32, now: i64) {
        self.messages.clear();
        self.batch = Some(Batch {
            at,
            capacity,
            len: 0,
        });
        while self.has_room() {
            let Some((record, text)) = self.journal.pop(now) else {
                break;
            };
            self.deliver(record, text);
        }
    }

    /// Ends a poll: writes the header and returns the number of records.
    pub fn finish(&mut self, now: i64, more: bool) -> u32 {
        let Some(batch) = self.batch.take() else {
            return 0;
        };
        let more = more || !self.journal.is_empty();
        let flags = if more { header::MORE } else { 0 };
        let mut bytes = [0u8; RECORD_SIZE];
        bytes[header::TIMESTAMP..][..8].copy_from_slice(&now.to_ne_bytes());
        bytes[header::LENGTH..][..4].copy_from_slice(&batch.len.to_ne_bytes());
        bytes[header::FLAGS..][..4].copy_from_slice(&flags.to_ne_bytes());
        let messages = self.messages.len() as u32;
        bytes[header::MESSAGES..][..4].copy_from_slice(&messages.to_ne_bytes());
        // SAFETY: `begin` was promised room for the header.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), batch.at, RECORD_SIZE) };
        batch.len
    }

    /// Ends a poll that failed: what it delivered is lost with the bot.
    pub fn abandon(&mut self) {
        self.batch = None;
    }

    /// Whether one more event may be handled now: always, except in a poll whose buffer is full.
    pub fn has_room(&self) -> bool {
        self.batch.as_ref().is_none_or(|b| b.len < b.capacity)
    }

    /// Takes a record.
    pub fn push(&mut self, record: Record) {
        if self.is_direct() {
            self.deliver(record, None);
        } else {
            self.journal.push(record);
        }
    }

    /// Takes an error record with its text.
    pub fn push_error(&mut self, record: Record, text: String) {
        if self.is_direct() {
            self.deliver(record, Some(text));
        } else {
            self.journal.push_error(record, text);
        }
    }

    /// Texts of the last poll's error records.
    pub fn messages(&self) -> &[String] {
        &self.messages
    }

    /// Market records of an instrument that the journal dropped.
    pub fn dropped(&self, asset: usize) -> u64 {
        self.journal.dropped(asset)
    }

    /// Records must not overtake those in the journal.
    fn is_direct(&self) -> bool {
        self.batch.as_ref().is_some_and(|b| b.len < b.capacity) && self.journal.is_empty()
    }

    fn deliver(&mut self, mut record: Record, text: Option<String>) {
        let Some(batch) = &mut self.batch else {
            return;
        };
        if record.kind() == kind::ERROR {
            record.order_id = self.messages.len() as u64;
            self.messages.push(text.unwrap_or_default());
        }
        let offset = (batch.len as usize + 1) * RECORD_SIZE;
        // SAFETY: len < capacity, and `begin` was promised room for capacity + 1 slots.
        unsafe {
            batch
                .at
                .add(offset)
                .cast::<Record>()
                .write_unaligned(record);
        }
        batch.len += 1;
    }
}
