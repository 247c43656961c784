//! Reasons of the exchange to refuse a request.

use std::collections::HashMap;

use hftbacktest::types::{ErrorKind, LiveError, LiveEvent, Value};
use thiserror::Error;

/// Why the exchange refused a request, with Binance's codes and texts.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    #[error("Invalid symbol.")]
    Symbol,
    #[error("Invalid side.")]
    Side,
    #[error("Invalid orderType.")]
    OrderType,
    #[error("Invalid timeInForce.")]
    TimeInForce,
    #[error("Price less than or equal to zero.")]
    Price,
    #[error("Price not increased by tick size.")]
    TickSize,
    #[error("Quantity less than or equal to zero.")]
    Quantity,
    #[error("Precision is over the maximum defined for this asset.")]
    LotSize,
    #[error(
        "Due to the order could not be executed as maker, the Post Only order will be rejected. \
         The order will not be recorded in the order history"
    )]
    PostOnly,
    #[error("Margin is insufficient.")]
    Margin,
    #[error("Unknown order sent.")]
    UnknownOrder,
}

impl Refusal {
    /// Binance's code.
    pub fn code(self) -> i64 {
        match self {
            Self::Symbol => -1121,
            Self::Side => -1117,
            Self::OrderType => -1116,
            Self::TimeInForce => -1115,
            Self::Price => -4001,
            Self::TickSize => -4014,
            Self::Quantity => -4003,
            Self::LotSize => -1111,
            Self::PostOnly => -5022,
            Self::Margin => -2019,
            Self::UnknownOrder => -2011,
        }
    }

    /// The error that bots receive.
    pub fn live_error(self) -> LiveEvent {
        let detail = HashMap::from([
            ("code".to_owned(), Value::Int(self.code())),
            ("msg".to_owned(), Value::String(self.to_string())),
        ]);
        LiveEvent::Error(LiveError::with(ErrorKind::OrderError, Value::Map(detail)))
    }
}
