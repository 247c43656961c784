//! What a poll costs: per event while a queue is drained, and when nothing waits.
//!
//! `cargo run --release -p hftlive --example poll_cost`

use std::ptr::null;
use std::time::Instant;

use hftbacktest::live::ipc::TO_ALL;
use hftbacktest::live::ipc::iceoryx::{IceoryxBuilder, IceoryxSender};
use hftbacktest::types::{
    EXCH_EVENT, Event, LOCAL_ASK_DEPTH_EVENT, LOCAL_BID_DEPTH_EVENT, LOCAL_BUY_TRADE_EVENT,
    LiveEvent,
};
use hftlive::clock::wall_ns;
use hftlive::ffi::depth::hashmap as depth;
use hftlive::ffi::hftlive::{hftlive_bot_new, hftlive_poll};
use hftlive::ffi::live::hashmap as live;

/// Fewer than the queue holds.
const QUEUED: u32 = 8_000;
const BATCH: u32 = 1_024;
const ROUNDS: u32 = 50;
const IDLE_POLLS: u32 = 200_000;

fn main() {
    // The default, 200 bots, would take a gigabyte of shared memory.
    let sizes = std::env::temp_dir().join(format!("poll-cost-{}.toml", std::process::id()));
    std::fs::write(&sizes, "buffer_size = 10000\nmax_bots = 2\n").expect("a file can be written");
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("HFTBACKTEST_CHANNEL_CONFIG", &sizes) };
    let name = format!("poll-cost-{}", std::process::id());
    let json = format!(
        r#"{{"depth":"hashmap","instruments":[{{"connector":"{name}","symbol":"btcusdt","tickSize":0.1,"lotSize":0.001}}]}}"#
    );
    let sender: IceoryxSender<LiveEvent> = IceoryxBuilder::new(&name)
        .bot(false)
        .sender()
        .expect("the channel can be made");
    let mut bot = null();
    // SAFETY: the text and the place for the handle live through the call.
    let code = unsafe { hftlive_bot_new(json.as_ptr(), json.len(), &raw mut bot) };
    assert_eq!(code, 0, "the bot can be made");
    let mut batch = vec![0u8; (BATCH as usize + 1) * 64];
    // SAFETY: the batch has room for the header and BATCH records.
    let mut poll = || unsafe { hftlive_poll(bot, batch.as_mut_ptr(), BATCH) };
    while poll() > 0 {}

    let mut best = f64::INFINITY;
    let (mut total_ns, mut events) = (0u128, 0u64);
    for _ in 0..ROUNDS {
        fill(&sender);
        let start = Instant::now();
        let mut drained = 0;
        while drained < QUEUED {
            drained += u32::try_from(poll()).expect("the poll succeeds");
        }
        let ns = start.elapsed().as_nanos();
        best = best.min(ns as f64 / f64::from(drained));
        total_ns += ns;
        events += u64::from(drained);
    }
    println!(
        "poll, per event: {:.0} ns mean, {best:.0} ns in the best of {ROUNDS} rounds",
        total_ns as f64 / events as f64
    );

    let start = Instant::now();
    (0..IDLE_POLLS).for_each(|_| _ = poll());
    let idle = start.elapsed().as_nanos() as f64 / f64::from(IDLE_POLLS);
    println!("poll, nothing waiting: {idle:.0} ns");

    let book = live::depth(bot, 0);
    let start = Instant::now();
    let mut sum = 0.0;
    (0..IDLE_POLLS).for_each(|_| sum += depth::best_bid(book));
    let read = start.elapsed().as_nanos() as f64 / f64::from(IDLE_POLLS);
    println!("best bid: {read:.0} ns ({})", sum / f64::from(IDLE_POLLS));
    live::close(bot);
    std::fs::remove_file(sizes).expect("the file can be removed");
}

/// Queues trades and changes of the book, the book's around one price as a real one's are.
fn fill(sender: &IceoryxSender<LiveEvent>) {
    for n in 0..QUEUED {
        let offset = f64::from(n % 50) * 0.1;
        let (ev, px) = match n % 5 {
            0 | 1 => (LOCAL_BID_DEPTH_EVENT, 60_000.0 - offset),
            2 | 3 => (LOCAL_ASK_DEPTH_EVENT, 60_000.1 + offset),
            _ => (LOCAL_BUY_TRADE_EVENT, 60_000.1),
        };
        let now = wall_ns();
        let event = Event {
            ev: EXCH_EVENT | ev,
            exch_ts: now,
            local_ts: now,
            px,
            qty: f64::from(n % 7) * 0.001,
            order_id: 0,
            ival: 0,
            fval: 0.0,
        };
        let symbol = "btcusdt".into();
        sender
            .send(TO_ALL, &LiveEvent::Feed { symbol, event })
            .expect("the event can be sent");
    }
}
