//! Notices that the queue from the connector may have overflowed.
//!
//! The queue drops its oldest sample silently and has no sequence number. But if, when sample
//! `j - N + 1` was read, sample `j` had been published already, then `N` samples were queued at
//! that moment: a queue of `N` was full. A sample was published no earlier than the newest local
//! time stamped in it or before it, on this machine's clock. Nothing lost goes unnoticed; a
//! queue that was exactly full is reported too.

/// A stamp further ahead of the clock than this is wrong, not news.
const MAX_AHEAD_NS: i64 = 1_000_000_000;
/// Read times are kept per chunk of at most this many samples.
const MAX_CHUNK: u64 = 64;

/// Watches one queue.
pub struct OverflowWatch {
    capacity: u64,
    /// log2 of the samples whose read times share an entry.
    chunk_bits: u32,
    /// When each chunk's first sample was read, a ring.
    read_at: Box<[i64]>,
    /// Samples read since the queue was last seen empty.
    read: u64,
    /// No sample yet to come was published before this.
    stamp: i64,
    /// Reports nothing until `read` reaches this.
    armed_at: u64,
}

impl OverflowWatch {
    /// Watches a queue of `capacity` samples.
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.max(1) as u64;
        let chunk_bits = (capacity / 8).clamp(1, MAX_CHUNK).ilog2();
        let chunks = (capacity >> chunk_bits) + 3;
        Self {
            capacity,
            chunk_bits,
            read_at: vec![i64::MIN; chunks as usize].into(),
            read: 0,
            stamp: i64::MIN,
            armed_at: 0,
        }
    }

    /// The queue is empty, or another process's queue comes next.
    #[inline]
    pub fn seen_empty(&mut self) {
        self.read = 0;
        self.armed_at = 0;
    }

    /// A sample was read. `now` is asked for once per chunk.
    #[inline]
    pub fn sample_read(&mut self, now: impl FnOnce() -> i64) {
        if self.read & ((1 << self.chunk_bits) - 1) == 0 {
            let slot = (self.read >> self.chunk_bits) as usize % self.read_at.len();
            self.read_at[slot] = now();
        }
        self.read += 1;
    }

    /// The sample just read was stamped with this time before it was published.
    #[inline]
    pub fn stamped(&mut self, stamp: i64) {
        if stamp > self.stamp {
            let latest = ((self.read.max(1) - 1) >> self.chunk_bits) as usize;
            let read_at = self.read_at[latest % self.read_at.len()];
            if stamp <= read_at.saturating_add(MAX_AHEAD_NS) {
                self.stamp = stamp;
            }
        }
    }

    /// Whether the queue may have overflowed before the sample just read, and no report covers it.
    #[inline]
    pub fn overflowed(&mut self, now: impl FnOnce() -> i64) -> bool {
        if self.read < self.capacity || self.read < self.armed_at {
            return false;
        }
        // The chunk of sample j - N + 1; its later edge is when the next chunk began.
        let next = ((self.read - self.capacity) >> self.chunk_bits) + 1;
        let later_edge = if next << self.chunk_bits < self.read {
            self.read_at[next as usize % self.read_at.len()]
        } else {
            now()
        };
        if self.stamp > later_edge {
            return false;
        }
        true
    }

    /// An overflow was reported: the episode lasts until the queue was seen empty, or a whole
    /// queue of samples was read.
    pub fn reported(&mut self) {
        self.armed_at = self.read + self.capacity;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A queue of stamps that drops its oldest, beside the watch.
    struct Model {
        queue: VecDeque<i64>,
        capacity: usize,
        lost: u64,
        reports: u64,
        watch: OverflowWatch,
    }

    impl Model {
        fn new(capacity: usize) -> Self {
            Self {
                queue: VecDeque::new(),
                capacity,
                lost: 0,
                reports: 0,
                watch: OverflowWatch::new(capacity),
            }
        }

        fn publish(&mut self, at: i64) {
            if self.queue.len() == self.capacity {
                self.queue.pop_front();
                self.lost += 1;
            }
            self.queue.push_back(at);
        }

        fn read(&mut self, at: i64) {
            match self.queue.pop_front() {
                None => self.watch.seen_empty(),
                Some(stamp) => {
                    self.watch.sample_read(|| at);
                    self.watch.stamped(stamp);
                    if self.watch.overflowed(|| at) {
                        self.watch.reported();
                        self.reports += 1;
                    }
                }
            }
        }
    }

    #[test]
    fn quiet_while_the_reader_keeps_up() {
        for capacity in [1, 2, 5, 100, 10_000] {
            let mut model = Model::new(capacity);
            // Never seen empty: two are published first, then one is read for each published.
            let lead = capacity.min(2) - 1;
            (0..lead).for_each(|_| model.publish(0));
            for time in 1..50_000 {
                model.publish(2 * time);
                model.read(2 * time + 1);
            }
            assert_eq!(model.lost, 0);
            if capacity > 2 {
                assert_eq!(model.reports, 0, "capacity {capacity}");
            }
        }
    }

    #[test]
    fn reports_a_flood_once() {
        for capacity in [1, 2, 5, 64, 100, 1_000, 10_000] {
            let mut model = Model::new(capacity);
            model.read(0);
            (0..3 * capacity as i64).for_each(|time| model.publish(time));
            let start = 3 * capacity as i64;
            (0..=capacity as i64).for_each(|n| model.read(start + n));
            assert_eq!(model.lost, 2 * capacity as u64);
            assert_eq!(model.reports, 1, "capacity {capacity}");
        }
    }

    #[test]
    fn quiet_after_half_a_queue() {
        let mut model = Model::new(1_000);
        model.read(0);
        (0..500).for_each(|time| model.publish(time));
        for time in 1_000..20_000 {
            model.publish(time);
            model.read(time);
        }
        assert_eq!((model.lost, model.reports), (0, 0));
    }

    #[test]
    fn every_loss_is_reported_whatever_the_pattern() {
        let mut seed = 42u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for capacity in [1usize, 3, 16, 200] {
            for _ in 0..200 {
                let mut model = Model::new(capacity);
                let mut time = 0;
                for _ in 0..20 {
                    let published = random(3 * capacity as u64);
                    for _ in 0..published {
                        time += 1 + random(5) as i64;
                        model.publish(time);
                    }
                    for _ in 0..random(3 * capacity as u64) {
                        time += 1 + random(3) as i64;
                        model.read(time);
                    }
                }
                while !model.queue.is_empty() {
                    time += 1;
                    model.read(time);
                }
                assert!(model.lost == 0 || model.reports > 0, "capacity {capacity}");
            }
        }
    }

    #[test]
    fn a_stamp_from_the_future_does_not_blind_it() {
        let mut model = Model::new(100);
        model.publish(i64::MAX);
        model.read(0);
        model.read(0);
        (0..300).for_each(|time| model.publish(time));
        (0..101).for_each(|n| model.read(300 + n));
        assert_eq!(model.reports, 1);
    }
}
