//! Messages that make no sense are refused, counted and told, and do no harm.

use crate::common::*;
use hftbacktest::live::ipc::iceoryx::CustomHeader;
use hftbacktest::types::*;
use hftlive::ffi::live::hashmap as live;
use hftlive::record::kind;
use iceoryx2::port::publisher::Publisher;
use iceoryx2::prelude::*;

/// A publisher of any bytes.
struct Raw {
    publisher: Publisher<ipc::Service, [u8], CustomHeader>,
    _node: Node<ipc::Service>,
}

impl Raw {
    fn new(name: &str) -> Self {
        let node = NodeBuilder::new().create::<ipc::Service>().unwrap();
        let service = node
            .service_builder(&ServiceName::new(&format!("{name}/ToBot")).unwrap())
            .publish_subscribe::<[u8]>()
            .user_header::<CustomHeader>()
            .open()
            .unwrap();
        let publisher = service
            .publisher_builder()
            .initial_max_slice_len(512)
            .create()
            .unwrap();
        Self {
            publisher,
            _node: node,
        }
    }

    fn send(&self, bytes: &[u8], len: usize) {
        let mut sample = self.publisher.loan_slice(bytes.len()).unwrap();
        sample.payload_mut().copy_from_slice(bytes);
        sample.user_header_mut().id = 0;
        sample.user_header_mut().len = len;
        sample.send().unwrap();
    }

    fn event(&self, event: &LiveEvent) {
        let bytes = bincode::encode_to_vec(event, bincode::config::standard()).unwrap();
        self.send(&bytes, bytes.len());
    }

    fn feed(&self, event: Event) {
        let symbol = "aaa".into();
        self.event(&LiveEvent::Feed { symbol, event });
    }
}

#[test]
fn nonsense_is_refused_counted_and_told() {
    let name = unique_name("nonsense");
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    let raw = Raw::new(&name);
    bot.until(kind::CONNECTION, 1);

    raw.feed(event(BID, f64::NAN, 1.0));
    let records = bot.drain();
    assert_eq!(kinds(&records), [kind::ERROR]);
    assert_eq!((records[0].detail, records[0].asset), (4, 0));

    let mut sent = 1;
    for (px, qty) in [
        (f64::INFINITY, 1.0),
        (1e18, 1.0),
        (-1e18, 1.0),
        (100.0, f64::NAN),
        (100.0, -1.0),
        (100.0, f64::INFINITY),
    ] {
        raw.feed(event(BID, px, qty));
        raw.feed(event(BUY_TRADE, px, qty));
        sent += 2;
    }
    raw.event(&LiveEvent::Position {
        symbol: "aaa".into(),
        qty: f64::NAN,
        exch_ts: 0,
    });
    raw.send(&[], 0);
    raw.send(&[1, 2, 3], 3);
    raw.send(&[0], 2);
    raw.send(&[0], usize::MAX);
    raw.send(&[2; 512], 512);
    raw.send(&[255; 512], 512);
    sent += 7;
    raw.feed(event(BUY_TRADE, 100.0, 1.0));
    let records = bot.drain();
    assert_eq!(records.last().unwrap().kind(), kind::TRADE, "and goes on");
    assert_eq!(bot.connection(0).malformed, sent);
    assert_eq!(bot.connection(0).received, 1);
    assert!(live::position(bot.0, 0) == 0.0);

    // Few records, but in the end one tells how many were refused.
    let mut messages = Vec::new();
    eventually("the count", || {
        bot.poll(16);
        messages.extend(bot.messages());
        messages
            .iter()
            .any(|m| m.contains("more were refused"))
            .then_some(())
    });
    assert!(messages.len() < 5, "{messages:?}");
}

#[test]
fn random_bytes_do_no_harm() {
    let name = unique_name("random");
    let bot = TestBot::new(&bot_json(&name, &["aaa"]));
    let raw = Raw::new(&name);
    let mut seed = 99u64;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    let valid = bincode::encode_to_vec(
        LiveEvent::Feed {
            symbol: "aaa".into(),
            event: event(BID, 100.0, 1.0),
        },
        bincode::config::standard(),
    )
    .unwrap();
    for round in 0..20_000 {
        let mut bytes = if random(2) == 0 {
            valid.clone()
        } else {
            (0..random(120)).map(|_| random(256) as u8).collect()
        };
        for _ in 0..random(4) {
            if !bytes.is_empty() {
                let at = random(bytes.len() as u64) as usize;
                bytes[at] = random(256) as u8;
            }
        }
        let len = if random(8) == 0 {
            random(600) as usize
        } else {
            bytes.len()
        };
        raw.send(&bytes, len);
        if round % 100 == 0 {
            bot.drain();
        }
    }
    bot.drain();
    let status = bot.connection(0);
    assert!(
        status.malformed > 1_000 && status.received > 1_000,
        "{status:?}"
    );
    assert_eq!(live::elapse(bot.0, 0), 0, "not poisoned");
}
