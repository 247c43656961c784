//! Orders that a connector does not know any more.

use std::time::{Duration, Instant};

use crate::common::*;
use hftbacktest::types::*;
use hftlive::ffi::hftlive::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::ffi::orders::*;
use hftlive::record::{Record, kind};

const SYMBOL: &str = "aaa";

/// A bot, the connector that it trades through, and the channel's name.
struct Desk {
    name: String,
    connector: Connector,
    bot: TestBot,
}

impl Desk {
    fn new(label: &str) -> Self {
        let name = unique_name(label);
        let connector = Connector::new(&name);
        let bot = TestBot::new(&bot_json(&name, &[SYMBOL]));
        let desk = Self {
            name,
            connector,
            bot,
        };
        desk.answer(&[]);
        desk
    }

    /// Submits a buy order of 2 and returns what the connector got.
    fn submit(&self, id: u64) -> Order {
        assert_eq!(
            live::submit_buy_order(self.bot.0, 0, id, 10.0, 2.0, 0, 0, 0),
            0,
            "{}",
            last_error()
        );
        self.request()
    }

    fn request(&self) -> Order {
        match eventually("request", || self.connector.request()).1 {
            LiveRequest::Order { order, .. } => order,
            other => panic!("{other:?}"),
        }
    }

    /// Tells of an order, as the exchange has it one moment later.
    fn report(&self, order: &mut Order, status: Status) {
        order.status = status;
        order.req = Status::None;
        order.exch_timestamp += 1;
        self.connector.order(SYMBOL, order);
    }

    /// Submits an order and acknowledges it.
    fn open(&self, id: u64) -> Order {
        let mut order = self.submit(id);
        self.report(&mut order, Status::New);
        self.bot.drain();
        order
    }

    /// Waits for a registration and answers it with these orders; all records up to then.
    fn answer(&self, orders: &[&Order]) -> Vec<Record> {
        let mut before = Vec::new();
        let (id, _) = eventually("registration", || {
            before.extend(self.bot.drain());
            self.connector.registration()
        });
        self.send_answer(id, orders, 0.5);
        before.extend(self.bot.until(kind::CONNECTION, 2));
        before
    }

    fn send_answer(&self, id: u64, orders: &[&Order], qty: f64) {
        let symbol = || SYMBOL.to_owned();
        self.connector.send(id, LiveEvent::BatchStart);
        for &order in orders {
            let (symbol, order) = (symbol(), order.clone());
            self.connector.send(id, LiveEvent::Order { symbol, order });
        }
        let exch_ts = now();
        let position = LiveEvent::Position {
            symbol: symbol(),
            qty,
            exch_ts,
        };
        self.connector.send(id, position);
        self.connector.send(id, LiveEvent::BatchEnd);
    }

    /// Another process takes the channel over.
    fn replace(mut self) -> Self {
        drop(self.connector);
        self.connector = Connector::new(&self.name);
        self
    }

    fn order(&self, id: u64) -> &Order {
        let order = orders_get(live::orders(self.bot.0, 0), id);
        assert!(!order.is_null(), "order {id} is forgotten");
        unsafe { &*order }
    }

    fn status(&self, id: u64) -> (Status, Status) {
        let order = self.order(id);
        (order.status, order.req)
    }

    fn register(&self) {
        assert_eq!(hftlive_register(self.bot.0, 0), 0, "{}", last_error());
    }
}

/// Id, status and request of the order records.
fn order_records(records: &[Record]) -> Vec<(u64, u8, u8)> {
    records
        .iter()
        .filter(|r| r.kind() == kind::ORDER)
        .map(|r| (r.order_id, r.detail, r.request))
        .collect()
}

fn errors(records: &[Record]) -> usize {
    records.iter().filter(|r| r.kind() == kind::ERROR).count()
}

#[test]
fn a_successor_knows_nothing_of_the_orders_before_it() {
    let desk = Desk::new("successor");
    desk.open(1);
    let mut part = desk.open(2);
    part.exec_qty = 0.5;
    part.leaves_qty = 1.5;
    part.exec_price_tick = 99;
    desk.report(&mut part, Status::PartiallyFilled);
    let mut filled = desk.open(3);
    desk.report(&mut filled, Status::Filled);
    desk.submit(4);
    desk.open(5);
    desk.bot.drain();
    assert_eq!(live::cancel(desk.bot.0, 0, 5, 0), 0);
    desk.request();
    let latency = |bot: &TestBot| {
        let mut times = [0; 3];
        let [req, exch, resp] = &mut times;
        assert!(unsafe { live::order_latency(bot.0, 0, req, exch, resp) });
        times
    };
    let before = latency(&desk.bot);

    let desk = desk.replace();
    let records = desk.answer(&[]);
    let first = records.iter().rposition(|r| r.kind() == kind::BATCH_START);
    let answer = &records[first.unwrap()..];
    assert_eq!(
        kinds(answer),
        [
            kind::BATCH_START,
            kind::POSITION,
            kind::ERROR,
            kind::ORDER,
            kind::ORDER,
            kind::ORDER,
            kind::ORDER,
            kind::BATCH_END,
            kind::CONNECTION
        ]
    );
    assert!(answer.iter().all(|r| r.asset == 0));
    // "none", with the request that was never answered.
    assert_eq!(
        order_records(&records),
        [(1, 0, 0), (2, 0, 0), (4, 0, 1), (5, 0, 4)]
    );
    let lost = answer.iter().find(|r| r.order_id == 2).unwrap();
    assert_eq!((lost.fval, lost.local_ts), (0.0, 0), "executes nothing");
    assert_eq!(f64::from_bits(lost.ival as u64), 1.5, "leaves");
    assert_eq!(lost.exch_ts, part.exch_timestamp);
    assert_eq!(answer[2].detail, 3, "custom");

    assert_eq!(desk.status(1), (Status::None, Status::None));
    assert_eq!(desk.status(3), (Status::Filled, Status::None));
    assert_eq!(desk.status(4), (Status::None, Status::New));
    assert_eq!(desk.status(5), (Status::None, Status::Canceled));
    assert_eq!(live::position(desk.bot.0, 0), 0.5);
    assert_eq!(latency(&desk.bot), before, "nobody responded");
    assert_eq!(live::cancel(desk.bot.0, 0, 1, 0), 14);

    // Once is enough.
    desk.register();
    assert_eq!(order_records(&desk.answer(&[])), []);
    // An end that the former process left in its queue is the truth.
    desk.report(&mut part, Status::Filled);
    assert_eq!(order_records(&desk.bot.drain()), [(2, 3, 0)]);
    assert_eq!(desk.status(2), (Status::Filled, Status::None));
    live::clear_inactive_orders(desk.bot.0, 0);
    assert_eq!(orders_len(live::orders(desk.bot.0, 0)), 0);
}

#[test]
fn the_error_names_the_orders() {
    let desk = Desk::new("names");
    for id in 1..=10 {
        desk.open(id);
    }
    let desk = desk.replace();
    let (id, _) = eventually("registration", || {
        desk.bot.drain();
        desk.connector.registration()
    });
    desk.send_answer(id, &[], 0.0);
    let polled = eventually("the error", || {
        let polled = desk.bot.poll(4_096);
        (errors(&polled.records) > 0).then_some(polled)
    });
    assert_eq!(order_records(&polled.records).len(), 10);
    assert_eq!(
        desk.bot.messages(),
        [format!(
            "Cannot account for orders of aaa: connector {} does not know 1, \
             2, 3, 4, 5, 6, 7, 8 and 2 more",
            desk.name
        )]
    );
}

#[test]
fn a_poll_may_end_between_two_lost_orders() {
    let desk = Desk::new("split");
    for id in 1..=5 {
        desk.open(id);
    }
    let desk = desk.replace();
    let (id, _) = eventually("registration", || {
        desk.bot.drain();
        desk.connector.registration()
    });
    desk.send_answer(id, &[], 0.0);
    let mut records = Vec::new();
    eventually("the end of the answer", || {
        let polled = desk.bot.poll(1);
        let is_open = order_records(&polled.records)
            .iter()
            .all(|&(id, ..)| desk.status(id).0 == Status::None);
        assert!(is_open, "delivered before it was applied");
        records.extend(polled.records);
        let is_last = records.last().is_some_and(|r| r.kind() == kind::CONNECTION);
        assert!(polled.more || is_last || records.is_empty());
        (is_last && records.last()?.detail == 2).then_some(())
    });
    let ids: Vec<u64> = order_records(&records).iter().map(|r| r.0).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
}

#[test]
fn a_wait_for_a_lost_order_ends() {
    let desk = Desk::new("wait");
    desk.submit(1);
    let desk = desk.replace();
    let (id, _) = eventually("registration", || {
        desk.bot.drain();
        desk.connector.registration()
    });
    desk.send_answer(id, &[], 0.0);
    assert_eq!(
        live::wait_order_response(desk.bot.0, 0, 1, 10_000_000_000),
        3
    );
    assert_eq!(desk.status(1), (Status::None, Status::New));
    assert_eq!(order_records(&desk.bot.drain()), [(1, 0, 1)]);
    assert_eq!(desk.bot.connection(0).registered, 1);
}

#[test]
fn an_order_that_the_successor_got_is_not_lost_with_the_others() {
    let desk = Desk::new("unnoticed");
    desk.open(1);
    let desk = desk.replace();
    // The bot has not looked yet: for it the former process is there.
    let mut second = desk.submit(2);
    let records = desk.answer(&[]);
    assert_eq!(order_records(&records), [(1, 0, 0)]);
    assert_eq!(desk.status(2), (Status::New, Status::New));
    // It is asked about again, and has been taken in by then.
    second.req = Status::None;
    second.exch_timestamp = 5;
    let records = desk.answer(&[&second]);
    assert_eq!(order_records(&records), [(2, 1, 0)]);
    assert_eq!(desk.status(2), (Status::New, Status::None));
}

#[test]
fn the_same_process_is_asked_twice() {
    let desk = Desk::new("twice");
    let kept = desk.open(1);
    desk.open(2);
    let mut filled = desk.open(3);
    desk.submit(4);
    desk.register();
    assert_eq!(order_records(&desk.answer(&[&kept])), [(1, 1, 0)]);
    assert_eq!(desk.status(2), (Status::New, Status::None));

    // The end of one was on its way while the answer was made.
    desk.report(&mut filled, Status::Filled);
    let start = Instant::now();
    let records = desk.answer(&[&kept]);
    assert!(start.elapsed() > Duration::from_millis(200), "rate limit");
    assert_eq!(
        order_records(&records),
        [(3, 3, 0), (1, 1, 0), (2, 0, 0), (4, 0, 1)]
    );
    assert_eq!(errors(&records), 1);
    assert_eq!(live::elapse(desk.bot.0, 1_200_000_000), 0);
    assert!(desk.connector.request().is_none(), "no doubt is left");
}

#[test]
fn a_registration_without_doubt_is_not_repeated() {
    let desk = Desk::new("quiet");
    let order = desk.open(1);
    desk.register();
    let (id, _) = eventually("registration", || desk.connector.registration());
    // Sent after the registration: the answer need not have it.
    desk.submit(2);
    desk.send_answer(id, &[&order], 0.0);
    desk.bot.until(kind::CONNECTION, 2);
    assert_eq!(live::elapse(desk.bot.0, 1_200_000_000), 0);
    assert!(desk.connector.request().is_none());
    assert_eq!(desk.status(2), (Status::New, Status::New));
}

#[test]
fn an_answer_with_a_refused_part_proves_nothing() {
    let desk = Desk::new("flawed");
    let order = desk.open(1);
    let mut broken = order.clone();
    broken.qty = f64::NAN;
    let desk = desk.replace();
    let records = desk.answer(&[&broken]);
    assert_eq!(order_records(&records), []);
    assert_eq!(desk.bot.connection(0).malformed, 1);
    assert_eq!(desk.status(1), (Status::New, Status::None));
    assert_eq!(order_records(&desk.answer(&[])), [(1, 0, 0)]);
}

#[test]
fn an_overflow_starts_the_count_anew() {
    let desk = Desk::new("flooded");
    desk.open(1);
    desk.register();
    assert_eq!(order_records(&desk.answer(&[])), []);
    for n in 0..3 * BUFFER {
        desk.connector
            .feed(SYMBOL, event(BUY_TRADE, 100.0, n as f64));
    }
    let records = desk.bot.drain();
    assert!(records.iter().any(|r| r.kind() == kind::OVERFLOW));
    assert_eq!(order_records(&desk.answer(&[])), []);
    assert_eq!(order_records(&desk.answer(&[])), [(1, 0, 0)]);
}

#[test]
fn errors_come_before_any_registration_is_answered() {
    let name = unique_name("early");
    let connector = Connector::new(&name);
    let bot = TestBot::new(&bot_json(&name, &["aaa", "bbb"]));
    let value = Value::String("invalid key".into());
    let error = LiveError::with(ErrorKind::Custom(-2_014), value);
    connector.send(hftbacktest::live::ipc::TO_ALL, LiveEvent::Error(error));
    let records = bot.until(kind::ERROR, 3);
    let record = records.iter().find(|r| r.kind() == kind::ERROR).unwrap();
    assert_eq!((record.asset, record.ival), (0, -2_014));
    assert_eq!(bot.connection(0).registered, 0);
}
