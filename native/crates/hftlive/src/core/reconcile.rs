//! What becomes of orders that a connector does not know any more.

use std::vec::IntoIter;

use hftbacktest::types::{LiveEvent, Order};

use super::{Core, Step};
use crate::link::Answer;
use crate::record::{ErrorDetail, Record};

/// Most order ids that a text names.
const MAX_IDS: usize = 8;

/// Orders that are lost, on their way to upstream's bot, before their answer ends.
pub struct Settling {
    link: usize,
    asset: usize,
    orders: IntoIter<Order>,
}

impl Core {
    /// An answer has come whole: gives up the orders that are lost, then ends it.
    pub(super) fn reconcile(&mut self, at: usize, asset: usize) {
        let link = &mut self.links[at];
        let orders = &mut self.assets[asset].orders;
        let (lost, doubtful) = if link.is_flawed {
            (Vec::new(), orders.is_doubtful())
        } else {
            let reader = link.ports.reader();
            let lacking = orders.end_answer(link.asked, self.requests, |r| Some(r) == reader);
            (lacking.lost, lacking.doubtful)
        };
        if doubtful && let Some(place) = link.place_of(asset) {
            link.registrations.ask_again(place);
        }
        if lost.is_empty() {
            self.end_answer(asset);
            return;
        }
        link.answer = Answer::Whole(asset);
        let text = self.describe(at, asset, &lost);
        let record = Record::error(asset as u16, ErrorDetail::Custom, 0, self.clock.wall);
        self.sink.push_error(record, text);
        self.settling = Some(Settling {
            link: at,
            asset,
            orders: lost.into_iter(),
        });
    }

    /// The next lost order, as an event like any other; its answer ends with the last one.
    pub(super) fn settle_next(&mut self) -> Option<Step> {
        let settling = self.settling.as_mut()?;
        let (at, asset) = (settling.link, settling.asset);
        let order = settling.orders.next()?;
        let is_last = settling.orders.len() == 0;
        self.sink.push(Record::order(asset as u16, &order));
        if is_last {
            self.settling = None;
            // Unless the process has gone meanwhile.
            if self.links[at].answer == Answer::Whole(asset) {
                self.links[at].answer = Answer::None;
                self.end_answer(asset);
            }
        }
        let symbol = String::new();
        Some(Step::Event(asset, LiveEvent::Order { symbol, order }))
    }

    fn describe(&self, at: usize, asset: usize, lost: &[Order]) -> String {
        let shown: Vec<String> = lost
            .iter()
            .take(MAX_IDS)
            .map(|order| order.order_id.to_string())
            .collect();
        let more = match lost.len().saturating_sub(MAX_IDS) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!(
            "Cannot account for orders of {}: connector {} does not know {}{more}",
            self.assets[asset].symbol,
            self.links[at].name,
            shown.join(", "),
        )
    }
}
