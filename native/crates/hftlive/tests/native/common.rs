//! A connector on upstream's own sender and receiver, and a bot through the C ABI.

use std::ffi::c_void;
use std::ptr::null;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::live::ipc::iceoryx::{IceoryxBuilder, IceoryxReceiver, IceoryxSender};
use hftbacktest::types::*;
use hftlive::core::ConnectionStatus;
use hftlive::ffi::hftlive::*;
use hftlive::record::{RECORD_SIZE, Record, kind};

/// Longest that a test waits for what must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Samples that a queue holds in these tests: few, so that they overflow soon.
pub const BUFFER: usize = 256;
/// Bots that a connector has at most in these tests.
pub const MAX_BOTS: usize = 32;

/// Sets the channels' sizes, before the first port is made.
fn channel_sizes() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let path = concat!(env!("CARGO_TARGET_TMPDIR"), "/channel.toml");
        let text = format!("buffer_size = {BUFFER}\nmax_bots = {MAX_BOTS}\n");
        std::fs::write(path, text).unwrap();
        // SAFETY: nobody else writes the environment, and Rust's own lock guards its readers.
        unsafe { std::env::set_var("HFTBACKTEST_CHANNEL_CONFIG", path) };
    });
}

/// A channel name that no other run uses.
pub fn unique_name(label: &str) -> String {
    channel_sizes();
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    format!("test-{}-{count}-{label}", std::process::id())
}

/// Tries until it works or [`PATIENCE`] ends.
pub fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(start.elapsed() < PATIENCE, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(1));
    }
}

pub fn now() -> i64 {
    hftlive::clock::wall_ns()
}

/// A market event as the real connector makes it.
pub fn event(ev: u64, px: f64, qty: f64) -> Event {
    Event {
        ev,
        exch_ts: now() - 1_000_000,
        local_ts: now(),
        px,
        qty,
        order_id: 0,
        ival: 0,
        fval: 0.0,
    }
}

pub const BID: u64 = EXCH_EVENT | LOCAL_BID_DEPTH_EVENT;
pub const ASK: u64 = EXCH_EVENT | LOCAL_ASK_DEPTH_EVENT;
pub const BID_SNAPSHOT: u64 = EXCH_EVENT | LOCAL_BID_DEPTH_SNAPSHOT_EVENT;
pub const ASK_SNAPSHOT: u64 = EXCH_EVENT | LOCAL_ASK_DEPTH_SNAPSHOT_EVENT;
pub const BUY_TRADE: u64 = EXCH_EVENT | LOCAL_BUY_TRADE_EVENT;
pub const SELL_TRADE: u64 = EXCH_EVENT | LOCAL_SELL_TRADE_EVENT;

/// The connector's side of a channel.
pub struct Connector {
    to_bot: IceoryxSender<LiveEvent>,
    from_bot: IceoryxReceiver<LiveRequest>,
}

impl Connector {
    pub fn new(name: &str) -> Self {
        Self {
            from_bot: IceoryxBuilder::new(name).bot(false).receiver().unwrap(),
            to_bot: IceoryxBuilder::new(name).bot(false).sender().unwrap(),
        }
    }

    pub fn send(&self, id: u64, event: LiveEvent) {
        self.to_bot.send(id, &event).unwrap();
    }

    pub fn feed(&self, symbol: &str, event: Event) {
        self.feed_to(TO_ALL, symbol, event);
    }

    pub fn feed_to(&self, id: u64, symbol: &str, event: Event) {
        let symbol = symbol.into();
        self.send(id, LiveEvent::Feed { symbol, event });
    }

    pub fn order(&self, symbol: &str, order: &Order) {
        let symbol = symbol.into();
        let order = order.clone();
        self.send(TO_ALL, LiveEvent::Order { symbol, order });
    }

    /// The next request, if one waits.
    pub fn request(&self) -> Option<(u64, LiveRequest)> {
        self.from_bot.receive().unwrap()
    }

    /// The next request to register, skipping nothing else.
    pub fn registration(&self) -> Option<(u64, String)> {
        self.request().map(|(id, request)| match request {
            LiveRequest::RegisterInstrument { symbol, .. } => (id, symbol),
            other => panic!("not a registration: {other:?}"),
        })
    }

    /// Answers as the real connector does: a batch with the book.
    pub fn answer(&self, id: u64, symbol: &str, levels: &[(u64, f64, f64)]) {
        self.send(id, LiveEvent::BatchStart);
        for &(ev, px, qty) in levels {
            let mut event = event(ev, px, qty);
            event.local_ts = 0;
            self.feed_to(id, symbol, event);
        }
        self.send(id, LiveEvent::BatchEnd);
    }
}

/// JSON of a hash map bot on one connector.
pub fn bot_json(connector: &str, symbols: &[&str]) -> String {
    bot_json_with(connector, symbols, "")
}

/// The same with more top-level entries, such as `"journalCapacity":8,`.
pub fn bot_json_with(connector: &str, symbols: &[&str], extra: &str) -> String {
    let instruments = instruments(connector, symbols, "");
    format!(r#"{{"depth":"hashmap",{extra}"instruments":[{instruments}]}}"#)
}

/// JSON of a ROI vector bot with books between two prices.
pub fn roivec_json(connector: &str, symbols: &[&str], lower: f64, upper: f64) -> String {
    let bounds = format!(r#","roiLowerBound":{lower},"roiUpperBound":{upper}"#);
    let instruments = instruments(connector, symbols, &bounds);
    format!(r#"{{"depth":"roivec","instruments":[{instruments}]}}"#)
}

fn instruments(connector: &str, symbols: &[&str], extra: &str) -> String {
    let instrument = |symbol: &&str| {
        format!(
            r#"{{"connector":"{connector}","symbol":"{symbol}","tickSize":0.1,"lotSize":0.001,"lastTradesCapacity":4{extra}}}"#
        )
    };
    symbols.iter().map(instrument).collect::<Vec<_>>().join(",")
}

/// Makes a bot; its handle, or the code.
pub fn bot_new(json: &str) -> Result<*const c_void, i64> {
    let mut handle = null();
    match unsafe { hftlive_bot_new(json.as_ptr(), json.len(), &raw mut handle) } {
        0 => Ok(handle),
        code => Err(code),
    }
}

pub fn last_error() -> String {
    read_text(|out, cap| unsafe { hftlive_last_error(out, cap) })
}

/// Reads a text as a caller of the C ABI does: again with more room while it does not fit.
pub fn read_text(read: impl Fn(*mut u8, usize) -> i64) -> String {
    let mut bytes = vec![0; 64];
    loop {
        let len = read(bytes.as_mut_ptr(), bytes.len());
        assert!(len >= 0, "code {len}: {}", last_error());
        if len as usize <= bytes.len() {
            bytes.truncate(len as usize);
            return String::from_utf8(bytes).unwrap();
        }
        bytes.resize(len as usize, 0);
    }
}

/// One poll's records and header.
pub struct Polled {
    pub records: Vec<Record>,
    pub more: bool,
    pub messages: u32,
    pub timestamp: i64,
}

/// A bot that closes with its scope.
pub struct TestBot(pub *const c_void);

impl TestBot {
    pub fn new(json: &str) -> Self {
        Self(bot_new(json).unwrap_or_else(|code| panic!("{code}: {}", last_error())))
    }

    pub fn poll(&self, capacity: u32) -> Polled {
        let mut bytes = vec![0xaau8; (capacity as usize + 1) * RECORD_SIZE];
        let count = unsafe { hftlive_poll(self.0, bytes.as_mut_ptr(), capacity) };
        assert!(count >= 0, "{count}: {}", last_error());
        let word = |at: usize| u32::from_ne_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(word(8), count as u32);
        let records = (1..=count as usize)
            .map(|slot| unsafe {
                bytes
                    .as_ptr()
                    .add(slot * RECORD_SIZE)
                    .cast::<Record>()
                    .read_unaligned()
            })
            .collect();
        Polled {
            records,
            more: word(12) & 1 == 1,
            messages: word(16),
            timestamp: i64::from_ne_bytes(bytes[..8].try_into().unwrap()),
        }
    }

    /// All that waits.
    pub fn drain(&self) -> Vec<Record> {
        let mut all = Vec::new();
        loop {
            let polled = self.poll(4_096);
            all.extend(polled.records);
            if !polled.more {
                return all;
            }
        }
    }

    /// Polls until a record of a kind (and detail) has come; everything polled.
    pub fn until(&self, kind: u8, detail: u8) -> Vec<Record> {
        let mut all = Vec::new();
        eventually(&format!("record {kind}/{detail}"), || {
            all.extend(self.drain());
            all.iter()
                .any(|r| r.kind() == kind && r.detail == detail)
                .then_some(())
        });
        all
    }

    pub fn messages(&self) -> Vec<String> {
        let json = read_text(|out, cap| unsafe { hftlive_poll_messages(self.0, out, cap) });
        serde_json::from_str(&json).unwrap()
    }

    pub fn connection(&self, asset: usize) -> ConnectionStatus {
        let mut status = ConnectionStatus::default();
        let code = unsafe { hftlive_connection(self.0, asset, &raw mut status) };
        assert_eq!(code, 0, "{}", last_error());
        status
    }
}

impl Drop for TestBot {
    fn drop(&mut self) {
        hftlive::ffi::live::hashmap::close(self.0);
        hftlive::ffi::live::roivec::close(self.0);
    }
}

/// A bot and its connector, registered and answered with empty books.
pub fn session(label: &str, symbols: &[&str], extra: &str) -> (Connector, TestBot, u64) {
    let name = unique_name(label);
    let connector = Connector::new(&name);
    let bot = TestBot::new(&bot_json_with(&name, symbols, extra));
    let mut id = 0;
    for &expected in symbols {
        let (from, symbol) = eventually("registration", || connector.registration());
        assert_eq!(symbol, expected);
        connector.answer(from, &symbol, &[]);
        id = from;
    }
    let records = bot.until(kind::CONNECTION, 2);
    assert_eq!(records.last().unwrap().asset as usize, symbols.len() - 1);
    (connector, bot, id)
}

pub fn kinds(records: &[Record]) -> Vec<u8> {
    records.iter().map(Record::kind).collect()
}

/// The book's levels: whether a bid, price, quantity.
pub fn book(bot: &TestBot, asset: usize) -> Vec<(bool, f64, f64)> {
    let handle = hftlive::ffi::live::hashmap::depth(bot.0, asset);
    let mut len = 0;
    let events = unsafe { hftlive::ffi::depth::hashmap::snapshot(handle, &raw mut len) };
    assert!(!events.is_null(), "{}", last_error());
    let levels = unsafe { std::slice::from_raw_parts(events, len) }
        .iter()
        .map(|e| (e.ev & BUY_EVENT != 0, e.px, e.qty))
        .collect();
    hftlive::ffi::depth::hashmap::snapshot_free(events, len);
    levels
}

/// Equal but for rounding.
pub fn close_to(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}
