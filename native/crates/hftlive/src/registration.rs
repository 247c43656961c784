//! Which instruments a connector has been asked for, and which answer belongs to which.
//!
//! The connector answers every RegisterInstrument, in order, with a batch addressed to the bot:
//! its open orders, the position, the book. The batch does not name its instrument, its content
//! does; an empty one is the answer to the oldest request.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long to wait for an answer, and the least time between two requests for an instrument.
const RETRY: Duration = Duration::from_secs(1);
/// The most that the wait grows to while answers keep overflowing the queue.
const MAX_BACKOFF: Duration = Duration::from_secs(64);

#[derive(Clone, Debug, Default)]
struct Request {
    /// When it was last sent.
    sent: Option<Instant>,
    /// It must be sent (again) as soon as the rate allows.
    due: bool,
    /// How often it was sent since the last answer.
    unanswered: u64,
    /// Answers that may still come.
    owed: Owed,
}

/// The answers that one process owes for an instrument, by the numbers of their requests.
///
/// Answers come in the order of their requests, but some may be lost: the next one is at least as
/// new as the oldest request.
#[derive(Clone, Debug, Default)]
struct Owed {
    count: u64,
    oldest: u64,
    newest: u64,
}

impl Owed {
    fn add(&mut self, number: u64) {
        if self.count == 0 {
            self.oldest = number;
        }
        self.count += 1;
        self.newest = number;
    }

    /// An answer came: the number of its request, or of an earlier one. `None` if none is owed.
    fn take(&mut self) -> Option<u64> {
        self.count = self.count.checked_sub(1)?;
        Some(if self.count == 0 {
            self.newest
        } else {
            self.oldest
        })
    }
}

/// The registrations of one connector's instruments, by their place in its list.
#[derive(Debug)]
pub struct Registrations {
    requests: Vec<Request>,
    /// Places whose answers are awaited, oldest first.
    pending: VecDeque<usize>,
    /// When the last part of an answer came.
    progress: Option<Instant>,
    backoff: Duration,
    last_overflow: Option<Instant>,
}

impl Registrations {
    /// For a connector with `count` instruments, none of them asked for.
    pub fn new(count: usize) -> Self {
        Self {
            requests: vec![Request::default(); count],
            pending: VecDeque::with_capacity(count),
            progress: None,
            backoff: RETRY,
            last_overflow: None,
        }
    }

    /// A request was sent, as the bot's `number`-th of all.
    pub fn sent(&mut self, place: usize, now: Instant, number: u64) {
        let request = &mut self.requests[place];
        request.sent = Some(now);
        request.due = false;
        request.unanswered += 1;
        request.owed.add(number);
        self.pending.retain(|&p| p != place);
        self.pending.push_back(place);
    }

    /// A request reached nobody: it is to be sent as soon as somebody listens.
    pub fn unsent(&mut self, place: usize) {
        self.requests[place].due = true;
    }

    /// An answer left a doubt: another one is needed.
    pub fn ask_again(&mut self, place: usize) {
        self.requests[place].due = true;
    }

    /// Every instrument must be asked for at once: another process has the channel.
    pub fn restart(&mut self) {
        self.stop();
        for request in &mut self.requests {
            *request = Request {
                due: true,
                ..Request::default()
            };
        }
        self.backoff = RETRY;
    }

    /// Nobody is there to answer.
    pub fn stop(&mut self) {
        self.pending.clear();
        for request in &mut self.requests {
            request.due = false;
        }
    }

    /// The queue may have overflowed: every instrument must be asked for again, the slower the
    /// more often this happens, since the answers themselves may overflow it.
    pub fn overflowed(&mut self, now: Instant) {
        let again = self
            .last_overflow
            .is_some_and(|last| now.saturating_duration_since(last) < 2 * self.backoff);
        self.backoff = if again {
            (2 * self.backoff).min(MAX_BACKOFF)
        } else {
            RETRY
        };
        self.last_overflow = Some(now);
        for request in &mut self.requests {
            request.due = true;
        }
    }

    /// Part of an answer came.
    pub fn progressed(&mut self, now: Instant) {
        self.progress = Some(now);
    }

    /// An answer with content for `place` has begun; the awaited answers before it are lost.
    /// Returns the number of its request or of an earlier one, if one was sent.
    pub fn answered(&mut self, place: usize) -> Option<u64> {
        if let Some(at) = self.pending.iter().position(|&p| p == place) {
            for lost in self.pending.drain(..=at) {
                self.requests[lost].due |= lost != place;
            }
            self.requests[place].unanswered = 0;
        }
        self.requests[place].owed.take()
    }

    /// An answer without content has ended: the place it answers, if any is awaited, and the
    /// number of its request or of an earlier one.
    pub fn answered_empty(&mut self) -> Option<(usize, Option<u64>)> {
        let place = self.pending.pop_front()?;
        self.requests[place].unanswered = 0;
        Some((place, self.requests[place].owed.take()))
    }

    /// The next place to send a request for now. Send it, then ask again.
    pub fn next_due(&mut self, now: Instant) -> Option<usize> {
        let quiet = |since: Option<Instant>, wait: Duration| {
            since.is_none_or(|at| now.saturating_duration_since(at) >= wait)
        };
        if !self.pending.is_empty() && quiet(self.progress, RETRY) {
            for &place in &self.pending {
                if quiet(self.requests[place].sent, RETRY) {
                    self.requests[place].due = true;
                }
            }
        }
        let backoff = self.backoff;
        self.requests
            .iter()
            .position(|request| request.due && quiet(request.sent, backoff))
    }

    /// How often an instrument was asked for since the last answer.
    pub fn unanswered(&self, place: usize) -> u64 {
        self.requests[place].unanswered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn send_all(registrations: &mut Registrations, now: Instant) -> Vec<usize> {
        let mut sent = Vec::new();
        while let Some(place) = registrations.next_due(now) {
            registrations.sent(place, now, sent.len() as u64 + 1);
            sent.push(place);
        }
        sent
    }

    #[test]
    fn empty_answers_come_in_order() {
        let start = Instant::now();
        let mut registrations = Registrations::new(3);
        registrations.restart();
        assert_eq!(send_all(&mut registrations, start), [0, 1, 2]);
        assert_eq!(registrations.answered_empty(), Some((0, Some(1))));
        assert_eq!(registrations.answered_empty(), Some((1, Some(2))));
        assert_eq!(registrations.answered_empty(), Some((2, Some(3))));
        assert_eq!(registrations.answered_empty(), None);
        assert_eq!(registrations.next_due(start + 10 * RETRY), None);
        registrations.ask_again(1);
        assert_eq!(registrations.next_due(start + RETRY / 2), None);
        assert_eq!(registrations.next_due(start + RETRY), Some(1));
    }

    #[test]
    fn an_answer_is_never_taken_for_a_newer_one() {
        let start = Instant::now();
        let mut registrations = Registrations::new(1);
        assert_eq!(registrations.answered(0), None, "never asked for");
        for number in [4, 7, 9] {
            registrations.sent(0, start, number);
        }
        assert_eq!(registrations.answered(0), Some(4));
        assert_eq!(registrations.answered(0), Some(4), "or 7");
        registrations.sent(0, start, 12);
        assert_eq!(
            registrations.answered(0),
            Some(4),
            "9, or 7 if one was lost"
        );
        assert_eq!(registrations.answered(0), Some(12));
        assert_eq!(registrations.answered(0), None);
        registrations.sent(0, start, 20);
        registrations.restart();
        assert_eq!(
            registrations.answered(0),
            None,
            "another process owes nothing"
        );
    }

    #[test]
    fn asks_again_only_after_a_second_of_silence() {
        let start = Instant::now();
        let mut registrations = Registrations::new(1);
        registrations.sent(0, start, 1);
        assert_eq!(registrations.next_due(start + RETRY / 2), None);
        registrations.progressed(start + RETRY / 2);
        assert_eq!(
            registrations.next_due(start + RETRY),
            None,
            "an answer is arriving"
        );
        assert_eq!(registrations.next_due(start + 2 * RETRY), Some(0));
        registrations.sent(0, start + 2 * RETRY, 2);
        assert_eq!(registrations.next_due(start + 2 * RETRY), None);
        assert_eq!(registrations.unanswered(0), 2);
    }

    #[test]
    fn an_answer_out_of_order_shows_that_earlier_ones_are_lost() {
        let start = Instant::now();
        let mut registrations = Registrations::new(3);
        (0..3).for_each(|place| registrations.sent(place, start, 1));
        registrations.answered(1);
        assert_eq!(registrations.next_due(start), None, "rate limit");
        assert_eq!(registrations.next_due(start + RETRY), Some(0));
        registrations.sent(0, start + RETRY, 2);
        assert_eq!(registrations.answered_empty(), Some((2, Some(1))));
        assert_eq!(registrations.answered_empty(), Some((0, Some(1))));
    }

    #[test]
    fn backs_off_while_answers_overflow() {
        let mut now = Instant::now();
        let mut registrations = Registrations::new(1);
        registrations.sent(0, now, 1);
        let mut waits = Vec::new();
        for _ in 0..9 {
            registrations.overflowed(now);
            let mut waited = Duration::ZERO;
            while registrations.next_due(now).is_none() {
                now += RETRY;
                waited += RETRY;
            }
            registrations.sent(0, now, 1);
            waits.push(waited.as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 64, 64]);
        now += 3 * MAX_BACKOFF;
        registrations.overflowed(now);
        assert_eq!(registrations.next_due(now), Some(0), "calm again");
    }

    #[test]
    fn nobody_there_nothing_due() {
        let start = Instant::now();
        let mut registrations = Registrations::new(2);
        registrations.restart();
        registrations.stop();
        assert_eq!(registrations.next_due(start + 10 * RETRY), None);
        assert_eq!(registrations.answered_empty(), None);
    }
}
