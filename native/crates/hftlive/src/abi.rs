//! The layout as this library has it, for callers to check theirs against.

use std::mem::offset_of;

use serde_json::json;

use crate::record::{RECORD_SIZE, Record, header, kind};

/// Version of docs/abi.md.
pub const VERSION: u32 = 1;
/// Version of upstream's crate.
pub const HFTBACKTEST: &str = "0.9.4";
/// Version of the transport.
pub const ICEORYX2: &str = "0.6.1";

/// Names and numbers of lib/bot/record.ts, as JSON.
pub fn describe() -> String {
    json!({
        "abiVersion": VERSION,
        "version": env!("CARGO_PKG_VERSION"),
        "hftbacktest": HFTBACKTEST,
        "iceoryx2": ICEORYX2,
        "recordSize": RECORD_SIZE,
        "header": {
            "timestamp": header::TIMESTAMP,
            "length": header::LENGTH,
            "flags": header::FLAGS,
            "messages": header::MESSAGES,
        },
        "record": {
            "ev": offset_of!(Record, ev),
            "timeInForce": offset_of!(Record, ev) + 1,
            "orderType": offset_of!(Record, ev) + 2,
            "asset": offset_of!(Record, asset),
            "detail": offset_of!(Record, detail),
            "request": offset_of!(Record, request),
            "exchTimestamp": offset_of!(Record, exch_ts),
            "localTimestamp": offset_of!(Record, local_ts),
            "execPrice": offset_of!(Record, local_ts),
            "price": offset_of!(Record, price),
            "qty": offset_of!(Record, qty),
            "orderId": offset_of!(Record, order_id),
            "leavesQty": offset_of!(Record, ival),
            "errorCode": offset_of!(Record, ival),
            "execQty": offset_of!(Record, fval),
        },
        "kinds": {
            "Depth": kind::DEPTH,
            "Trade": kind::TRADE,
            "DepthClear": kind::DEPTH_CLEAR,
            "Snapshot": kind::SNAPSHOT,
            "Bbo": kind::BBO,
            "Order": kind::ORDER,
            "Position": kind::POSITION,
            "Error": kind::ERROR,
            "BatchStart": kind::BATCH_START,
            "BatchEnd": kind::BATCH_END,
            "Connection": kind::CONNECTION,
            "Overflow": kind::OVERFLOW,
        },
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_versions_that_are_built() {
        let manifest = include_str!("../../../Cargo.toml");
        for (name, version) in [("hftbacktest", HFTBACKTEST), ("iceoryx2", ICEORYX2)] {
            let line = manifest
                .lines()
                .find(|line| line.starts_with(name))
                .unwrap();
            assert!(line.contains(&format!("\"={version}\"")), "{line}");
        }
    }
}
