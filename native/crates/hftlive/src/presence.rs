//! Which process publishes on a connector's channel, and whether it lives.

use std::time::{Duration, Instant};

use iceoryx2::node::NodeId;
use iceoryx2::port::port_identifiers::UniquePublisherId;
use iceoryx2::prelude::{CallbackProgression, Config, PortFactory};

use crate::liveness::is_alive;
use crate::service::Service;

/// How often to look at the list of publishers.
const LIST_EVERY: Duration = Duration::from_millis(50);
/// How often to look whether the publisher's process lives: one that was killed stays listed.
const LIVENESS_EVERY: Duration = Duration::from_millis(500);

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A process publishes where none did.
    Attached,
    /// Another process publishes.
    Replaced,
    /// None does any more.
    Detached,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Publisher {
    id: UniquePublisherId,
    node: NodeId,
}

/// The publisher of one channel.
#[derive(Default)]
pub struct Presence {
    current: Option<Publisher>,
    /// A publisher that is listed though its process was found dead.
    dead: Option<UniquePublisherId>,
    listed: usize,
    next_list: Option<Instant>,
    next_liveness: Option<Instant>,
}

impl Presence {
    /// Whether a living process publishes.
    pub fn is_attached(&self) -> bool {
        self.current.is_some()
    }

    /// Whether this is the publisher that is known.
    #[inline]
    pub fn is_current(&self, id: UniquePublisherId) -> bool {
        self.current.is_some_and(|current| current.id == id)
    }

    /// How many publishers were listed at the last look.
    pub fn listed(&self) -> usize {
        self.listed
    }

    /// Looks again at the next call of [`Presence::check`], however soon.
    pub fn hurry(&mut self) {
        self.next_list = None;
    }

    /// Looks if it is time to, and tells what changed.
    pub fn check(&mut self, to_bot: &Service, config: &Config, now: Instant) -> Option<Change> {
        if self.next_list.is_some_and(|at| now < at) {
            return None;
        }
        self.next_list = Some(now + LIST_EVERY);
        let found = self.find(to_bot, config, now);
        let before = std::mem::replace(&mut self.current, found);
        match (before, found) {
            (None, Some(_)) => Some(Change::Attached),
            (Some(_), None) => Some(Change::Detached),
            (Some(a), Some(b)) if a.id != b.id => Some(Change::Replaced),
            _ => None,
        }
    }

    fn find(&mut self, to_bot: &Service, config: &Config, now: Instant) -> Option<Publisher> {
        let liveness_due = self.next_liveness.is_none_or(|at| now >= at);
        if liveness_due {
            self.next_liveness = Some(now + LIVENESS_EVERY);
        }
        self.listed = to_bot.dynamic_config().number_of_publishers();
        let mut listed = Vec::new();
        to_bot.dynamic_config().list_publishers(|details| {
            listed.push(Publisher {
                id: details.publisher_id,
                node: details.node_id,
            });
            CallbackProgression::Continue
        });
        listed.into_iter().find(|publisher| {
            if !liveness_due {
                if Some(publisher.id) == self.dead {
                    return false;
                }
                if self.current.as_ref() == Some(publisher) {
                    return true;
                }
            }
            let alive = is_alive(&publisher.node, config);
            if !alive {
                self.dead = Some(publisher.id);
            }
            alive
        })
    }
}
