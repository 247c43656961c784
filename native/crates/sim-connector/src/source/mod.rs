//! Where market messages come from.

mod line;
mod recording;
mod synthetic;

use std::{io, path::PathBuf, time::Duration};

use hftbacktest::types::Side;
use thiserror::Error;

pub use self::{recording::Recording, synthetic::Synthetic};

/// A price level as the exchange sends it: quantity 0 deletes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    pub side: Side,
    pub px: f64,
    pub qty: f64,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Changed levels, bids first.
    Depth(Vec<Level>),
    /// Best bid and best ask.
    BestPrices(Vec<Level>),
    /// A trade; the side is the aggressor's.
    Trade(Level),
    /// The source begins again: the book must be emptied.
    Restart,
}

/// A market message of one symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// When it is to be published, counted from the start of the source.
    pub due: Duration,
    /// Recorded exchange time in ns; `None` when there is none.
    pub exch_ts: Option<i64>,
    pub body: Body,
}

impl Message {
    /// Number of feed events it carries before the book judges them.
    pub fn events(&self) -> u64 {
        match &self.body {
            Body::Depth(levels) | Body::BestPrices(levels) => levels.len() as u64,
            Body::Trade(_) => 1,
            Body::Restart => 0,
        }
    }
}

/// Why a source cannot be opened.
#[derive(Debug, Error)]
pub enum SourceError {
    #[error("source.file = {path:?}: {error}")]
    Open { path: PathBuf, error: io::Error },
}

/// The messages of one symbol, in order.
pub trait Source {
    /// The next message, or `None` at the end.
    fn next(&mut self) -> Option<Message>;

    /// What was left out or damaged so far, for the log.
    fn remarks(&self) -> String {
        String::new()
    }
}
