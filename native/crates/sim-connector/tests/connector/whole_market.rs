//! What a bot that misses nothing rebuilds is what the connector has.

use std::{
    collections::BTreeMap,
    env,
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
    time::Duration,
};

use flate2::read::MultiGzDecoder;
use hftbacktest::types::{BUY_EVENT, Event, LiveEvent, TRADE_EVENT};

use crate::common::{Connector, Wire};

/// Names a recording of BTCUSDT (tick size 0.1, lot size 0.001). It takes some seconds, and a machine that is not busy.
const RECORDING: &str = "SIM_CONNECTOR_TEST_RECORDING";

/// Quantity by price in ticks, of bids and of asks.
#[derive(Debug, Default, PartialEq)]
struct Book {
    bids: BTreeMap<i64, f64>,
    asks: BTreeMap<i64, f64>,
}

impl Book {
    fn apply(&mut self, event: &Event) {
        let side = if event.is(BUY_EVENT) {
            &mut self.bids
        } else {
            &mut self.asks
        };
        let tick = (event.px / 0.1).round() as i64;
        if event.qty == 0.0 {
            side.remove(&tick);
        } else {
            side.insert(tick, event.qty);
        }
    }
}

/// What a bot made of the events it received.
#[derive(Debug, Default)]
struct Market {
    book: Book,
    events: usize,
    trades: u64,
    volume: f64,
}

impl Market {
    fn apply(&mut self, event: &Event) {
        self.events += 1;
        if event.is(TRADE_EVENT) {
            self.trades += 1;
            self.volume += event.qty;
        } else {
            self.book.apply(event);
        }
    }

    /// Receives until enough has come, and then what comes before the source has ended.
    fn receive(connector: &Connector, wire: &Wire, enough: impl Fn(&Self) -> bool) -> Self {
        let mut market = Self::default();
        while !enough(&market) {
            market.apply(&wire.feed());
        }
        connector.wait_for_log("The source has ended.");
        for received in wire.quiet_for(Duration::from_millis(100)) {
            if let LiveEvent::Feed { event, .. } = received.event {
                market.apply(&event);
            }
        }
        market
    }
}

fn answered_book(connector: &Connector) -> Book {
    let second = Wire::connect(&connector.name, 2);
    second.register("btcusdt", 0.1, 0.001);
    let mut book = Book::default();
    for event in second.answer() {
        if let LiveEvent::Feed { event, .. } = event {
            book.apply(&event);
        }
    }
    book
}

#[test]
fn the_events_of_a_synthetic_market_add_up_to_its_book() {
    // Fewer than a bot's buffer holds: nothing can be lost.
    let connector = Connector::start(
        "[source]\nkind = \"synthetic\"\nevents = 5000\nrate = \"flat_out\"\nvolatility = 0.3\n",
    );
    let wire = Wire::connect(&connector.name, 1);
    wire.register("btcusdt", 0.1, 0.001);
    wire.answer();
    let market = Market::receive(&connector, &wire, |market| market.events >= 5_000);
    assert_eq!(market.events, 5_000);
    assert!(market.trades > 500, "{}", market.trades);
    let book = market.book;
    assert_eq!((book.bids.len(), book.asks.len()), (20, 20));
    assert!(book.bids.keys().next_back() < book.asks.keys().next());
    assert_eq!(book, answered_book(&connector));
}

#[test]
fn a_recording_is_published_whole() {
    let Ok(path) = env::var(RECORDING) else {
        println!("skipped: {RECORDING} names no recording");
        return;
    };
    let (expected_trades, expected_volume) = count_trades(Path::new(&path));
    let connector = Connector::start(&format!(
        "[source]\nkind = \"recording\"\nfile = {path:?}\nsymbol = \"btcusdt\"\nspeed = \"max\"\n\
         [publish]\npace = 50000\n"
    ));
    let wire = Wire::connect(&connector.name, 1);
    wire.register("btcusdt", 0.1, 0.001);
    wire.answer();
    let market = Market::receive(&connector, &wire, |market| market.trades >= expected_trades);
    assert_eq!(market.trades, expected_trades);
    assert!(
        (market.volume - expected_volume).abs() < 1e-6,
        "{}",
        market.volume
    );
    assert_eq!(market.book, answered_book(&connector));
}

/// Number of trades and their quantities, found without a JSON parser.
fn count_trades(path: &Path) -> (u64, f64) {
    let lines = BufReader::new(MultiGzDecoder::new(File::open(path).unwrap())).lines();
    let quantities = lines
        .map(Result::unwrap)
        .filter(|line| line.contains("@trade\"") && line.contains("\"X\":\"MARKET\""))
        .map(|line| {
            let (_, rest) = line.split_once("\"q\":\"").unwrap();
            rest.split('"').next().unwrap().parse::<f64>().unwrap()
        });
    quantities.fold((0, 0.0), |(trades, volume), qty| (trades + 1, volume + qty))
}
