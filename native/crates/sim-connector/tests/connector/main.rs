//! The binary over real iceoryx2 channels. One test program, since linking each takes long.

mod command_line;
mod common;
mod faults;
mod live_bot;
mod recording;
mod whole_market;
mod wire;
