//! A hundred thousand calls with arguments that no caller should pass. Handles are null, closed,
//! of another kind or invented; numbers are anything; pointers are null or valid.

use std::ffi::c_void;
use std::ptr::{null, null_mut};

use crate::common::*;
use hftlive::core::ConnectionStatus;
use hftlive::ffi::hftlive::*;
use hftlive::ffi::{depth, live, orders};

const CALLS: u64 = 100_000;

struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn bits(&mut self) -> u64 {
        self.below(1 << 31) << 33 ^ self.below(1 << 31) << 11 ^ self.below(1 << 31)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    fn float(&mut self) -> f64 {
        match self.below(3) {
            0 => f64::from_bits(self.bits()),
            1 => self.pick(&[
                0.0,
                -0.0,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::MAX,
                f64::MIN_POSITIVE,
                -1.0,
            ]),
            _ => self.below(2_000) as f64 / 10.0,
        }
    }

    fn integer(&mut self) -> i64 {
        match self.below(3) {
            0 => self.bits() as i64,
            1 => self.pick(&[0, 1, -1, i64::MAX, i64::MIN]),
            _ => self.below(2_000) as i64,
        }
    }

    /// A time that a test can wait for, or one that must be refused.
    fn time(&mut self) -> i64 {
        self.pick(&[0, 1, 100, 2_000, -1, i64::MIN])
    }

    fn asset(&mut self) -> usize {
        match self.below(4) {
            0 => self.bits() as usize,
            1 => usize::MAX,
            _ => self.below(3) as usize,
        }
    }

    fn order_id(&mut self) -> u64 {
        if self.below(4) == 0 {
            self.bits()
        } else {
            self.below(50)
        }
    }
}

struct Caller {
    random: Random,
    /// Bots, then books, orders and walks, living and dead.
    handles: Vec<*const c_void>,
    /// The last few bots, living and dead.
    bots: Vec<*const c_void>,
    json: Vec<String>,
    buffer: Vec<u8>,
    /// Calls that did something, so that the test knows it reached the bots.
    submitted: u64,
    polled: u64,
    walked: u64,
    closed: u64,
}

impl Caller {
    fn handle(&mut self) -> *const c_void {
        match self.random.below(8) {
            0 => null(),
            1 => self.random.bits() as usize as *const c_void,
            2 => {
                // A bit of a real one flipped.
                let flip = 1usize << self.random.below(64);
                let real = self.known();
                (real as usize ^ flip) as *const c_void
            }
            3..=5 => {
                let bots = &self.bots;
                self.random.pick(bots)
            }
            _ => self.known(),
        }
    }

    fn known(&mut self) -> *const c_void {
        let handles = &self.handles;
        self.random.pick(handles)
    }

    fn keep(&mut self, handle: *const c_void) {
        if !handle.is_null() {
            if self.handles.len() > 200 {
                let at = self.random.below(200) as usize;
                self.handles.swap_remove(at);
            }
            self.handles.push(handle);
        }
    }

    fn call(&mut self) {
        let handle = self.handle();
        let r = &mut self.random;
        let (asset, id, price, qty) = (r.asset(), r.order_id(), r.float(), r.float());
        let (tif, order_type) = (r.below(256) as u8 % 6, r.below(256) as u8 % 3);
        let (time, wait, integer) = (r.time(), r.below(3) as u8, r.integer());
        let mut out = (0i64, 0i64, 0i64);
        let mut len = 0usize;
        let is_null = r.below(4) == 0;
        let out64 = |at: *mut i64| if is_null { null_mut() } else { at };
        let (a, b, c) = (
            out64(&raw mut out.0),
            out64(&raw mut out.1),
            out64(&raw mut out.2),
        );
        let len_out = if is_null { null_mut() } else { &raw mut len };
        let cap = r.below(self.buffer.len() as u64 + 1) as usize;
        let text = if is_null {
            null_mut()
        } else {
            self.buffer.as_mut_ptr()
        };
        let which = r.below(64);
        unsafe {
            match which {
                0 => drop(live::hashmap::current_timestamp(handle)),
                1..=3 => self.keep(live::hashmap::depth(handle, asset)),
                4..=6 => self.keep(live::roivec::depth(handle, asset)),
                7..=8 => self.keep(live::hashmap::orders(handle, asset)),
                9 => self.keep(live::roivec::orders(handle, asset)),
                10 => _ = live::hashmap::last_trades(handle, asset, len_out),
                11 => _ = live::roivec::state_values(handle, asset),
                12 => drop((
                    live::hashmap::position(handle, asset),
                    live::roivec::num_assets(handle),
                )),
                // Nobody answers, so never wait for an answer.
                13..=15 => {
                    let code = live::hashmap::submit_buy_order(
                        handle, asset, id, price, qty, tif, order_type, 0,
                    );
                    self.submitted += u64::from(code == 0);
                }
                16..=18 => {
                    live::roivec::submit_sell_order(
                        handle, asset, id, price, qty, tif, order_type, 0,
                    );
                }
                19 => _ = live::hashmap::cancel(handle, asset, id, 0),
                20 => _ = live::roivec::cancel(handle, asset, id, 0),
                21 => live::hashmap::clear_last_trades(handle, asset),
                22 => live::roivec::clear_inactive_orders(handle, asset),
                23 => _ = live::hashmap::wait_order_response(handle, asset, id, time),
                24 => _ = live::roivec::wait_next_feed(handle, wait, time),
                25 => _ = live::hashmap::wait_next_feed(handle, wait, time),
                26 => _ = live::roivec::elapse(handle, time),
                27 => _ = live::hashmap::elapse_bt(handle, integer),
                28 => _ = live::hashmap::feed_latency(handle, asset, a, b),
                29 => _ = live::roivec::order_latency(handle, asset, a, b, c),
                30 => _ = depth::hashmap::best_bid(handle) + depth::hashmap::best_ask_qty(handle),
                31 => _ = depth::roivec::best_ask(handle) + depth::roivec::best_bid_qty(handle),
                32 => _ = depth::hashmap::bid_qty_at_tick(handle, integer),
                33 => _ = depth::roivec::ask_qty_at_tick(handle, integer),
                34 => {
                    let events = depth::hashmap::snapshot(handle, len_out);
                    let wrong = self.random.below(2) as usize;
                    depth::hashmap::snapshot_free(events, len.wrapping_add(wrong));
                    depth::hashmap::snapshot_free(events, len);
                }
                35 => depth::roivec::snapshot_free(handle.cast_mut().cast(), asset),
                36 => _ = depth::roivec::roivecdepth_bid_depth(handle, len_out),
                37 => _ = depth::roivec::roivecdepth_roi_ub_tick(handle),
                38 => _ = orders::orders_get(handle, id),
                39 => _ = orders::orders_contains(handle, id),
                40 => _ = orders::orders_len(handle),
                41..=42 => self.keep(orders::orders_values(handle)),
                43..=45 => self.walked += u64::from(!orders::orders_values_next(handle).is_null()),
                46..=51 => {
                    let capacity = (cap / 64).saturating_sub(1) as u32;
                    let room = if cap >= 64 { text } else { null_mut() };
                    self.polled += u64::from(hftlive_poll(handle, room, capacity) > 0);
                }
                52 => _ = hftlive_poll_messages(handle, text, cap),
                53 => {
                    let mut status = ConnectionStatus::default();
                    let status_out = if is_null { null_mut() } else { &raw mut status };
                    hftlive_connection(handle, asset, status_out);
                }
                54 => _ = hftlive_register(handle, asset),
                55 => _ = hftlive_last_error(text, cap),
                56 => _ = hftlive_abi(text, cap),
                57 => self.json(is_null, text, cap),
                58 => self.new_bot(),
                59 if self.random.below(20) == 0 => {
                    self.closed += u64::from(live::hashmap::close(handle) == 0);
                }
                60 if self.random.below(20) == 0 => _ = live::roivec::close(handle),
                61 => self.keep(hftlive_watch_begin(handle)),
                62 => _ = hftlive_watch_wait(handle, integer, time),
                63 => _ = hftlive_watch_end(handle),
                _ => _ = hftlive_abi_version(),
            }
        }
    }

    /// JSON that was cut or changed, to the probe and to the constructor.
    fn json(&mut self, is_null: bool, text: *mut u8, cap: usize) {
        let mut json = self.json[self.random.below(2) as usize]
            .clone()
            .into_bytes();
        let at = self.random.below(json.len() as u64) as usize;
        if self.random.below(2) == 0 {
            json.truncate(at);
        } else {
            // Not into another channel's name: that would make the channel.
            json[at] = self.random.pick(b"\0\xff{}[]\",:-");
        }
        let pointer = if is_null { null() } else { json.as_ptr() };
        let mut handle = null();
        unsafe {
            hftlive_probe(pointer, json.len(), text, cap);
            if hftlive_bot_new(pointer, json.len(), &raw mut handle) == 0 {
                live::hashmap::close(handle);
                live::roivec::close(handle);
            }
        }
    }

    /// Keeps a few bots alive.
    fn new_bot(&mut self) {
        let alive = self
            .bots
            .iter()
            .filter(|&&h| live::hashmap::num_assets(h) + live::roivec::num_assets(h) > 0)
            .count();
        if alive < 3 {
            let at = self.random.below(2) as usize;
            let json = self.json[at].clone();
            if let Ok(handle) = bot_new(&json) {
                if self.bots.len() == 4 {
                    self.bots.remove(0);
                }
                self.bots.push(handle);
                self.keep(handle);
            }
        }
    }
}

#[test]
fn hostile_calls_crash_nothing() {
    let names = [unique_name("hostile-a"), unique_name("hostile-b")];
    let connectors: Vec<_> = names.iter().map(|name| Connector::new(name)).collect();
    let roivec = roivec_json(&names[1], &["aaa", "bbb"], 1.0, 200.0);
    let mut caller = Caller {
        random: Random(20_240_808),
        handles: vec![null()],
        bots: Vec::new(),
        json: vec![bot_json(&names[0], &["aaa", "bbb"]), roivec],
        buffer: vec![0; 64 * 65],
        submitted: 0,
        polled: 0,
        walked: 0,
        closed: 0,
    };
    for _ in 0..3 {
        caller.new_bot();
    }
    assert_eq!(caller.bots.len(), 3, "{}", last_error());
    let mut panics = 0;
    for call in 0..CALLS {
        if call % 16 == 0 {
            for connector in &connectors {
                let (px, qty) = (caller.random.below(2_000) as f64 / 10.0, 1.0);
                let ev = caller.random.pick(&[BID, ASK, BUY_TRADE, BID_SNAPSHOT]);
                let symbol = caller.random.pick(&["aaa", "bbb", "zzz"]);
                connector.feed(symbol, event(ev, px, qty));
                while let Some((id, request)) = connector.request() {
                    use hftbacktest::types::LiveRequest;
                    match request {
                        LiveRequest::RegisterInstrument { symbol, .. } => {
                            connector.answer(id, &symbol, &[(BID_SNAPSHOT, px, qty)]);
                        }
                        LiveRequest::Order { symbol, mut order } => {
                            order.req = hftbacktest::types::Status::None;
                            connector.order(&symbol, &order);
                        }
                    }
                }
            }
        }
        caller.call();
        panics += u64::from(last_error().contains("panic"));
    }
    assert_eq!(panics, 0, "{}", last_error());
    let reached = [
        caller.submitted,
        caller.polled,
        caller.walked,
        caller.closed,
    ];
    assert!(reached.iter().all(|&count| count > 10), "{reached:?}");
    for handle in caller.bots {
        live::hashmap::close(handle);
        live::roivec::close(handle);
    }
}
