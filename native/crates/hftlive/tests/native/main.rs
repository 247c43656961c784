//! The library through its C ABI, against connectors made of upstream's own ports. One program,
//! since linking one takes longer than running all.

mod answers;
mod book;
mod cleanup;
mod common;
mod hostile;
mod killed;
mod lifecycle;
mod malformed;
mod orders;
mod overflow;
mod polls;
mod reconcile;
mod sizes;
mod watch;
