//! Processor time of this process.

use std::time::Duration;

/// User and system time so far.
pub fn time() -> Duration {
    // SAFETY: a timespec of zeros is valid, and the call only writes to it.
    let time = unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time);
        time
    };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
