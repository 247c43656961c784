//! Receiving: what waits, or within a time.

use std::time::{Duration, Instant};

use hftbacktest::live::BotError;
use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::types::LiveEvent;

use super::{Core, Step};
use crate::clock::wall_ns;
use crate::ports::ToBotSample;
use crate::record::ErrorDetail;
use crate::wire::{self, WireEvent};

impl Core {
    /// The next event for upstream's bot: in a poll whatever waits, else within a time.
    pub fn recv(&mut self, timeout: Duration) -> Result<(usize, LiveEvent), BotError> {
        if self.poll_budget.is_some() {
            self.recv_waiting()
        } else {
            self.recv_within(timeout)
        }
    }

    fn recv_waiting(&mut self) -> Result<(usize, LiveEvent), BotError> {
        let mut empty = 0;
        while empty < self.links.len() {
            let Some(budget @ 1..) = self.poll_budget else {
                break;
            };
            // No event may be handled without a place for its record.
            if !self.sink.has_room() {
                break;
            }
            match self.step() {
                Step::Empty => empty += 1,
                Step::Consumed => {
                    empty = 0;
                    self.poll_budget = Some(budget - 1);
                }
                Step::Event(asset, event) => {
                    self.poll_budget = Some(budget - 1);
                    return Ok((asset, event));
                }
            }
            self.count_step();
        }
        Err(BotError::Timeout)
    }

    fn recv_within(&mut self, timeout: Duration) -> Result<(usize, LiveEvent), BotError> {
        // The clock is first read after some receives, so that a busy channel does not pay for it.
        let mut deadline: Option<Option<Instant>> = None;
        loop {
            match self.step() {
                Step::Event(asset, event) => {
                    self.count_step();
                    return Ok((asset, event));
                }
                Step::Consumed => {}
                Step::Empty => {
                    self.held = None;
                    std::hint::spin_loop();
                }
            }
            if self.count_step() {
                let now = self.clock.mono;
                let deadline = *deadline.get_or_insert_with(|| now.checked_add(timeout));
                if deadline.is_some_and(|at| now >= at) {
                    return Err(BotError::Timeout);
                }
            }
        }
    }

    /// Receives one message of the connector whose turn it is.
    fn step(&mut self) -> Step {
        if let Some(step) = self.settle_next() {
            return step;
        }
        let at = self.cursor;
        self.cursor = if at + 1 == self.links.len() {
            0
        } else {
            at + 1
        };
        let link = &mut self.links[at];
        let sample = match self.readers.receive(at) {
            Ok(Some(sample)) => sample,
            Ok(None) => {
                link.overflow.seen_empty();
                return Step::Empty;
            }
            Err(error) => {
                if let Some(text) = link.receive_failed(&error, self.clock.mono) {
                    self.tell(at, ErrorDetail::Custom, text);
                }
                return Step::Empty;
            }
        };
        let origin = sample.header().publisher_id();
        if link.origin != Some(origin) {
            link.origin = Some(origin);
            link.overflow.seen_empty();
            if !link.presence.is_current(origin) {
                link.presence.hurry();
                self.clock.tick();
                self.look(at);
                self.send_due(at);
            }
        }
        let link = &mut self.links[at];
        link.overflow.sample_read(wall_ns);
        let header = sample.user_header();
        let is_own = header.id == self.bot_id;
        if !is_own && header.id != TO_ALL {
            self.check_overflow(at);
            return Step::Consumed;
        }
        let step = match wire::decode(sample.payload(), header.len) {
            Ok(event) => {
                if let WireEvent::Feed { event, .. } = &event
                    && !is_own
                {
                    self.links[at].overflow.stamped(event.local_ts);
                }
                self.check_overflow(at);
                self.handle(at, is_own, event)
            }
            Err(fault) => {
                self.check_overflow(at);
                self.refuse(at, &fault);
                Step::Consumed
            }
        };
        self.hold(at, sample);
        step
    }

    /// Keeps a sample until the next one or an idle moment: to release it touches memory that the
    /// publisher's core has, for which the event would wait.
    fn hold(&mut self, at: usize, sample: ToBotSample) {
        self.held = self.links[at].ports.may_hold.then_some(sample);
    }

    fn check_overflow(&mut self, at: usize) {
        if self.links[at].overflow.overflowed(wall_ns) {
            self.report_overflow(at);
        }
    }
}
