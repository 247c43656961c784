//! A limit to the events published per second.

use std::time::{Duration, Instant};

/// Spaces messages so that the average rate stays below a limit. A message is never split: what it carries beyond its
/// share delays the next one.
#[derive(Debug)]
pub struct Pacer {
    interval: Option<Duration>,
    next: Option<Instant>,
}

impl Pacer {
    /// A pacer for a number of events per second; `None` does not limit.
    pub fn new(events_per_s: Option<f64>) -> Self {
        Self {
            interval: events_per_s.map(|rate| Duration::from_secs_f64(1.0 / rate)),
            next: None,
        }
    }

    /// When the next message may go out. `None`: at any time.
    pub fn ready_at(&self) -> Option<Instant> {
        self.next
    }

    /// Whether a message may go out now.
    pub fn ready(&self, now: Instant) -> bool {
        self.next.is_none_or(|next| now >= next)
    }

    /// Accounts for events that were published now.
    pub fn spend(&mut self, events: u64, now: Instant) {
        if let Some(interval) = self.interval {
            let from = self.next.map_or(now, |next| next.max(now));
            self.next = Some(from + interval.mul_f64(events as f64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_limit_it_is_always_ready() {
        let mut pacer = Pacer::new(None);
        let now = Instant::now();
        pacer.spend(1_000_000, now);
        assert!(pacer.ready(now));
    }

    #[test]
    fn a_large_message_delays_the_next_one_by_its_size() {
        let mut pacer = Pacer::new(Some(1_000.0));
        let start = Instant::now();
        pacer.spend(50, start);
        assert!(!pacer.ready(start + Duration::from_millis(49)));
        assert!(pacer.ready(start + Duration::from_millis(51)));
    }

    #[test]
    fn idle_time_gives_no_credit() {
        let mut pacer = Pacer::new(Some(1_000.0));
        let start = Instant::now();
        pacer.spend(1, start);
        let later = start + Duration::from_secs(60);
        pacer.spend(1, later);
        assert!(!pacer.ready(later));
    }
}
