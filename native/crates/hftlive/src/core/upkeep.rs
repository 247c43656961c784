//! Looking after the connectors: who is there, what must be asked of them, what went wrong.

use std::time::Duration;

use hftbacktest::types::LiveRequest;

use super::Core;
use crate::error::{Code, Failure};
use crate::link::Answer;
use crate::presence::Change;
use crate::record::{ConnectionDetail, ErrorDetail, OverflowDetail, Record};

/// Receives between two looks at the clock.
const STEPS_PER_TICK: u32 = 64;
/// Least time between two rounds of looking after the connectors.
const UPKEEP_EVERY: Duration = Duration::from_millis(1);

impl Core {
    /// Looks at the clock every so often; tells whether it did.
    pub(super) fn count_step(&mut self) -> bool {
        self.steps += 1;
        if self.steps < STEPS_PER_TICK {
            return false;
        }
        self.tick();
        true
    }

    /// Reads the clock, and looks after the connectors when it is time to.
    pub(super) fn tick(&mut self) {
        self.steps = 0;
        self.clock.tick();
        let now = self.clock.mono;
        if self.next_upkeep.is_some_and(|at| now < at) {
            return;
        }
        self.next_upkeep = Some(now + UPKEEP_EVERY);
        self.clock.read();
        for link in 0..self.links.len() {
            self.look(link);
            self.send_due(link);
        }
    }

    /// Looks who publishes, and records what changed.
    pub(super) fn look(&mut self, at: usize) {
        let link = &mut self.links[at];
        let now = self.clock.mono;
        let Some(change) = link
            .presence
            .check(&link.ports.to_bot, self.node.config(), now)
        else {
            return;
        };
        let state = match change {
            Change::Attached => ConnectionDetail::Attached,
            Change::Replaced => ConnectionDetail::Replaced,
            Change::Detached => ConnectionDetail::Detached,
        };
        link.answer = Answer::None;
        match change {
            // A process that attached knows nothing of what was asked before.
            Change::Attached | Change::Replaced => link.registrations.restart(),
            Change::Detached => link.registrations.stop(),
        }
        for &asset in &link.assets {
            self.assets[asset].registered = false;
            self.sink
                .push(Record::connection(asset as u16, state, self.clock.wall));
        }
    }

    /// Sends the registrations that are due, and tells of what was refused meanwhile.
    pub(super) fn send_due(&mut self, at: usize) {
        while self.links[at].presence.is_attached()
            && self.links[at].is_listening()
            && let Some(place) = self.links[at].registrations.next_due(self.clock.mono)
        {
            let asset = self.links[at].assets[place];
            let unanswered = self.links[at].registrations.unanswered(place);
            if is_worth_telling(unanswered) {
                let symbol = &self.assets[asset].symbol;
                let text = format!(
                    "Cannot register {symbol}: connector {} left {unanswered} requests unanswered",
                    self.links[at].name
                );
                self.tell(at, ErrorDetail::Custom, text);
            }
            match self.send_registration(asset) {
                Ok(1..) => {}
                Ok(0) => break,
                Err(text) => {
                    self.tell(at, ErrorDetail::Custom, format!("Cannot register: {text}"));
                    break;
                }
            }
        }
        if let Some(text) = self.links[at].untold_refusals(self.clock.mono) {
            self.tell(at, ErrorDetail::Malformed, text);
        }
    }

    /// Asks the connectors for the state of one instrument, or of all.
    pub fn register(&mut self, asset: Option<usize>) -> Result<(), Failure> {
        self.tick();
        for number in 0..self.assets.len() {
            if asset.is_none_or(|asset| asset == number) {
                self.send_registration(number).map_err(|text| {
                    Failure::new(Code::Custom, format!("Cannot register: {text}"))
                })?;
            }
        }
        Ok(())
    }

    fn send_registration(&mut self, asset: usize) -> Result<usize, String> {
        let state = &self.assets[asset];
        let request = LiveRequest::RegisterInstrument {
            symbol: state.symbol.clone(),
            tick_size: state.tick_size,
            lot_size: state.lot_size,
        };
        self.send(asset, &request)
    }

    /// Sends a request to an instrument's connector; tells how many processes it was queued for.
    pub fn send(&mut self, asset: usize, request: &LiveRequest) -> Result<usize, String> {
        let link = &mut self.links[self.assets[asset].link];
        let sent = link.ports.send(self.bot_id, request);
        let has_left = matches!(sent, Ok(1..));
        self.requests += 1;
        match request {
            LiveRequest::RegisterInstrument { .. } => {
                if let Some(place) = link.place_of(asset) {
                    let now = self.clock.mono;
                    if has_left {
                        link.registrations.sent(place, now, self.requests);
                    } else {
                        link.registrations.unsent(place);
                    }
                }
            }
            LiveRequest::Order { order, .. } => {
                // Looked up afterwards: who came only now counts as the one who read it, and is
                // asked about it twice.
                let reader = has_left.then(|| link.ports.reader()).flatten();
                let orders = &mut self.assets[asset].orders;
                orders.requested(order, self.requests, reader);
            }
        }
        sent
    }

    /// The queue may have overflowed: nothing that it brought can be trusted until asked for anew.
    pub(super) fn report_overflow(&mut self, at: usize) {
        let link = &mut self.links[at];
        link.overflows += 1;
        link.overflow.reported();
        link.registrations.overflowed(self.clock.mono);
        // What arrives of this answer may lack a part.
        if link.answer != Answer::None {
            link.answer = Answer::Broken;
        }
        self.next_upkeep = None;
        for &asset in &link.assets {
            self.assets[asset].registered = false;
            self.assets[asset].orders.start_over();
            self.sink.push(Record::overflow(
                asset as u16,
                OverflowDetail::Channel,
                f64::NAN,
                self.clock.wall,
            ));
        }
    }

    /// Counts a message that makes no sense.
    pub(super) fn refuse(&mut self, at: usize, reason: &dyn std::fmt::Display) {
        if let Some(text) = self.links[at].refuse(reason, self.clock.mono) {
            self.tell(at, ErrorDetail::Malformed, text);
        }
    }

    /// Records trouble that was found here.
    pub(super) fn tell(&mut self, at: usize, detail: ErrorDetail, text: String) {
        let record = self.error_record(at, detail, 0);
        self.sink.push_error(record, text);
    }

    /// An error record of a connector.
    pub(super) fn error_record(&self, at: usize, detail: ErrorDetail, code: i64) -> Record {
        let first = self.links[at].assets[0];
        Record::error(first as u16, detail, code, self.clock.wall)
    }
}

/// 4, 16, 64 and so on: a connector that never answers is told of, but not every second.
fn is_worth_telling(unanswered: u64) -> bool {
    unanswered >= 4 && unanswered.is_power_of_two() && unanswered.trailing_zeros().is_multiple_of(2)
}
