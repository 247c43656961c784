//! Failures: a code for the C ABI, and a text that `hftlive_last_error` hands out.

use std::cell::RefCell;

use hftbacktest::live::BotError;

/// Return codes of failed calls: upstream's numbers up to 19, ours from 20 (docs/abi.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i64)]
pub enum Code {
    /// The instrument already has an order with this id.
    OrderIdExists = 10,
    /// The bot does not remember such an order.
    OrderNotFound = 12,
    /// A field of the order cannot be used.
    InvalidOrderRequest = 13,
    /// The order cannot be cancelled in its present state.
    InvalidOrderStatus = 14,
    /// There is no such asset number.
    InstrumentNotFound = 16,
    /// Time ran out.
    Timeout = 17,
    /// A signal ended the call.
    Interrupted = 18,
    /// Something else; the text tells.
    Custom = 19,
    /// The handle is closed, or never was one.
    Closed = 20,
    /// The handle belongs to another thread.
    WrongThread = 21,
    /// An argument cannot be used.
    InvalidArgument = 22,
    /// The library panicked; the bot can only be closed.
    Panic = 23,
    /// The bot could not be made.
    BuildFailed = 24,
}

/// A failed call: code and text.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{text}")]
pub struct Failure {
    /// What the call returns.
    pub code: Code,
    /// What was being done, a colon, and the value that stood in the way.
    pub text: String,
}

impl Failure {
    /// A failure with its code and text.
    pub fn new(code: Code, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }

    /// An argument that cannot be used.
    pub fn argument(text: impl Into<String>) -> Self {
        Self::new(Code::InvalidArgument, text)
    }

    /// A failure of upstream's engine while doing `action`.
    pub fn from_bot(action: &str, error: BotError) -> Self {
        let (code, reason) = match error {
            BotError::OrderIdExist => (Code::OrderIdExists, "the order id is in use".into()),
            BotError::InstrumentNotFound => (Code::InstrumentNotFound, "no such asset".into()),
            BotError::OrderNotFound => (Code::OrderNotFound, "the order is not known".into()),
            BotError::InvalidOrderStatus => (
                Code::InvalidOrderStatus,
                "the order's status does not allow it".into(),
            ),
            BotError::Timeout => (Code::Timeout, "timed out".into()),
            BotError::Interrupted => (Code::Interrupted, "interrupted".into()),
            BotError::Custom(text) => (Code::Custom, text),
        };
        Self::new(code, format!("Cannot {action}: {reason}"))
    }
}

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Remembers the text of this thread's last failure.
pub fn remember(failure: &Failure) {
    LAST.with_borrow_mut(|last| {
        last.clear();
        last.push_str(&failure.text);
    });
}

/// Reads the text of this thread's last failure; empty when there was none.
pub fn with_last<T>(read: impl FnOnce(&str) -> T) -> T {
    LAST.with_borrow(|last| read(last))
}
