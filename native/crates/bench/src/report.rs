//! What a reader measured.

use std::time::Instant;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::wire::{END_MARK, FIRST_SEQUENCE, now_ns};

/// Counts events and their latency from publish to reader.
pub struct Report {
    latency_ns: Histogram<u64>,
    received: u64,
    last_sequence: i64,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Report {
    pub fn new() -> Self {
        Self {
            latency_ns: Histogram::new_with_bounds(1, 60_000_000_000, 3).expect("valid bounds"),
            received: 0,
            last_sequence: FIRST_SEQUENCE - 1,
            first: None,
            last: None,
        }
    }

    /// Takes one event; answers whether it was the end.
    pub fn event(&mut self, exch_ts: i64, local_ts: i64) -> bool {
        if exch_ts == END_MARK {
            return true;
        }
        let latency = (now_ns() - local_ts).max(1) as u64;
        self.latency_ns.saturating_record(latency);
        self.received += 1;
        self.last_sequence = self.last_sequence.max(exch_ts);
        let now = Instant::now();
        self.first.get_or_insert(now);
        self.last = Some(now);
        false
    }

    pub fn json(&self) -> Value {
        let seconds = match (self.first, self.last) {
            (Some(first), Some(last)) => last.duration_since(first).as_secs_f64(),
            _ => 0.0,
        };
        json!({
            "received": self.received,
            "seen": self.last_sequence - FIRST_SEQUENCE + 1,
            "seconds": seconds,
            "latencyNs": {
                "p50": self.latency_ns.value_at_quantile(0.5),
                "p90": self.latency_ns.value_at_quantile(0.9),
                "p99": self.latency_ns.value_at_quantile(0.99),
                "p999": self.latency_ns.value_at_quantile(0.999),
                "max": self.latency_ns.max(),
            },
        })
    }
}
