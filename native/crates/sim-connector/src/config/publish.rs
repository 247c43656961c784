//! `[publish]`: how events leave the process.

use serde::Deserialize;

use super::number;

/// What the main loop does when nothing is due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Idle {
    /// Sleep for up to 100 us.
    #[default]
    Sleep,
    /// Spin: lowest latency, one core fully used.
    Busy,
}

/// The section.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PublishConfig {
    /// Largest number of feed events per second, over all symbols; `None` does not limit.
    #[serde(deserialize_with = "number::pace")]
    pub pace: Option<f64>,
    pub idle: Idle,
}
