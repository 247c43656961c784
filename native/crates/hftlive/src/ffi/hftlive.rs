//! `hftlive_*`: what upstream's binding has no names for.

use std::time::Duration;

use super::lookup::{check_asset, one_or_all};
use super::requests::check_time;
use super::{call, code, negative, read_text, write, write_text};
use crate::abi;
use crate::bot;
use crate::config::BotConfig;
use crate::core::ConnectionStatus;
use crate::error::{Failure, with_last};
use crate::handle::{self, Handle, HandleKind};
use crate::log;
use crate::probe;

/// Version of docs/abi.md.
#[unsafe(no_mangle)]
pub extern "C" fn hftlive_abi_version() -> u32 {
    abi::VERSION
}

/// The layout as JSON; its length, or minus a code.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_abi(out: *mut u8, cap: usize) -> i64 {
    call(negative, || {
        // SAFETY: promised by the caller.
        unsafe { write_text(&abi::describe(), out, cap) }
    })
}

/// Text of this thread's last failure; its length, 0 when there was none.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_last_error(out: *mut u8, cap: usize) -> i64 {
    // A failure in here must not replace the text that is asked for.
    with_last(|text| {
        // SAFETY: promised by the caller.
        unsafe { write_text(text, out, cap) }.unwrap_or_else(|failure| negative(failure.code))
    })
}

/// Makes a bot from JSON; code.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_bot_new(
    json: *const u8,
    len: usize,
    out: *mut *const std::ffi::c_void,
) -> i64 {
    call(code, || {
        log::init();
        if out.is_null() {
            return Err(Failure::argument("Cannot return the handle: null pointer"));
        }
        // SAFETY: promised by the caller.
        let config = BotConfig::parse(unsafe { read_text(json, len)? })?;
        let handle = handle::insert(bot::build(&config)?)?;
        // SAFETY: promised by the caller.
        unsafe { write(out, "the handle", handle)? };
        Ok(0)
    })
}

/// Handles what waits and fills a batch; the number of records, or minus a code.
///
/// # Safety
/// See the module; `batch` must hold `capacity + 1` slots of 64 bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_poll(bot: Handle, batch: *mut u8, capacity: u32) -> i32 {
    call(
        |code| negative(code) as i32,
        || {
            if batch.is_null() || capacity > i32::MAX as u32 {
                return Err(Failure::argument(format!(
                    "Cannot fill the batch: pointer {batch:?}, capacity {capacity}"
                )));
            }
            handle::with(bot, HandleKind::Bot, |engine, _| {
                // SAFETY: promised by the caller.
                let polled = unsafe { engine.poll(batch, capacity) };
                polled
                    .map(|records| records as i32)
                    .map_err(|error| Failure::from_bot("poll", error))
            })
        },
    )
}

/// Texts of the last poll's error records as a JSON array; its length, or minus a code.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_poll_messages(bot: Handle, out: *mut u8, cap: usize) -> i64 {
    call(negative, || {
        handle::with(bot, HandleKind::Bot, |engine, _| {
            let core = engine.core().borrow();
            let json = serde_json::to_string(core.sink.messages())
                .map_err(|error| Failure::argument(format!("Cannot write messages: {error}")))?;
            // SAFETY: promised by the caller.
            unsafe { write_text(&json, out, cap) }
        })
    })
}

/// Fills in what is proven about an instrument's connection; code.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_connection(
    bot: Handle,
    asset: usize,
    out: *mut ConnectionStatus,
) -> i64 {
    call(code, || {
        handle::with(bot, HandleKind::Bot, |engine, _| {
            check_asset(engine, asset)?;
            let status = engine.core().borrow_mut().connection(asset);
            // SAFETY: promised by the caller.
            unsafe { write(out, "the status", status)? };
            Ok(0)
        })
    })
}

/// Asks the connector again for one instrument, or for all for `usize::MAX`; code.
#[unsafe(no_mangle)]
pub extern "C" fn hftlive_register(bot: Handle, asset: usize) -> i64 {
    call(code, || {
        handle::with(bot, HandleKind::Bot, |engine, _| {
            let asset = one_or_all(engine, asset)?;
            engine.core().borrow_mut().register(asset)?;
            Ok(0)
        })
    })
}

/// Lets other threads look whether anything waits for the bot, until its next call that receives;
/// the watch's handle, or null.
#[unsafe(no_mangle)]
pub extern "C" fn hftlive_watch_begin(bot: Handle) -> Handle {
    call(
        |_| std::ptr::null(),
        || {
            handle::with(bot, HandleKind::Bot, |engine, parts| {
                let loan = engine.core().borrow_mut().lend_readers();
                Ok(parts.of(HandleKind::Watch, loan.0).pack())
            })
        },
    )
}

/// Sleeps, and looks every `sleep` ns whether anything waits for the bot: 1 if something does, 0
/// when `timeout` ns have passed, 2 when the watch is over, or minus a code. For any thread.
#[unsafe(no_mangle)]
pub extern "C" fn hftlive_watch_wait(watch: Handle, sleep: i64, timeout: i64) -> i32 {
    call(
        |code| negative(code) as i32,
        || {
            if sleep <= 0 {
                return Err(Failure::argument(format!(
                    "Cannot watch: sleep of {sleep} ns"
                )));
            }
            check_time("timeout", timeout)?;
            let (watch, loan) = handle::watch(watch)?;
            let sleep = Duration::from_nanos(sleep.unsigned_abs());
            let timeout = Duration::from_nanos(timeout.unsigned_abs());
            Ok(watch.wait(loan, sleep, timeout) as i32)
        },
    )
}

/// Ends a watch, and every wait for it; code.
#[unsafe(no_mangle)]
pub extern "C" fn hftlive_watch_end(bot: Handle) -> i64 {
    call(code, || {
        handle::with(bot, HandleKind::Bot, |engine, _| {
            engine.core().borrow_mut().take_readers_back();
            Ok(0)
        })
    })
}

/// Looks at a connector's channel; JSON in and out; length of the JSON, or minus a code.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_probe(
    json: *const u8,
    len: usize,
    out: *mut u8,
    cap: usize,
) -> i64 {
    call(negative, || {
        log::init();
        // SAFETY: promised by the caller.
        let report = probe::probe(unsafe { read_text(json, len)? })?;
        // SAFETY: promised by the caller.
        unsafe { write_text(&report, out, cap) }
    })
}
