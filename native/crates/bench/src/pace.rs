//! How events follow one another.

use std::{
    hint::spin_loop,
    str::FromStr,
    thread,
    time::{Duration, Instant},
};

/// How events follow one another.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As fast as possible.
    Flat,
    /// So many a second, evenly.
    Rate(u64),
    /// So many at once, then a pause.
    Burst { size: u64, pause: Duration },
}

impl FromStr for Pace {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("unknown pace: {text}");
        let parts: Vec<&str> = text.split(':').collect();
        match parts[..] {
            ["flat"] => Ok(Self::Flat),
            ["burst", size, pause_ms] => Ok(Self::Burst {
                size: size.parse().map_err(|_| wrong())?,
                pause: Duration::from_millis(pause_ms.parse().map_err(|_| wrong())?),
            }),
            [rate] => match rate.parse() {
                Ok(rate) if rate > 0 => Ok(Self::Rate(rate)),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

impl Pace {
    /// Waits until event `i` is due, `start` being when event 0 was.
    pub fn wait(self, start: Instant, i: u64) {
        match self {
            Self::Flat => {}
            Self::Rate(rate) => {
                let due = Duration::from_nanos(i.saturating_mul(1_000_000_000) / rate);
                while start.elapsed() < due {
                    spin_loop();
                }
            }
            Self::Burst { size, pause } if i > 0 && i.is_multiple_of(size) => thread::sleep(pause),
            Self::Burst { .. } => {}
        }
    }
}
