//! One connector: its channel, who publishes on it, and what was asked of it.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use iceoryx2::port::port_identifiers::UniquePublisherId;
use iceoryx2::prelude::PortFactory;

use crate::overflow::OverflowWatch;
use crate::ports::Ports;
use crate::presence::Presence;
use crate::registration::Registrations;

/// Least time between two records about messages refused or not received.
const COMPLAIN_EVERY: Duration = Duration::from_millis(100);

/// The answer to a registration that is arriving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// None is.
    None,
    /// It has begun, and its content will tell whose it is.
    Begun,
    /// It is this asset's.
    Of(usize),
    /// All of this asset's has come; orders that it lacks are being given up.
    Whole(usize),
    /// Part of it is lost, or may be.
    Broken,
}

/// One connector.
pub struct Link {
    /// Its name.
    pub name: String,
    /// Its channel.
    pub ports: Ports,
    /// Asset numbers of its instruments; an index here is a "place" in `registrations`.
    pub assets: Vec<usize>,
    /// Who publishes.
    pub presence: Presence,
    /// What was asked of it.
    pub registrations: Registrations,
    /// Whether its queue overflows.
    pub overflow: OverflowWatch,
    /// The answer that is arriving.
    pub answer: Answer,
    /// Number of the request that it answers, or of an earlier one; `None` if that is not known.
    pub asked: Option<u64>,
    /// Whether part of it was refused.
    pub is_flawed: bool,
    /// How often the queue may have overflowed.
    pub overflows: u64,
    /// Messages refused.
    pub malformed: u64,
    malformed_untold: u64,
    next_complaint: Option<Instant>,
    /// Whose message was read last.
    pub origin: Option<UniquePublisherId>,
    by_symbol: HashMap<String, usize>,
    last_symbol: (String, usize),
}

impl Link {
    /// A connector with no instruments yet, and so many messages in its queue at most.
    pub fn new(name: &str, ports: Ports, capacity: usize) -> Self {
        Self {
            name: name.to_owned(),
            ports,
            assets: Vec::new(),
            presence: Presence::default(),
            registrations: Registrations::new(0),
            overflow: OverflowWatch::new(capacity),
            answer: Answer::None,
            asked: None,
            is_flawed: false,
            overflows: 0,
            malformed: 0,
            malformed_untold: 0,
            next_complaint: None,
            origin: None,
            by_symbol: HashMap::new(),
            last_symbol: (String::new(), usize::MAX),
        }
    }

    /// Adds an instrument.
    pub fn add(&mut self, symbol: &str, asset: usize) {
        self.by_symbol.insert(symbol.to_owned(), asset);
        self.assets.push(asset);
        self.registrations = Registrations::new(self.assets.len());
    }

    /// The asset of a symbol, if the bot trades it.
    #[inline]
    pub fn asset_of(&mut self, symbol: &str) -> Option<usize> {
        // Events of one instrument come in runs: comparing beats hashing.
        if self.last_symbol.0 == symbol {
            return Some(self.last_symbol.1);
        }
        let asset = *self.by_symbol.get(symbol)?;
        self.last_symbol.0.clear();
        self.last_symbol.0.push_str(symbol);
        self.last_symbol.1 = asset;
        Some(asset)
    }

    /// Whether a process reads what is sent, living or not.
    pub fn is_listening(&self) -> bool {
        self.ports.from_bot.dynamic_config().number_of_subscribers() > 0
    }

    /// Place of an asset among this connector's.
    pub fn place_of(&self, asset: usize) -> Option<usize> {
        self.assets.iter().position(|&a| a == asset)
    }

    /// Counts a refused message; returns a text when it is time for a record about it.
    pub fn refuse(&mut self, reason: &dyn std::fmt::Display, now: Instant) -> Option<String> {
        self.malformed += 1;
        self.is_flawed = true;
        let text = self
            .is_time_to_tell(now)
            .then(|| format!("Cannot use a message of connector {}: {reason}", self.name));
        self.malformed_untold += u64::from(text.is_none());
        text
    }

    /// A text about a failure to receive, when it is time for a record about it.
    pub fn receive_failed(&mut self, reason: &dyn std::fmt::Debug, now: Instant) -> Option<String> {
        self.is_time_to_tell(now)
            .then(|| format!("Cannot receive from connector {}: {reason:?}", self.name))
    }

    /// A text about the refused messages that had no record of their own, when it is time for it.
    pub fn untold_refusals(&mut self, now: Instant) -> Option<String> {
        if self.malformed_untold == 0 || !self.is_time_to_tell(now) {
            return None;
        }
        let count = std::mem::take(&mut self.malformed_untold);
        Some(format!(
            "Cannot use messages of connector {}: {count} more were refused",
            self.name
        ))
    }

    fn is_time_to_tell(&mut self, now: Instant) -> bool {
        let is_time = self.next_complaint.is_none_or(|at| now >= at);
        if is_time {
            self.next_complaint = Some(now + COMPLAIN_EVERY);
        }
        is_time
    }
}
