//! The 64-byte records that a poll delivers; docs/abi.md has the table.

use std::mem::{offset_of, size_of};

use hftbacktest::types::{BUY_EVENT, Event, LOCAL_EVENT, Order, SELL_EVENT, Side};

/// Bytes of a record, and of the header before the first one.
pub const RECORD_SIZE: usize = 64;

/// Asset number of a record that belongs to no instrument.
pub const NO_ASSET: u16 = 0xffff;

/// Kinds of record; 1 to 5 are upstream's event kinds.
pub mod kind {
    #![allow(missing_docs)]
    pub const DEPTH: u8 = 1;
    pub const TRADE: u8 = 2;
    pub const DEPTH_CLEAR: u8 = 3;
    pub const SNAPSHOT: u8 = 4;
    pub const BBO: u8 = 5;
    pub const ORDER: u8 = 32;
    pub const POSITION: u8 = 33;
    pub const ERROR: u8 = 34;
    pub const BATCH_START: u8 = 35;
    pub const BATCH_END: u8 = 36;
    pub const CONNECTION: u8 = 37;
    pub const OVERFLOW: u8 = 38;
}

/// What kind of trouble an error record tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ErrorDetail {
    /// The connector lost its exchange and is going to reconnect.
    ConnectionInterrupted = 0,
    /// The connector cannot reconnect.
    CriticalConnectionError = 1,
    /// An order request failed.
    OrderError = 2,
    /// Anything else, with the connector's own number.
    Custom = 3,
    /// A message was refused here.
    Malformed = 4,
}

/// State of an instrument's way to its connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum ConnectionDetail {
    /// No living process publishes.
    Detached = 0,
    /// A process publishes.
    Attached = 1,
    /// That process answered the registration.
    Registered = 2,
    /// Another process took the channel over.
    Replaced = 3,
}

/// Where events were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum OverflowDetail {
    /// Between connector and bot.
    Channel = 0,
    /// In the bot, because nobody polled.
    Journal = 1,
}

/// One record. Slots that a kind does not use are zero.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Record {
    /// Kind in the low byte, then upstream's event flags or the order's codes.
    pub ev: u32,
    /// Asset number, or [`NO_ASSET`].
    pub asset: u16,
    /// Order status, error kind, connection state, overflow cause, or 1 for a registration mark.
    pub detail: u8,
    /// Order request status.
    pub request: u8,
    /// Exchange time, ns.
    pub exch_ts: i64,
    /// Local time in ns, or the bits of the last execution's price (f64).
    pub local_ts: i64,
    /// Price.
    pub price: f64,
    /// Quantity.
    pub qty: f64,
    /// Order id, or index of the text.
    pub order_id: u64,
    /// `ival`, leaves quantity (bits of an f64), or the connector's code.
    pub ival: i64,
    /// `fval`, or quantity of the last execution.
    pub fval: f64,
}

const _: () = {
    assert!(size_of::<Record>() == RECORD_SIZE);
    // A market record is upstream's Event, but for the upper half of `ev`.
    assert!(size_of::<Event>() == RECORD_SIZE);
    assert!(offset_of!(Record, ev) == offset_of!(Event, ev));
    assert!(offset_of!(Record, exch_ts) == offset_of!(Event, exch_ts));
    assert!(offset_of!(Record, local_ts) == offset_of!(Event, local_ts));
    assert!(offset_of!(Record, price) == offset_of!(Event, px));
    assert!(offset_of!(Record, qty) == offset_of!(Event, qty));
    assert!(offset_of!(Record, order_id) == offset_of!(Event, order_id));
    assert!(offset_of!(Record, ival) == offset_of!(Event, ival));
    assert!(offset_of!(Record, fval) == offset_of!(Event, fval));
};

impl Record {
    const EMPTY: Self = Self {
        ev: 0,
        asset: NO_ASSET,
        detail: 0,
        request: 0,
        exch_ts: 0,
        local_ts: 0,
        price: 0.0,
        qty: 0.0,
        order_id: 0,
        ival: 0,
        fval: 0.0,
    };

    fn plain(kind: u8, asset: u16, detail: u8, now: i64) -> Self {
        Self {
            ev: u32::from(kind),
            asset,
            detail,
            local_ts: now,
            ..Self::EMPTY
        }
    }

    /// A market event as it came; the caller has checked that the upper half of `ev` is zero.
    pub fn market(asset: u16, event: &Event) -> Self {
        Self {
            ev: event.ev as u32,
            asset,
            detail: 0,
            request: 0,
            exch_ts: event.exch_ts,
            local_ts: event.local_ts,
            price: event.px,
            qty: event.qty,
            order_id: event.order_id,
            ival: event.ival,
            fval: event.fval,
        }
    }

    /// An order response.
    pub fn order(asset: u16, order: &Order) -> Self {
        let side = match order.side {
            Side::Buy => BUY_EVENT as u32,
            Side::Sell => SELL_EVENT as u32,
            Side::None | Side::Unsupported => 0,
        };
        // 255 (unsupported) keeps its seven low bits, which no known type has.
        let order_type = (order.order_type as u8 & 0x7f) | (u8::from(order.maker) << 7);
        Self {
            ev: u32::from(kind::ORDER)
                | (order.time_in_force as u32) << 8
                | u32::from(order_type) << 16
                | side,
            asset,
            detail: order.status as u8,
            request: order.req as u8,
            exch_ts: order.exch_timestamp,
            local_ts: order.exec_price().to_bits() as i64,
            price: order.price(),
            qty: order.qty,
            order_id: order.order_id,
            ival: order.leaves_qty.to_bits() as i64,
            fval: order.exec_qty,
        }
    }

    /// A position.
    pub fn position(asset: u16, qty: f64, exch_ts: i64, now: i64) -> Self {
        Self {
            exch_ts,
            qty,
            ..Self::plain(kind::POSITION, asset, 0, now)
        }
    }

    /// Trouble; its text travels beside it.
    pub fn error(asset: u16, detail: ErrorDetail, code: i64, now: i64) -> Self {
        Self {
            ival: code,
            ..Self::plain(kind::ERROR, asset, detail as u8, now)
        }
    }

    /// Start or end of events that belong together.
    pub fn mark(kind: u8, asset: u16, registration: bool, now: i64) -> Self {
        Self::plain(kind, asset, u8::from(registration), now)
    }

    /// The way to a connector changed.
    pub fn connection(asset: u16, state: ConnectionDetail, now: i64) -> Self {
        Self::plain(kind::CONNECTION, asset, state as u8, now)
    }

    /// Events were lost; `lost` is NaN where it cannot be counted.
    pub fn overflow(asset: u16, cause: OverflowDetail, lost: f64, now: i64) -> Self {
        Self {
            qty: lost,
            ..Self::plain(kind::OVERFLOW, asset, cause as u8, now)
        }
    }

    /// A book was emptied here.
    pub fn depth_clear(asset: u16, now: i64) -> Self {
        let mut record = Self::plain(kind::DEPTH_CLEAR, asset, 0, now);
        record.ev |= LOCAL_EVENT as u32;
        record
    }

    /// The kind: a number of [`kind`].
    pub fn kind(&self) -> u8 {
        self.ev as u8
    }

    /// Whether a full journal may drop it: market events and the marks around them.
    pub fn is_droppable(&self) -> bool {
        matches!(
            self.kind(),
            kind::DEPTH..=kind::BBO | kind::BATCH_START | kind::BATCH_END
        )
    }
}

/// Byte offsets in the header of a batch.
pub mod header {
    #![allow(missing_docs)]
    pub const TIMESTAMP: usize = 0;
    pub const LENGTH: usize = 8;
    pub const FLAGS: usize = 12;
    pub const MESSAGES: usize = 16;
    /// Flag: the poll stopped early and more may be waiting.
    pub const MORE: u32 = 1;
}
