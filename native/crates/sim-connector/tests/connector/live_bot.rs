//! Upstream's own live bot against the binary: book, trades, orders, position.

use std::time::{Duration, Instant};

use crate::common::{Connector, PATIENCE};
use hftbacktest::{
    depth::{HashMapMarketDepth, MarketDepth},
    live::{Instrument, LiveBot, LiveBotBuilder, ipc::iceoryx::IceoryxUnifiedChannel},
    types::{Bot, OrdType, Status, TimeInForce},
};

const TICK: f64 = 0.1;
const LOT: f64 = 0.001;
const SYMBOL: &str = "btcusdt";

type UpstreamBot = LiveBot<IceoryxUnifiedChannel, HashMapMarketDepth>;

fn bot(connector: &Connector) -> UpstreamBot {
    let depth = HashMapMarketDepth::new(TICK, LOT);
    let instrument = Instrument::new(&connector.name, SYMBOL, TICK, LOT, depth, 10_000);
    LiveBotBuilder::new().register(instrument).build().unwrap()
}

/// Lets the bot receive until something holds.
fn wait_until(bot: &mut UpstreamBot, what: &str, mut holds: impl FnMut(&UpstreamBot) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds(bot) {
        assert!(Instant::now() < deadline, "never: {what}");
        bot.elapse(Duration::from_millis(5).as_nanos() as i64)
            .unwrap();
    }
}

fn status(bot: &UpstreamBot, order_id: u64) -> Status {
    bot.orders(0)
        .get(&order_id)
        .map_or(Status::None, |order| order.status)
}

#[test]
fn upstreams_bot_watches_and_trades() {
    let connector = Connector::start("[source]\nkind = \"synthetic\"\nseed = 3\nrate = 2000\n");
    let mut bot = bot(&connector);
    wait_until(&mut bot, "a book", |bot| {
        let depth = bot.depth(0);
        depth.best_bid() > 0.0 && depth.best_ask() > depth.best_bid()
    });
    wait_until(&mut bot, "a trade", |bot| !bot.last_trades(0).is_empty());

    // Far from the market: it rests, is acknowledged, and is cancelled.
    bot.submit_buy_order(
        0,
        1,
        50_000.0,
        0.002,
        TimeInForce::GTX,
        OrdType::Limit,
        false,
    )
    .unwrap();
    wait_until(&mut bot, "an acknowledged order", |bot| {
        bot.orders(0)[&1].cancellable()
    });
    assert!(bot.orders(0)[&1].exch_timestamp > 0);
    bot.cancel(0, 1, false).unwrap();
    wait_until(&mut bot, "a cancelled order", |bot| {
        status(bot, 1) == Status::Canceled
    });
    assert_eq!(bot.position(0), 0.0);

    bot.submit_buy_order(0, 2, 1.0, 0.003, TimeInForce::GTC, OrdType::Market, false)
        .unwrap();
    wait_until(&mut bot, "a filled order", |bot| {
        status(bot, 2) == Status::Filled
    });
    wait_until(&mut bot, "a position", |bot| bot.position(0) == 0.003);
    assert_eq!(bot.orders(0)[&2].leaves_qty, 0.0);

    // Above the best ask and post-only.
    let price = bot.depth(0).best_ask() + 1_000.0;
    bot.submit_buy_order(0, 3, price, 0.001, TimeInForce::GTX, OrdType::Limit, false)
        .unwrap();
    wait_until(&mut bot, "an expired order", |bot| {
        status(bot, 3) == Status::Expired
    });
    assert_eq!(bot.position(0), 0.003);
}
