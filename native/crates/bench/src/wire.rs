//! What the programs agree on.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Price step.
pub const TICK_SIZE: f64 = 0.1;
/// Quantity step.
pub const LOT_SIZE: f64 = 0.001;
/// Exchange time of the first event that counts; event `i` carries `FIRST_SEQUENCE + i`. What comes
/// before it warms readers up.
pub const FIRST_SEQUENCE: i64 = 1_000_000;
/// Exchange time that marks the end of a run.
pub const END_MARK: i64 = 1;
/// How long a program waits for another before it gives up.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Symbol of an instrument.
pub fn symbol(instrument: usize) -> String {
    format!("bench{instrument}")
}

/// The wall clock, ns since the Unix epoch: what a connector stamps as local time.
pub fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_nanos() as i64)
}
