//! What iceoryx2 and upstream log: nothing, unless HFTLIVE_LOG names a level.

use std::fmt::Write as _;
use std::sync::Once;

use iceoryx2::prelude::{LogLevel, set_log_level};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Sets logging up, once per process.
pub fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let wanted = std::env::var("HFTLIVE_LOG").ok();
        let (level, iceoryx) = match wanted.as_deref() {
            Some("trace") => (Level::TRACE, LogLevel::Trace),
            Some("debug") => (Level::DEBUG, LogLevel::Debug),
            Some("info") => (Level::INFO, LogLevel::Info),
            Some("warn") => (Level::WARN, LogLevel::Warn),
            Some("error") => (Level::ERROR, LogLevel::Error),
            _ => {
                set_log_level(LogLevel::Fatal);
                return;
            }
        };
        set_log_level(iceoryx);
        // A program that linked this crate may have a subscriber of its own already.
        let _ = tracing::subscriber::set_global_default(Stderr { level });
    });
}

/// Writes events to stderr, a line each; stdout may carry a program's data.
struct Stderr {
    level: Level,
}

impl Subscriber for Stderr {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let mut line = format!("{} {}:", metadata.level(), metadata.target());
        event.record(&mut Line(&mut line));
        eprintln!("{line}");
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}
