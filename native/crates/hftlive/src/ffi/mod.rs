//! The C ABI: each export checks its arguments, catches panics, and returns a code (docs/abi.md).
//!
//! # Safety
//! Handles may be any number. A pointer to a result, a buffer or a text that is not null must be
//! valid for its size.

pub mod cleanup;
pub mod depth;
pub mod hftlive;
pub mod live;
mod lookup;
pub mod orders;
mod requests;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::error::{Code, Failure, remember};

thread_local! {
    /// Whether an export runs on this thread, and where it panicked.
    static RUNNING: Cell<bool> = const { Cell::new(false) };
    static PANIC: Cell<Option<String>> = const { Cell::new(None) };
}

/// Runs an export's body; on a failure, remembers its text and returns what `failed` makes of it.
fn call<T>(failed: impl FnOnce(Code) -> T, body: impl FnOnce() -> Result<T, Failure>) -> T {
    quiet_panics();
    let outer = RUNNING.replace(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    RUNNING.set(outer);
    let failure = match result {
        Ok(Ok(value)) => return value,
        Ok(Err(failure)) => failure,
        Err(_) => {
            let what = PANIC.take().unwrap_or_else(|| "unknown".into());
            Failure::new(
                Code::Panic,
                format!("Cannot finish the call: panic: {what}"),
            )
        }
    };
    remember(&failure);
    failed(failure.code)
}

/// Keeps panics inside exports off stderr: their text goes to `hftlive_last_error`.
fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if RUNNING.get() {
                PANIC.set(Some(info.to_string()));
            } else {
                previous(info);
            }
        }));
    });
}

/// For functions that return a code, or a count as a positive number.
fn code(code: Code) -> i64 {
    code as i64
}

/// For functions whose negative results are errors.
fn negative(code: Code) -> i64 {
    -(code as i64)
}

/// Writes a result where C asked for it.
///
/// # Safety
/// `out`, if not null, must be valid for a write of `T`.
unsafe fn write<T>(out: *mut T, name: &str, value: T) -> Result<(), Failure> {
    if out.is_null() {
        return Err(Failure::argument(format!(
            "Cannot return {name}: null pointer"
        )));
    }
    // SAFETY: promised by the caller; C may not have aligned it.
    unsafe { out.write_unaligned(value) };
    Ok(())
}

/// Copies as much of a text as fits; returns its full length.
///
/// # Safety
/// `out`, if not null, must be valid for writes of `cap` bytes.
unsafe fn write_text(text: &str, out: *mut u8, cap: usize) -> Result<i64, Failure> {
    if out.is_null() && cap > 0 {
        return Err(Failure::argument("Cannot return text: null pointer"));
    }
    let len = text.len().min(cap);
    if len > 0 {
        // SAFETY: not null, since cap is not 0; the rest was promised by the caller.
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr(), out, len) };
    }
    Ok(text.len() as i64)
}

/// Reads a text that C passed.
///
/// # Safety
/// `text`, if not null, must be valid for reads of `len` bytes during the call.
unsafe fn read_text<'a>(text: *const u8, len: usize) -> Result<&'a str, Failure> {
    if text.is_null() || len > isize::MAX as usize {
        return Err(Failure::argument(format!(
            "Cannot read text: pointer {text:?} of {len} bytes"
        )));
    }
    // SAFETY: not null; the rest was promised by the caller.
    let bytes = unsafe { std::slice::from_raw_parts(text, len) };
    std::str::from_utf8(bytes)
        .map_err(|error| Failure::argument(format!("Cannot read text: {error}")))
}
