//! A small recording, replayed over the real channel.

use std::io::Write;

use crate::common::{Connector, Folder, Wire, recording};
use flate2::{Compression, write::GzEncoder};
use hftbacktest::types::{BUY_EVENT, DEPTH_EVENT, Event, LiveEvent, TRADE_EVENT};

const TICK: f64 = 0.5;
const LOT: f64 = 1.0;

/// A book, a deletion, a trade, a damaged line, a best price, a crossing bid, a snapshot that is older than the book.
const LINES: &str = r#"1000000000 {"stream":"xyzusdt@depth@0ms","data":{"e":"depthUpdate","E":101,"T":100,"s":"XYZUSDT","U":1,"u":2,"pu":0,"b":[["10.0","5"],["9.5","6"]],"a":[["10.5","7"],["11.0","8"]]}}
1000001000 {"stream":"xyzusdt@depth@0ms","data":{"e":"depthUpdate","E":111,"T":110,"s":"XYZUSDT","U":1,"u":2,"pu":0,"b":[["9.5","0"]],"a":[]}}
1000002000 {"stream":"xyzusdt@trade","data":{"e":"trade","E":121,"T":120,"s":"XYZUSDT","t":1,"p":"10.5","q":"3","X":"MARKET","m":false}}
1000003000 {"stream":"xyzusdt@trade","data":{"e":"trade","E":121,"T":
1000004000 {"stream":"xyzusdt@bookTicker","data":{"e":"bookTicker","u":1,"s":"XYZUSDT","b":"10.0","B":"4","a":"10.5","A":"2","T":130,"E":131}}
1000005000 {"stream":"xyzusdt@depth@0ms","data":{"e":"depthUpdate","E":141,"T":140,"s":"XYZUSDT","U":1,"u":2,"pu":0,"b":[["10.5","9"]],"a":[]}}
1000006000 {"lastUpdateId":1,"E":106,"T":105,"bids":[["10.5","1"],["9.0","2"]],"asks":[["11.0","1"],["11.5","3"]]}
"#;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn connect(connector: &Connector, id: u64) -> (Wire, Vec<LiveEvent>) {
    let wire = Wire::connect(&connector.name, id);
    wire.register("xyzusdt", TICK, LOT);
    let answer = wire.answer();
    (wire, answer)
}

/// Side ('b' or 'a'), price and quantity of depth; 't' for a trade.
fn short(event: &Event) -> (char, f64, f64) {
    let side = if event.is(TRADE_EVENT) {
        't'
    } else if event.is(BUY_EVENT) {
        'b'
    } else {
        'a'
    };
    (side, event.px, event.qty)
}

#[test]
fn the_fused_book_decides_what_is_published() {
    let folder = Folder::new();
    let file = folder.write("xyz.gz", &gzip(LINES));
    let connector = Connector::start(&recording(&file, ""));
    let (wire, answer) = connect(&connector, 1);
    assert!(answer.is_empty());
    let events: Vec<_> = (0..10).map(|_| short(&wire.feed())).collect();
    assert_eq!(
        events,
        [
            ('b', 10.0, 5.0),
            ('b', 9.5, 6.0),
            ('a', 10.5, 7.0),
            ('a', 11.0, 8.0),
            ('b', 9.5, 0.0),
            ('t', 10.5, 3.0),
            ('b', 10.5, 9.0),
            // The crossing bid deletes the ask.
            ('a', 10.5, 0.0),
            // Of the older snapshot only the levels count that are worse than the best prices.
            ('b', 9.0, 2.0),
            ('a', 11.5, 3.0),
        ]
    );
    let remarks = connector.wait_for_log("The source has ended.");
    assert!(remarks.contains("damaged_lines=1"), "{remarks}");
    assert!(remarks.contains("other_lines=1"), "{remarks}");

    // At the end it stays, and answers with the book.
    let (_second, answer) = connect(&connector, 2);
    let book: Vec<_> = answer
        .iter()
        .map(|event| match event {
            LiveEvent::Feed { event, .. } => short(event),
            other => panic!("not a feed: {other:?}"),
        })
        .collect();
    assert_eq!(
        book,
        [
            ('b', 10.5, 9.0),
            ('b', 10.0, 5.0),
            ('b', 9.0, 2.0),
            ('a', 11.0, 8.0),
            ('a', 11.5, 3.0)
        ]
    );
}

#[test]
fn exchange_times_are_of_now_or_of_the_recording() {
    let folder = Folder::new();
    let file = folder.write("xyz.txt", LINES.as_bytes());
    for (more, recorded) in [("", false), ("timestamps = \"recorded\"\n", true)] {
        let connector = Connector::start(&recording(&file, more));
        let (wire, _) = connect(&connector, 1);
        let event = wire.feed();
        assert!(event.local_ts > 1_600_000_000_000_000_000);
        assert_eq!(event.exch_ts == 100_000_000, recorded, "{event:?}");
        if !recorded {
            assert!(event.exch_ts <= event.local_ts);
            assert!(event.exch_ts > 1_600_000_000_000_000_000);
        }
    }
}

#[test]
fn a_looped_recording_empties_the_book_and_begins_again() {
    let folder = Folder::new();
    let file = folder.write("xyz.txt", LINES.as_bytes());
    let connector = Connector::start(&format!(
        "{}[publish]\npace = 2000\n",
        recording(&file, "at_end = \"loop\"\n")
    ));
    let (wire, _) = connect(&connector, 1);
    let first: Vec<_> = (0..10).map(|_| short(&wire.feed())).collect();
    let deleted: Vec<_> = (0..5).map(|_| wire.feed()).collect();
    assert!(
        deleted
            .iter()
            .all(|event| event.qty == 0.0 && event.is(DEPTH_EVENT)),
        "{deleted:?}"
    );
    let again: Vec<_> = (0..10).map(|_| short(&wire.feed())).collect();
    assert_eq!(again, first);
}

#[test]
fn the_connector_can_end_with_its_recording() {
    let folder = Folder::new();
    let file = folder.write("xyz.txt", LINES.as_bytes());
    let mut connector = Connector::start(&recording(&file, "at_end = \"exit\"\n"));
    let (_wire, _) = connect(&connector, 1);
    assert_eq!(connector.wait().code(), Some(0));
    let last = connector.wait_for_log("The connector ends.");
    assert!(last.contains("events=10 trades=1"), "{last}");
}

#[test]
fn best_prices_are_fused_when_asked_for() {
    let folder = Folder::new();
    let file = folder.write("xyz.txt", LINES.as_bytes());
    let connector = Connector::start(&recording(&file, "book_ticker = true\n"));
    let (wire, _) = connect(&connector, 1);
    let events: Vec<_> = (0..8).map(|_| short(&wire.feed())).collect();
    assert_eq!(events[6..], [('b', 10.0, 4.0), ('a', 10.5, 2.0)]);
}
