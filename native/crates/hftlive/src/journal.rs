//! Records that nobody has polled yet.

use std::collections::VecDeque;

use crate::record::{NO_ASSET, OverflowDetail, Record, kind};

/// Records, 64 bytes each, that have their memory from the start.
const MAX_TOUCHED: usize = 65_536;

/// A bounded queue of records. When it is full the oldest market record is dropped and counted;
/// records of orders, positions, errors, connections and overflows are never dropped: they move
/// to an unbounded queue that is delivered first.
pub struct Journal {
    capacity: usize,
    ring: VecDeque<Record>,
    kept: VecDeque<Record>,
    /// Texts of the error records in `kept` and `ring`, in their order.
    texts: VecDeque<String>,
    dropped_unreported: u64,
    dropped_of: Vec<u64>,
}

impl Journal {
    /// A journal for `capacity` records of a bot with `assets` instruments.
    pub fn new(capacity: usize, assets: usize) -> Self {
        Self {
            capacity,
            ring: touched(capacity.min(MAX_TOUCHED)),
            kept: VecDeque::new(),
            texts: VecDeque::new(),
            dropped_unreported: 0,
            dropped_of: vec![0; assets],
        }
    }

    /// Whether a poll would find nothing here.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty() && self.kept.is_empty() && self.dropped_unreported == 0
    }

    /// Market records of an instrument that were dropped so far.
    pub fn dropped(&self, asset: usize) -> u64 {
        self.dropped_of[asset]
    }

    /// Adds a record.
    pub fn push(&mut self, record: Record) {
        if self.ring.len() >= self.capacity
            && let Some(oldest) = self.ring.pop_front()
        {
            if oldest.is_droppable() {
                self.dropped_unreported += 1;
                if let Some(count) = self.dropped_of.get_mut(usize::from(oldest.asset)) {
                    *count += 1;
                }
            } else {
                self.kept.push_back(oldest);
            }
        }
        self.ring.push_back(record);
    }

    /// Adds an error record with its text.
    pub fn push_error(&mut self, record: Record, text: String) {
        debug_assert_eq!(record.kind(), kind::ERROR);
        self.texts.push_back(text);
        self.push(record);
    }

    /// Takes the next record to deliver, with its text if it is an error record.
    pub fn pop(&mut self, now: i64) -> Option<(Record, Option<String>)> {
        if self.dropped_unreported > 0 {
            let lost = std::mem::take(&mut self.dropped_unreported) as f64;
            let record = Record::overflow(NO_ASSET, OverflowDetail::Journal, lost, now);
            return Some((record, None));
        }
        let record = self.kept.pop_front().or_else(|| self.ring.pop_front())?;
        let text = if record.kind() == kind::ERROR {
            self.texts.pop_front()
        } else {
            None
        };
        Some((record, text))
    }
}

/// An empty queue whose memory is there: a page that is touched first by an event would hold it up
/// for microseconds, and a queue that grows for milliseconds.
fn touched(capacity: usize) -> VecDeque<Record> {
    let mut ring = VecDeque::from(vec![
        Record::mark(kind::BATCH_END, NO_ASSET, false, 1);
        capacity
    ]);
    ring.clear();
    ring
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{ConnectionDetail, ErrorDetail};

    fn trade(asset: u16, n: u64) -> Record {
        Record {
            order_id: n,
            ..Record::mark(kind::TRADE, asset, false, 0)
        }
    }

    fn drain(journal: &mut Journal) -> Vec<(Record, Option<String>)> {
        std::iter::from_fn(|| journal.pop(9)).collect()
    }

    #[test]
    fn delivers_in_order_while_it_fits() {
        let mut journal = Journal::new(4, 1);
        (0..4).for_each(|n| journal.push(trade(0, n)));
        let ids: Vec<_> = drain(&mut journal)
            .iter()
            .map(|(r, _)| r.order_id)
            .collect();
        assert_eq!(ids, [0, 1, 2, 3]);
        assert!(journal.is_empty());
    }

    #[test]
    fn drops_the_oldest_market_records_and_counts_exactly() {
        let mut journal = Journal::new(4, 2);
        (0..10).for_each(|n| journal.push(trade((n % 2) as u16, n)));
        let records = drain(&mut journal);
        assert_eq!(records[0].0.kind(), kind::OVERFLOW);
        assert_eq!(records[0].0.detail, OverflowDetail::Journal as u8);
        assert_eq!(records[0].0.qty, 6.0);
        let ids: Vec<_> = records[1..].iter().map(|(r, _)| r.order_id).collect();
        assert_eq!(ids, [6, 7, 8, 9]);
        assert_eq!((journal.dropped(0), journal.dropped(1)), (3, 3));
        assert!(drain(&mut journal).is_empty(), "reported once");
    }

    #[test]
    fn never_drops_what_is_not_market_data() {
        let mut journal = Journal::new(2, 1);
        journal.push(Record::connection(0, ConnectionDetail::Attached, 1));
        let error = Record::error(0, ErrorDetail::Custom, 7, 2);
        journal.push_error(error, "first".into());
        (0..100).for_each(|n| journal.push(trade(0, n)));
        journal.push_error(error, "second".into());
        let records = drain(&mut journal);
        let kinds: Vec<_> = records.iter().map(|(r, _)| r.kind()).collect();
        assert_eq!(
            kinds,
            [
                kind::OVERFLOW,
                kind::CONNECTION,
                kind::ERROR,
                kind::TRADE,
                kind::ERROR
            ]
        );
        assert_eq!(records[0].0.qty, 99.0);
        assert_eq!(records[2].1.as_deref(), Some("first"));
        assert_eq!(records[4].1.as_deref(), Some("second"));
    }
}
