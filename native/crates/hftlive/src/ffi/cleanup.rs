//! `hftlive_cleanup`.

use super::{call, negative, read_text, write_text};
use crate::cleanup;
use crate::log;

/// Removes what a dead process left behind; JSON in and out; length of the JSON, or minus a code.
///
/// # Safety
/// See the module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hftlive_cleanup(
    json: *const u8,
    len: usize,
    out: *mut u8,
    cap: usize,
) -> i64 {
    call(negative, || {
        log::init();
        // SAFETY: promised by the caller.
        let report = cleanup::cleanup(unsafe { read_text(json, len)? })?;
        // SAFETY: promised by the caller.
        unsafe { write_text(&report, out, cap) }
    })
}
