//! The way of a request from the bot to the exchange: order ids, latency, checks, refusals.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use hftbacktest::types::{LiveEvent, OrdType, Order, Side, Status, TimeInForce};
use tracing::{error, warn};

use crate::{
    clock::now_ns, config::OrdersConfig, market::Market, matching::Update, refusal::Refusal,
    rng::Rng, stats::Stats,
};

/// A request on its way.
#[derive(Debug)]
struct InFlight {
    due: Instant,
    symbol: String,
    order: Order,
}

/// Requests on their way to the exchange.
pub struct Gateway {
    config: OrdersConfig,
    rng: Rng,
    in_flight: VecDeque<InFlight>,
}

/// The registered instruments, by symbol.
pub type Markets = HashMap<String, Market>;

impl Gateway {
    pub fn new(config: OrdersConfig) -> Self {
        Self {
            rng: Rng::new(config.seed),
            config,
            in_flight: VecDeque::new(),
        }
    }

    /// When the next request arrives at the exchange.
    pub fn next_due(&self) -> Option<Instant> {
        self.in_flight.front().map(|request| request.due)
    }

    /// Takes a bot's request. What needs no exchange is answered here, as in the real connector.
    pub fn accept(
        &mut self,
        symbol: String,
        mut order: Order,
        markets: &Markets,
        stats: &mut Stats,
        out: &mut Vec<LiveEvent>,
    ) {
        let known = self.knows(&symbol, order.order_id, markets);
        match order.req {
            Status::New => {
                stats.orders += 1;
                if known {
                    warn!(%symbol, order_id = order.order_id, "An order of this id is open. This order request will be expired.");
                    stats.refused += 1;
                    order.req = Status::None;
                    order.status = Status::Expired;
                    out.push(LiveEvent::Order { symbol, order });
                    return;
                }
            }
            Status::Canceled => {
                if !known {
                    warn!(%symbol, order_id = order.order_id, "No such order; it may have been filled or cancelled before.");
                    stats.refused += 1;
                    return;
                }
            }
            status => {
                stats.bad_requests += 1;
                error!(?status, "An invalid request was received from the bot.");
                return;
            }
        }
        self.in_flight.push_back(InFlight {
            due: Instant::now() + Duration::from_micros(self.config.order_latency_us),
            symbol,
            order,
        });
    }

    /// Lets the exchange process what has arrived by now.
    pub fn process(
        &mut self,
        now: Instant,
        markets: &mut Markets,
        stats: &mut Stats,
        out: &mut Vec<LiveEvent>,
    ) {
        while self.next_due().is_some_and(|due| due <= now) {
            let Some(InFlight { symbol, order, .. }) = self.in_flight.pop_front() else {
                return;
            };
            if order.req == Status::New {
                self.submit(symbol, order, markets, stats, out);
            } else {
                cancel(symbol, &order, markets, stats, out);
            }
        }
    }

    /// Orders of a symbol that are on their way to the exchange.
    pub fn submissions<'a>(&'a self, symbol: &'a str) -> impl Iterator<Item = &'a Order> {
        self.in_flight
            .iter()
            .filter(move |request| request.symbol == symbol && request.order.req == Status::New)
            .map(|request| &request.order)
    }

    fn knows(&self, symbol: &str, order_id: u64, markets: &Markets) -> bool {
        let open = markets
            .get(symbol)
            .is_some_and(|market| market.engine.contains(order_id));
        open || self.in_flight.iter().any(|request| {
            request.order.req == Status::New
                && request.order.order_id == order_id
                && request.symbol == symbol
        })
    }

    fn submit(
        &mut self,
        symbol: String,
        mut order: Order,
        markets: &mut Markets,
        stats: &mut Stats,
        out: &mut Vec<LiveEvent>,
    ) {
        let mut updates = Vec::new();
        let result = if self.rng.chance(self.config.reject_rate) {
            Err(Refusal::Margin)
        } else {
            submit(&symbol, order.clone(), markets, &mut updates)
        };
        if let Err(refusal) = result {
            warn!(%symbol, order_id = order.order_id, code = refusal.code(), "submit error: {refusal}");
            stats.refused += 1;
            order.req = Status::None;
            order.status = Status::Expired;
            out.push(LiveEvent::Order { symbol, order });
            out.push(refusal.live_error());
            return;
        }
        publishable(&symbol, updates, out);
    }
}

fn submit(
    symbol: &str,
    order: Order,
    markets: &mut Markets,
    updates: &mut Vec<Update>,
) -> Result<(), Refusal> {
    let market = markets.get_mut(symbol).ok_or(Refusal::Symbol)?;
    let price_and_qty = check(&order, market)?;
    market
        .engine
        .submit(order, price_and_qty, &market.book, now_ns(), updates)
}

fn cancel(
    symbol: String,
    order: &Order,
    markets: &mut Markets,
    stats: &mut Stats,
    out: &mut Vec<LiveEvent>,
) {
    let mut updates = Vec::new();
    let cancelled = markets
        .get_mut(&symbol)
        .is_some_and(|market| market.engine.cancel(order.order_id, now_ns(), &mut updates));
    if cancelled {
        publishable(&symbol, updates, out);
    } else {
        // It was open when the request came and is not any more.
        stats.refused += 1;
        out.push(Refusal::UnknownOrder.live_error());
    }
}

/// Checks an order and converts its price and quantity to ticks and lots of the instrument's book.
fn check(order: &Order, market: &Market) -> Result<(i64, i64), Refusal> {
    if !matches!(order.side, Side::Buy | Side::Sell) {
        return Err(Refusal::Side);
    }
    if order.order_type == OrdType::Unsupported {
        return Err(Refusal::OrderType);
    }
    if order.time_in_force == TimeInForce::Unsupported {
        return Err(Refusal::TimeInForce);
    }
    // NaN is refused too.
    if order.qty.is_nan() || order.qty <= 0.0 {
        return Err(Refusal::Quantity);
    }
    let lots = market.book.quantities.exact_units(order.qty);
    let lots = lots.filter(|&lots| lots > 0).ok_or(Refusal::LotSize)?;
    if order.order_type == OrdType::Market {
        return Ok((0, lots));
    }
    let price = order.price();
    if price.is_nan() || price <= 0.0 {
        return Err(Refusal::Price);
    }
    let tick = market.book.prices.exact_units(price);
    Ok((tick.ok_or(Refusal::TickSize)?, lots))
}

/// Turns the exchange's reports into events for the bots.
pub fn publishable(symbol: &str, updates: Vec<Update>, out: &mut Vec<LiveEvent>) {
    out.extend(updates.into_iter().map(|update| match update {
        Update::Order(order) => LiveEvent::Order {
            symbol: symbol.to_owned(),
            order,
        },
        Update::Position { qty, exch_ts } => LiveEvent::Position {
            symbol: symbol.to_owned(),
            qty,
            exch_ts,
        },
    }));
}
