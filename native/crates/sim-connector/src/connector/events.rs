//! What the market does: messages of the sources, published through the book.

use std::time::Instant;

use hftbacktest::{
    live::ipc::TO_ALL,
    types::{LOCAL_BUY_TRADE_EVENT, LOCAL_SELL_TRADE_EVENT, LiveEvent, Side},
};

use super::{Connector, ConnectorError, TURN};
use crate::{
    book,
    clock::now_ns,
    feed::Feed,
    gateway::publishable,
    market::Market,
    source::{Body, Level, Message},
};

impl Connector {
    /// Publishes messages that are due. True when there was one.
    pub(super) fn publish(&mut self) -> Result<bool, ConnectorError> {
        let mut published = 0;
        let mut worked = false;
        while published < TURN {
            let now = Instant::now();
            let Some((due, at)) = self.next_feed() else {
                break;
            };
            if due > now || !self.pacer.ready(now) {
                break;
            }
            let feed = &mut self.feeds[at];
            let symbol = feed.symbol.clone();
            let Some(message) = feed.take() else { break };
            self.pacer.spend(message.events(), now);
            published += message.events().max(1);
            worked = true;
            self.publish_message(&symbol, message)?;
            self.feeds[at].advance();
        }
        Ok(worked)
    }

    /// The feed whose message is due first.
    pub(super) fn next_feed(&self) -> Option<(Instant, usize)> {
        let due = |(at, feed): (usize, &Feed)| feed.due().map(|due| (due, at));
        self.feeds.iter().enumerate().filter_map(due).min()
    }

    fn publish_message(&mut self, symbol: &str, message: Message) -> Result<(), ConnectorError> {
        match message.body {
            Body::Depth(levels) => self.publish_depth(symbol, &levels, false, message.exch_ts),
            Body::BestPrices(levels) => self.publish_depth(symbol, &levels, true, message.exch_ts),
            Body::Restart => {
                let levels = self
                    .markets
                    .get(symbol)
                    .map_or(Vec::new(), |market| market.book.deletions());
                let time = self.markets.get(symbol).map(Market::newest_time);
                self.publish_depth(symbol, &levels, false, time)
            }
            Body::Trade(trade) => self.publish_trade(symbol, &trade, message.exch_ts),
        }
    }

    /// Without a registration there is no book, and depth is dropped, as in the real connector.
    fn publish_depth(
        &mut self,
        symbol: &str,
        levels: &[Level],
        best: bool,
        exch_ts: Option<i64>,
    ) -> Result<(), ConnectorError> {
        let batch = self.config.source.batches() && !best;
        if batch {
            self.publisher.send(TO_ALL, LiveEvent::BatchStart)?;
        }
        let mut updates = Vec::new();
        if let Some(market) = self.markets.get_mut(symbol) {
            let time = market.time(exch_ts, now_ns());
            for level in levels {
                for event in market.apply(level, best, time) {
                    self.publisher.feed(symbol, event)?;
                }
            }
            market.engine.on_depth(&market.book, now_ns(), &mut updates);
        }
        if batch {
            self.publisher.send(TO_ALL, LiveEvent::BatchEnd)?;
        }
        let mut out = Vec::new();
        publishable(symbol, updates, &mut out);
        self.send_all(&mut out)
    }

    fn publish_trade(
        &mut self,
        symbol: &str,
        trade: &Level,
        exch_ts: Option<i64>,
    ) -> Result<(), ConnectorError> {
        let ev = match trade.side {
            Side::Buy => LOCAL_BUY_TRADE_EVENT,
            _ => LOCAL_SELL_TRADE_EVENT,
        };
        let time = exch_ts.unwrap_or_else(now_ns);
        self.publisher.feed(symbol, book::event(ev, trade, time))?;
        let mut out = Vec::new();
        if let Some(market) = self.markets.get_mut(symbol) {
            let mut updates = Vec::new();
            let units = market.units(trade);
            market
                .engine
                .on_trade(trade.side, units, now_ns(), &mut updates);
            publishable(symbol, updates, &mut out);
        }
        self.send_all(&mut out)
    }
}
