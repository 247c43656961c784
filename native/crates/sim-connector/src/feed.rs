//! A symbol's source and its clock.

use std::time::Instant;

use tracing::info;

use crate::source::{Message, Source};

/// The messages of one symbol, each due at a time.
pub struct Feed {
    pub symbol: String,
    source: Box<dyn Source>,
    started: Option<Instant>,
    next: Option<Message>,
}

impl Feed {
    /// A feed that has not started.
    pub fn new(symbol: &str, source: Box<dyn Source>) -> Self {
        Self {
            symbol: symbol.to_owned(),
            source,
            started: None,
            next: None,
        }
    }

    /// Starts it, once.
    pub fn start(&mut self) {
        if self.started.is_none() {
            self.advance();
            // After the first message was read, so that opening a file takes no time from the market.
            self.started = Some(Instant::now());
            info!(symbol = self.symbol, "The source starts.");
        }
    }

    /// When its next message is due; `None` before the start and after the end.
    pub fn due(&self) -> Option<Instant> {
        let next = self.next.as_ref()?;
        Some(self.started? + next.due)
    }

    /// Whether it started and has nothing left.
    pub fn ended(&self) -> bool {
        self.started.is_some() && self.next.is_none()
    }

    /// Takes the next message. After it was published, `advance` makes the one behind it the next.
    pub fn take(&mut self) -> Option<Message> {
        self.next.take()
    }

    /// Reads the next message.
    pub fn advance(&mut self) {
        self.next = self.source.next();
        if self.next.is_none() {
            info!(
                symbol = self.symbol,
                "The source has ended. {}",
                self.source.remarks()
            );
        }
    }
}
