//! How large channels are.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// Most messages of a queue: 8 GiB of shared memory a bot.
pub const MAX_BUFFER_SIZE: usize = 1 << 24;
/// Most bots of a connector.
pub const MAX_BOTS: usize = 1 << 16;

/// Sizes of a connector's channel: those of whoever made it, connector or bot.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all(serialize = "camelCase"))]
pub struct ChannelSizes {
    /// Messages that a reader's queue holds.
    pub buffer_size: usize,
    /// Bots at a time.
    pub max_bots: usize,
}

impl Default for ChannelSizes {
    /// Upstream's.
    fn default() -> Self {
        Self {
            buffer_size: 10_000,
            max_bots: 200,
        }
    }
}

impl ChannelSizes {
    /// From the file that HFTBACKTEST_CHANNEL_CONFIG names. `None` if there is none or it cannot be
    /// used, for which upstream's connector takes the defaults without a word.
    pub fn of_environment() -> Option<Self> {
        let path = std::env::var("HFTBACKTEST_CHANNEL_CONFIG").ok()?;
        let text = std::fs::read_to_string(path).ok()?;
        toml::from_str(&text).ok()
    }
}

impl Display for ChannelSizes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            buffer_size,
            max_bots,
        } = self;
        let plural = if *buffer_size == 1 { "" } else { "s" };
        write!(f, "{buffer_size} message{plural} for ")?;
        if *max_bots == 1 {
            return f.write_str("1 bot");
        }
        write!(f, "each of at most {max_bots} bots")
    }
}
