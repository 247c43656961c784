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
    /// Both, when both were last read.
    read: (i64, Instant),
}

impl Clock {
    /// A clock that shows now.
    pub fn now() -> Self {
        let (wall, mono) = (wall_ns(), Instant::now());
        Self {
            wall,
            mono,
            read: (wall, mono),
        }
    }

    /// Sets it to now. Reads one clock of two: a poll that finds nothing is little but clocks.
    pub fn tick(&mut self) {
        let (wall, mono) = self.read;
        self.mono = Instant::now();
        let since = self.mono.duration_since(mono).as_nanos();
        self.wall = wall.saturating_add(since as i64);
    }

    /// Sets it to now by both clocks, since the wall clock may have been set.
    pub fn read(&mut self) {
        *self = Self::now();
    }
}
