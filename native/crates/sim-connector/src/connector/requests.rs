//! What bots ask for: registrations and orders.

use std::{collections::hash_map::Entry, time::Instant};

use hftbacktest::{
    live::ipc::iceoryx::ChannelError,
    types::{LiveEvent, LiveRequest},
};
use tracing::{error, info, warn};

use super::{Connector, ConnectorError, TURN};
use crate::{clock::now_ns, gateway::publishable, market::Market, publisher::Publisher};

impl Connector {
    /// Takes requests of bots. True when there was one.
    pub(super) fn receive(&mut self) -> Result<bool, ConnectorError> {
        let mut out = Vec::new();
        for turn in 0..TURN {
            match self.requests.receive() {
                Ok(None) => return Ok(turn > 0),
                Ok(Some((_, LiveRequest::Order { symbol, order }))) => {
                    let stats = &mut self.publisher.stats;
                    self.gateway
                        .accept(symbol, order, &self.markets, stats, &mut out);
                    self.send_all(&mut out)?;
                }
                Ok(Some((
                    id,
                    LiveRequest::RegisterInstrument {
                        symbol,
                        tick_size,
                        lot_size,
                    },
                ))) => self.register(id, symbol, tick_size, lot_size)?,
                Err(error @ (ChannelError::Decode(_) | ChannelError::FromUtf8(_))) => {
                    self.publisher.stats.bad_requests += 1;
                    error!(%error, "A request could not be decoded.");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    fn register(
        &mut self,
        id: u64,
        symbol: String,
        tick_size: f64,
        lot_size: f64,
    ) -> Result<(), ConnectorError> {
        if self.config.fault.refuse_register {
            warn!(%symbol, id, "Fault: the registration is not answered.");
            return Ok(());
        }
        let valid = |size: f64| size.is_finite() && size > 0.0;
        if !valid(tick_size) || !valid(lot_size) {
            self.publisher.stats.bad_requests += 1;
            error!(%symbol, id, tick_size, lot_size, "A registration needs a tick size and a lot size above 0.");
            return Ok(());
        }
        if self.connector_type.lower_case_symbols() && symbol.to_lowercase() != symbol {
            error!(%symbol, "The symbol must be lower case: no feed will match it.");
        }
        info!(%symbol, id, tick_size, lot_size, "A bot registers an instrument.");
        self.answer(id, &symbol, tick_size, lot_size)?;
        self.publisher.stats.registrations += 1;

        if self.config.orders.cancel_orders_on_register {
            self.cancel_orders(&symbol)?;
        }
        match self.feeds.iter_mut().find(|feed| feed.symbol == symbol) {
            Some(feed) => feed.start(),
            None => warn!(%symbol, "No source has this symbol."),
        }
        Ok(())
    }

    /// Sends orders, position and book to the bot that registers, as one batch.
    fn answer(
        &mut self,
        id: u64,
        symbol: &str,
        tick_size: f64,
        lot_size: f64,
    ) -> Result<(), ConnectorError> {
        let publisher = &self.publisher;
        publisher.send(id, LiveEvent::BatchStart)?;
        // The real connector knows an order from the moment on in which it takes it.
        for order in self.gateway.submissions(symbol) {
            let (symbol, order) = (symbol.to_owned(), order.clone());
            publisher.send(id, LiveEvent::Order { symbol, order })?;
        }
        match self.markets.entry(symbol.to_owned()) {
            Entry::Occupied(entry) => {
                let market = entry.get();
                for order in market.engine.open_orders() {
                    let symbol = symbol.to_owned();
                    publisher.send(id, LiveEvent::Order { symbol, order })?;
                }
                send_position(publisher, id, symbol, market)?;
                for event in market.book.snapshot() {
                    publisher.send_feed(id, symbol, event)?;
                }
            }
            Entry::Vacant(entry) => {
                let (orders, account) = (&self.config.orders, &self.config.account);
                let market =
                    entry.insert(Market::new(symbol, tick_size, lot_size, orders, account));
                send_position(publisher, id, symbol, market)?;
            }
        }
        publisher.send(id, LiveEvent::BatchEnd)?;
        Ok(())
    }

    fn cancel_orders(&mut self, symbol: &str) -> Result<(), ConnectorError> {
        let mut updates = Vec::new();
        if let Some(market) = self.markets.get_mut(symbol) {
            market.engine.cancel_all(now_ns(), &mut updates);
        }
        let mut out = Vec::new();
        publishable(symbol, updates, &mut out);
        self.send_all(&mut out)
    }

    /// Lets the exchange process arrived requests. True when there was one.
    pub(super) fn process_orders(&mut self) -> Result<bool, ConnectorError> {
        let now = Instant::now();
        if self.gateway.next_due().is_none_or(|due| due > now) {
            return Ok(false);
        }
        let mut out = Vec::new();
        let stats = &mut self.publisher.stats;
        self.gateway
            .process(now, &mut self.markets, stats, &mut out);
        self.send_all(&mut out)?;
        Ok(true)
    }
}

fn send_position(
    publisher: &Publisher,
    id: u64,
    symbol: &str,
    market: &Market,
) -> Result<(), ChannelError> {
    let Some((qty, exch_ts)) = market.engine.position() else {
        return Ok(());
    };
    let symbol = symbol.to_owned();
    publisher.send(
        id,
        LiveEvent::Position {
            symbol,
            qty,
            exch_ts,
        },
    )
}
