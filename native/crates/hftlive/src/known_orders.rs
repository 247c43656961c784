//! The orders of one instrument as upstream's bot holds them, and which of them its connector
//! does not know any more.
//!
//! The answer to a registration has every open order that the connector knows. What it lacks may
//! be alive all the same, or its end is about to be told: a connector takes orders in, and tells
//! of their ends, beside its answers. So an order is lost only
//! - at once, if the process that read its submission is gone: no other knows of it;
//! - else when two answers in a row lack it, the second one asked for after the first had come,
//!   and nothing was asked of it or heard of it in between.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use hftbacktest::types::{Order, OrderId, Status};

/// One order; `R` names a reader of requests.
struct Known<R> {
    order: Order,
    /// Number of the last request for it; 0 if it is another bot's.
    request: u64,
    /// Who read its submission; `None` if nobody did, or if it is another bot's.
    reader: Option<R>,
    /// Whether anything was heard of it since the answer began.
    heard: bool,
    /// Number of the newest request when an answer first lacked it.
    missing_since: Option<u64>,
}

/// What an answer lacks.
#[derive(Debug, Default)]
pub struct Lacking {
    /// Orders that are lost, as they are to be held from now on.
    pub lost: Vec<Order>,
    /// Whether another answer is needed to tell about others.
    pub doubtful: bool,
}

/// The orders of one instrument.
pub struct KnownOrders<R> {
    orders: HashMap<OrderId, Known<R>>,
}

impl<R> Default for KnownOrders<R> {
    fn default() -> Self {
        Self {
            orders: HashMap::new(),
        }
    }
}

impl<R: Copy> KnownOrders<R> {
    /// A request left, or could not: upstream's bot holds the order as it is in the request.
    ///
    /// `reader` is the one who got it, if it left.
    pub fn requested(&mut self, order: &Order, number: u64, reader: Option<R>) {
        match self.orders.entry(order.order_id) {
            Entry::Vacant(entry) => {
                entry.insert(Known {
                    order: order.clone(),
                    request: number,
                    reader,
                    heard: false,
                    missing_since: None,
                });
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.order = order.clone();
                known.request = number;
                known.missing_since = None;
            }
        }
    }

    /// The connector told of an order. What upstream's bot ignores is ignored here too.
    pub fn reported(&mut self, order: &Order) {
        match self.orders.entry(order.order_id) {
            Entry::Vacant(entry) => {
                entry.insert(Known {
                    order: order.clone(),
                    request: 0,
                    reader: None,
                    heard: true,
                    missing_since: None,
                });
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.heard = true;
                known.missing_since = None;
                let is_final = matches!(
                    known.order.status,
                    Status::Canceled | Status::Expired | Status::Filled
                );
                if !is_final && order.exch_timestamp >= known.order.exch_timestamp {
                    known.order.update(order);
                }
            }
        }
    }

    /// Upstream's bot forgets orders that cannot trade.
    pub fn clear_inactive(&mut self) {
        self.orders.retain(|_, known| known.order.active());
    }

    /// Messages may have been lost: what an answer lacked proves nothing.
    pub fn start_over(&mut self) {
        for known in self.orders.values_mut() {
            known.missing_since = None;
        }
    }

    /// An answer begins.
    pub fn begin_answer(&mut self) {
        for known in self.orders.values_mut() {
            known.heard = false;
        }
    }

    /// An answer has come whole. `asked` is the number of its request, or of an earlier one, where
    /// that is known; `newest` the number of the newest request; `reads` tells who reads now.
    pub fn end_answer(
        &mut self,
        asked: Option<u64>,
        newest: u64,
        reads: impl Fn(R) -> bool,
    ) -> Lacking {
        let mut lacking = Lacking::default();
        for known in self.missing() {
            let is_orphan = known.reader.is_some_and(|reader| !reads(reader));
            let is_missing_again = asked
                .zip(known.missing_since)
                .is_some_and(|(asked, since)| asked > since);
            if is_orphan || is_missing_again {
                lacking.lost.push(known.lose());
            } else if asked.is_none_or(|asked| asked > known.request) {
                lacking.doubtful = true;
                if asked.is_some() {
                    known.missing_since.get_or_insert(newest);
                }
            }
        }
        lacking.lost.sort_unstable_by_key(|order| order.order_id);
        lacking
    }

    /// Whether an answer that came in part leaves doubt about any order.
    pub fn is_doubtful(&mut self) -> bool {
        self.missing().next().is_some()
    }

    /// Orders that could trade, and of which nothing was heard since the answer began.
    fn missing(&mut self) -> impl Iterator<Item = &mut Known<R>> {
        self.orders
            .values_mut()
            .filter(|known| known.order.active() && !known.heard)
    }
}

impl<R> Known<R> {
    /// Nobody knows what became of it. Its last request stays in it, since that was never answered,
    /// and upstream's bot lets a later word of the connector's change it.
    fn lose(&mut self) -> Order {
        self.missing_since = None;
        let order = &mut self.order;
        order.status = Status::None;
        // Nothing was executed by this.
        order.exec_qty = 0.0;
        order.exec_price_tick = 0;
        order.maker = false;
        order.clone()
    }
}

#[cfg(test)]
mod tests {
    use hftbacktest::types::{OrdType, Side, TimeInForce};

    use super::*;

    /// A bot's numbers and a connector that is read by hand.
    struct Story {
        known: KnownOrders<u32>,
        sent: u64,
        reader: u32,
    }

    impl Story {
        fn new() -> Self {
            Self {
                known: KnownOrders::default(),
                sent: 0,
                reader: 1,
            }
        }

        fn submit(&mut self, id: u64) -> Order {
            let mut order = Order::new(
                id,
                100,
                0.1,
                2.0,
                Side::Buy,
                OrdType::Limit,
                TimeInForce::GTC,
            );
            order.status = Status::New;
            order.req = Status::New;
            self.request(&order);
            order
        }

        fn request(&mut self, order: &Order) {
            self.sent += 1;
            self.known.requested(order, self.sent, Some(self.reader));
        }

        fn acknowledge(&mut self, order: &mut Order) {
            order.req = Status::None;
            order.exch_timestamp += 1;
            self.known.reported(order);
        }

        fn register(&mut self) -> u64 {
            self.sent += 1;
            self.sent
        }

        /// An answer to a request with these orders: ids that are lost, and whether doubt is left.
        fn answer(&mut self, asked: Option<u64>, with: &[&Order]) -> (Vec<u64>, bool) {
            self.known.begin_answer();
            with.iter().for_each(|order| self.known.reported(order));
            let reader = self.reader;
            let lacking = self.known.end_answer(asked, self.sent, |r| r == reader);
            let ids = lacking.lost.iter().map(|order| order.order_id).collect();
            (ids, lacking.doubtful)
        }
    }

    #[test]
    fn what_the_answer_has_stays() {
        let mut story = Story::new();
        let mut order = story.submit(1);
        story.acknowledge(&mut order);
        for _ in 0..3 {
            let asked = story.register();
            assert_eq!(story.answer(Some(asked), &[&order]), (vec![], false));
        }
    }

    #[test]
    fn one_process_must_lack_an_order_twice() {
        let mut story = Story::new();
        let mut order = story.submit(1);
        story.acknowledge(&mut order);
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], true));
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![1], false));
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], false), "once");
    }

    #[test]
    fn the_second_answer_must_be_asked_for_after_the_first_came() {
        let mut story = Story::new();
        story.submit(1);
        let (first, second) = (story.register(), story.register());
        assert_eq!(story.answer(Some(first), &[]), (vec![], true));
        assert_eq!(story.answer(Some(second), &[]), (vec![], true));
        assert_eq!(story.answer(None, &[]), (vec![], true), "to whom it is");
        let third = story.register();
        assert_eq!(story.answer(Some(third), &[]), (vec![1], false));
    }

    #[test]
    fn a_word_in_between_starts_the_count_anew() {
        let mut story = Story::new();
        let mut order = story.submit(1);
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], true));
        story.acknowledge(&mut order);
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], true));
        order.req = Status::Canceled;
        story.request(&order);
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], true));
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![1], false));
    }

    #[test]
    fn an_order_sent_after_the_registration_is_not_looked_for() {
        let mut story = Story::new();
        let asked = story.register();
        story.submit(1);
        assert_eq!(story.answer(Some(asked), &[]), (vec![], false));
    }

    #[test]
    fn what_was_sent_to_a_process_that_is_gone_is_lost_at_once() {
        let mut story = Story::new();
        let mut open = story.submit(1);
        story.acknowledge(&mut open);
        story.submit(2);
        let mut filled = story.submit(3);
        filled.status = Status::Filled;
        story.acknowledge(&mut filled);
        story.reader = 2;
        let asked = story.register();
        // Sent to the successor, before and after it was asked.
        story.submit(4);
        assert_eq!(story.answer(Some(asked), &[]), (vec![1, 2], false));
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], true));
    }

    #[test]
    fn what_another_bot_sent_must_be_lacking_twice() {
        let mut story = Story::new();
        let mut order = story.submit(1);
        story.known = KnownOrders::default();
        story.acknowledge(&mut order);
        story.reader = 2;
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![], true));
        let asked = story.register();
        assert_eq!(story.answer(Some(asked), &[]), (vec![1], false));
    }

    #[test]
    fn a_lost_order_keeps_its_request_and_executes_nothing() {
        let mut story = Story::new();
        let mut order = story.submit(1);
        order.status = Status::PartiallyFilled;
        order.exec_qty = 0.5;
        order.leaves_qty = 1.5;
        story.acknowledge(&mut order);
        order.req = Status::Canceled;
        story.request(&order);
        story.reader = 2;
        story.known.begin_answer();
        let lost = story.known.end_answer(None, story.sent, |r| r == 2).lost;
        assert_eq!(
            (lost[0].status, lost[0].req),
            (Status::None, Status::Canceled)
        );
        assert_eq!((lost[0].exec_qty, lost[0].leaves_qty), (0.0, 1.5));
        assert_eq!(lost[0].exch_timestamp, order.exch_timestamp);
        // The end that came late is the truth.
        order.status = Status::Filled;
        story.acknowledge(&mut order);
        assert!(!story.known.is_doubtful());
        story.known.clear_inactive();
        assert!(story.known.orders.is_empty());
    }

    #[test]
    fn an_old_word_does_not_bring_back_an_order_that_ended() {
        let mut story = Story::new();
        let mut order = story.submit(1);
        story.acknowledge(&mut order);
        let old = order.clone();
        order.status = Status::Filled;
        story.acknowledge(&mut order);
        story.known.reported(&old);
        story.known.begin_answer();
        assert!(!story.known.is_doubtful());
    }
}
