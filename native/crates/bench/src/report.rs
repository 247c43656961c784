//! What a reader measured.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::{
    cpu,
    wire::{END_MARK, FIRST_SEQUENCE, now_ns},
};

/// Latencies in ns, from 1 to a minute.
pub struct Latency(Histogram<u64>);

impl Latency {
    pub fn new() -> Self {
        Self(Histogram::new_with_bounds(1, 60_000_000_000, 3).expect("valid bounds"))
    }

    pub fn record(&mut self, ns: i64) {
        self.0.saturating_record(ns.max(1) as u64);
    }

    pub fn len(&self) -> u64 {
        self.0.len()
    }

    pub fn reset(&mut self) {
        self.0.reset();
    }
}

/// The quantiles that every program reports.
pub fn quantiles(Latency(histogram): &Latency) -> Value {
    json!({
        "p50": histogram.value_at_quantile(0.5),
        "p90": histogram.value_at_quantile(0.9),
        "p99": histogram.value_at_quantile(0.99),
        "p999": histogram.value_at_quantile(0.999),
        "max": histogram.max(),
    })
}

/// The time on the clock, and of the processor.
struct Moment {
    wall: Instant,
    cpu: Duration,
}

impl Moment {
    fn now() -> Self {
        Self {
            wall: Instant::now(),
            cpu: cpu::time(),
        }
    }
}

/// Counts events and their latency from publish to reader.
pub struct Report {
    latency: Latency,
    last_sequence: i64,
    first: Option<Moment>,
    last: Option<Instant>,
}

impl Report {
    pub fn new() -> Self {
        Self {
            latency: Latency::new(),
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
        let latency = now_ns() - local_ts;
        if exch_ts >= FIRST_SEQUENCE && self.first.is_none() {
            self.latency.reset();
            self.first = Some(Moment::now());
        }
        self.latency.record(latency);
        self.last_sequence = self.last_sequence.max(exch_ts);
        self.last = Some(Instant::now());
        false
    }

    /// The figures, at the end of the run.
    pub fn json(&self) -> Value {
        let (seconds, cpu) = match (&self.first, self.last) {
            (Some(first), Some(last)) => (
                last.duration_since(first.wall).as_secs_f64(),
                (cpu::time() - first.cpu),
            ),
            _ => (0.0, Duration::ZERO),
        };
        json!({
            "received": self.latency.len(),
            "seen": self.last_sequence - FIRST_SEQUENCE + 1,
            "seconds": seconds,
            "cpuSeconds": cpu.as_secs_f64(),
            "latencyNs": quantiles(&self.latency),
        })
    }
}
