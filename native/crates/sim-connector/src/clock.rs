//! Wall-clock time, in nanoseconds since the Unix epoch.

use std::time::{SystemTime, UNIX_EPOCH};

/// The current time. 0 on a clock that is set before 1970.
pub fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as i64)
}
