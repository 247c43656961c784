//! A seeded random market: a mid that walks on the tick grid, a ladder of levels around it, trades at the best prices.

use std::{collections::VecDeque, time::Duration};

use hftbacktest::types::Side;

use super::{Body, Level, Message, Source};
use crate::{
    config::{SymbolConfig, SyntheticConfig},
    matching::Grid,
    rng::Rng,
};

/// The market of one symbol.
pub struct Synthetic {
    rng: Rng,
    prices: Grid,
    quantities: Grid,
    max_lots: i64,
    spread: i64,
    trade_share: f64,
    volatility: f64,
    interval: Duration,
    events_left: Option<u64>,
    events_sent: u64,
    /// The opening book, then nothing.
    opening: bool,
    best_bid: i64,
    /// Lots of each level, best first.
    bids: VecDeque<i64>,
    asks: VecDeque<i64>,
}

impl Synthetic {
    /// The market of the symbol at a place in the configuration. Each has its own random numbers, so that the order in
    /// which bots register symbols changes nothing.
    pub fn new(config: &SyntheticConfig, index: usize) -> Self {
        let symbol: &SymbolConfig = &config.symbols[index];
        let mut rng = Rng::new(config.seed.wrapping_add(index as u64));
        let max_lots = i64::from(symbol.max_lots);
        let prices = Grid::new(symbol.tick_size);
        let bids = (0..config.levels).map(|_| rng.up_to(max_lots)).collect();
        let asks = (0..config.levels).map(|_| rng.up_to(max_lots)).collect();
        Self {
            best_bid: prices.units(symbol.base_price),
            rng,
            prices,
            quantities: Grid::new(symbol.lot_size),
            max_lots,
            spread: i64::from(symbol.spread_ticks),
            trade_share: config.trade_share,
            volatility: config.volatility,
            interval: config
                .rate
                .map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate)),
            events_left: config.events,
            events_sent: 0,
            opening: true,
            bids,
            asks,
        }
    }

    fn level(&self, side: Side, tick: i64, lots: i64) -> Level {
        Level {
            side,
            px: self.prices.value(tick),
            qty: self.quantities.value(lots),
        }
    }

    fn tick(&self, side: Side, depth: usize) -> i64 {
        match side {
            Side::Buy => self.best_bid - depth as i64,
            _ => self.best_bid + self.spread + depth as i64,
        }
    }

    fn opening_book(&self) -> Vec<Level> {
        let bids = self.bids.iter().enumerate();
        let asks = self.asks.iter().enumerate();
        bids.map(|(at, &lots)| self.level(Side::Buy, self.tick(Side::Buy, at), lots))
            .chain(asks.map(|(at, &lots)| self.level(Side::Sell, self.tick(Side::Sell, at), lots)))
            .collect()
    }

    fn side(&mut self) -> Side {
        if self.rng.chance(0.5) {
            Side::Buy
        } else {
            Side::Sell
        }
    }

    fn trade(&mut self) -> Level {
        let aggressor = self.side();
        let lots = self.rng.up_to(self.max_lots);
        let tick = match aggressor {
            Side::Buy => self.tick(Side::Sell, 0),
            _ => self.tick(Side::Buy, 0),
        };
        self.level(aggressor, tick, lots)
    }

    fn quantity_change(&mut self) -> Level {
        let side = self.side();
        let depth = self.rng.up_to(self.bids.len() as i64) as usize - 1;
        let lots = self.rng.up_to(self.max_lots);
        match side {
            Side::Buy => self.bids[depth] = lots,
            _ => self.asks[depth] = lots,
        }
        self.level(side, self.tick(side, depth), lots)
    }

    /// Moves both ladders by one tick. On each side one level goes and one comes; the best level that goes is named
    /// before the one that takes its place on the other side, so that the book is never crossed.
    fn move_mid(&mut self) -> Vec<Level> {
        let depth = self.bids.len();
        let lowest = self.best_bid - depth as i64;
        let up = lowest < 1 || self.rng.chance(0.5);
        let (near, far) = (self.rng.up_to(self.max_lots), self.rng.up_to(self.max_lots));
        let (shrinking, growing) = if up {
            (Side::Sell, Side::Buy)
        } else {
            (Side::Buy, Side::Sell)
        };
        let gone_best = self.level(shrinking, self.tick(shrinking, 0), 0);
        let gone_last = self.level(growing, self.tick(growing, depth - 1), 0);
        let (shrinking_lots, growing_lots) = if up {
            (&mut self.asks, &mut self.bids)
        } else {
            (&mut self.bids, &mut self.asks)
        };
        shrinking_lots.pop_front();
        shrinking_lots.push_back(far);
        growing_lots.pop_back();
        growing_lots.push_front(near);
        self.best_bid += if up { 1 } else { -1 };
        let new_best = self.level(growing, self.tick(growing, 0), near);
        let new_last = self.level(shrinking, self.tick(shrinking, depth - 1), far);
        vec![gone_best, gone_last, new_best, new_last]
    }

    fn body(&mut self) -> Body {
        if std::mem::take(&mut self.opening) {
            Body::Depth(self.opening_book())
        } else if self.rng.chance(self.trade_share) {
            Body::Trade(self.trade())
        } else if self.rng.chance(self.volatility) {
            Body::Depth(self.move_mid())
        } else {
            Body::Depth(vec![self.quantity_change()])
        }
    }
}

impl Source for Synthetic {
    fn next(&mut self) -> Option<Message> {
        if self.events_left == Some(0) {
            return None;
        }
        let mut message = Message {
            due: self.interval.mul_f64(self.events_sent as f64),
            exch_ts: None,
            body: self.body(),
        };
        if let (Some(left), Body::Depth(levels)) = (self.events_left, &mut message.body) {
            levels.truncate(left as usize);
        }
        let events = message.events();
        self.events_sent += events;
        self.events_left = self.events_left.map(|left| left - events);
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        book::Book,
        config::{Config, SourceConfig},
    };

    fn config(more: &str) -> SyntheticConfig {
        let text = format!("[source]\nkind = \"synthetic\"\n{more}");
        match Config::parse(&text).unwrap().source {
            SourceConfig::Synthetic(config) => config,
            SourceConfig::Recording(_) => unreachable!(),
        }
    }

    fn messages(config: &SyntheticConfig, number: usize) -> Vec<Message> {
        let mut source = Synthetic::new(config, 0);
        std::iter::from_fn(|| source.next()).take(number).collect()
    }

    #[test]
    fn a_seed_gives_one_market() {
        let first = messages(&config("seed = 5\n"), 500);
        assert_eq!(first, messages(&config("seed = 5\n"), 500));
        assert_ne!(first, messages(&config("seed = 6\n"), 500));
    }

    #[test]
    fn the_book_never_rejects_crosses_or_thins_out() {
        let config = config(
            "volatility = 0.5\nlevels = 5\n\
             [[source.symbols]]\nname = \"a\"\nbase_price = 2\nspread_ticks = 2\n",
        );
        let mut book = Book::new(0.1, 0.001);
        for (time, message) in messages(&config, 20_000).into_iter().enumerate() {
            let Body::Depth(levels) = message.body else {
                continue;
            };
            for level in levels {
                assert_eq!(book.apply(&level, time as i64).len(), 1, "{level:?}");
                assert!(level.px > 0.0);
            }
            assert_eq!(book.snapshot().len(), 10);
        }
    }

    #[test]
    fn trades_print_at_the_best_prices_in_their_share() {
        let config = config("trade_share = 0.4\nvolatility = 0\n");
        let trades: Vec<Level> = messages(&config, 10_000)
            .into_iter()
            .filter_map(|message| match message.body {
                Body::Trade(trade) => Some(trade),
                _ => None,
            })
            .collect();
        assert!((3_500..4_500).contains(&trades.len()), "{}", trades.len());
        for trade in trades {
            let best = if trade.side == Side::Buy {
                60_000.1
            } else {
                60_000.0
            };
            assert_eq!(trade.px, best);
        }
    }

    #[test]
    fn events_are_due_at_their_rate_and_end_at_their_number() {
        let config = config("rate = 1000\nevents = 10000\n");
        let messages = messages(&config, usize::MAX);
        assert_eq!(messages.iter().map(Message::events).sum::<u64>(), 10_000);
        // The opening book of 40 levels is due at once; the others follow a millisecond apart each.
        assert_eq!(messages[0].due, Duration::ZERO);
        assert_eq!(messages[1].due, Duration::from_millis(40));
        let last = messages[messages.len() - 1].due;
        assert!(last > Duration::from_millis(9_990) && last < Duration::from_secs(10));
    }
}
