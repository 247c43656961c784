//! Hftbacktest's live bot behind a C ABI for Deno; docs/abi.md describes it.
//!
//! Upstream's `LiveBot` runs over a channel that spins on iceoryx2 queues. The channel turns every
//! message into a record for `hftlive_poll` before the bot applies it, and looks after what
//! upstream leaves open: a connector that is killed, restarted or silent, a queue that
//! overflowed, messages that make no sense.

pub mod abi;
pub mod bot;
pub mod channel;
pub mod cleanup;
pub mod clock;
pub mod config;
pub mod core;
pub mod depth;
pub mod error;
pub mod ffi;
pub mod handle;
pub mod journal;
pub mod known_orders;
pub mod link;
pub mod liveness;
pub mod log;
pub mod normalise;
pub mod order_check;
pub mod overflow;
pub mod ports;
pub mod presence;
pub mod probe;
pub mod record;
pub mod registration;
pub mod service;
pub mod sink;
pub mod sizes;
pub mod watch;
pub mod wire;
