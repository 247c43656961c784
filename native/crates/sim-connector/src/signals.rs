//! SIGTERM and SIGINT as flags that the main loop looks at.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};

/// Signals seen so far.
#[derive(Clone, Default)]
pub struct Signals {
    term: Arc<AtomicBool>,
    int: Arc<AtomicBool>,
}

impl Signals {
    /// Takes both signals over for the process.
    pub fn install() -> io::Result<Self> {
        let signals = Self::default();
        flag::register(SIGTERM, signals.term.clone())?;
        flag::register(SIGINT, signals.int.clone())?;
        Ok(signals)
    }

    /// Whether SIGTERM came.
    pub fn terminated(&self) -> bool {
        self.term.load(Ordering::Relaxed)
    }

    /// Whether SIGINT came.
    pub fn interrupted(&self) -> bool {
        self.int.load(Ordering::Relaxed)
    }
}
