//! A clock that is read now and then, so that an event does not cost a system call.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall time now, ns since the Unix epoch.
pub fn wall_ns() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    }
}

/// Wall time and monotonic time as of the last tick.
pub struct Clock {
    /// Wall time, ns since the Unix epoch.
    pub wall: i64,
    /// Monotonic time.
    pub mono: Instant,
}

impl Clock {
    /// A clock that shows now.
    pub fn now() -> Self {
        Self {
            wall: wall_ns(),
            mono: Instant::now(),
        }
    }

    /// Sets it to now.
    pub fn tick(&mut self) {
        *self = Self::now();
    }
}
