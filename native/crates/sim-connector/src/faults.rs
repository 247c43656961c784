//! When and how the connector misbehaves.

use std::collections::HashMap;

use bincode::config::standard;
use hftbacktest::types::{ErrorKind, Event, LiveError, LiveEvent, Value};

use crate::{
    config::{ErrorKindName, FaultConfig, MalformedKind},
    wire::Payload,
};

/// What happens after an event was published.
#[derive(Debug)]
pub enum Fault {
    Send(Payload),
    Silence,
    Exit(i32),
    Panic,
}

/// The faults that are due once `events` feed events were published, in the order in which they happen.
pub fn due(config: &FaultConfig, events: u64) -> Vec<Fault> {
    let at = |after: Option<u64>| after == Some(events);
    let mut faults = Vec::new();
    let every = config
        .malformed_every
        .is_some_and(|every| events > 0 && events.is_multiple_of(every));
    if every || at(config.malformed_after_events) {
        faults.push(Fault::Send(Payload::Raw(malformed(config.malformed_kind))));
    }
    if at(config.live_error_after_events) {
        faults.extend(
            config
                .live_error_kinds
                .iter()
                .map(|&kind| Fault::Send(Payload::Event(live_error(config, kind)))),
        );
    }
    if at(config.silent_after_events) {
        faults.push(Fault::Silence);
    }
    if at(config.exit_after_events) {
        faults.push(Fault::Exit(config.exit_code));
    }
    if at(config.panic_after_events) {
        faults.push(Fault::Panic);
    }
    faults
}

fn live_error(config: &FaultConfig, kind: ErrorKindName) -> LiveEvent {
    let message = Value::String(config.live_error_message.clone());
    let code = config.live_error_code;
    LiveEvent::Error(match kind {
        ErrorKindName::ConnectionInterrupted => {
            LiveError::with(ErrorKind::ConnectionInterrupted, message)
        }
        ErrorKindName::CriticalConnectionError => {
            LiveError::with(ErrorKind::CriticalConnectionError, message)
        }
        ErrorKindName::OrderError => LiveError::with(
            ErrorKind::OrderError,
            Value::Map(HashMap::from([
                ("code".to_owned(), Value::Int(code)),
                ("msg".to_owned(), message),
            ])),
        ),
        ErrorKindName::Custom => LiveError::with(ErrorKind::Custom(code), message),
    })
}

fn malformed(kind: MalformedKind) -> Vec<u8> {
    if kind == MalformedKind::Variant {
        return vec![250];
    }
    let event = LiveEvent::Feed {
        symbol: "x".to_owned(),
        event: Event {
            ev: 0,
            exch_ts: 0,
            local_ts: 0,
            px: 0.0,
            qty: 0.0,
            order_id: 0,
            ival: 0,
            fval: 0.0,
        },
    };
    let mut bytes = bincode::encode_to_vec(event, standard()).unwrap_or_default();
    match kind {
        MalformedKind::Truncated => bytes.truncate(bytes.len().saturating_sub(1)),
        // The symbol's only byte: after the variant and the length.
        _ => bytes[2] = 0xff,
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decodes(bytes: &[u8]) -> bool {
        bincode::decode_from_slice::<LiveEvent, _>(bytes, standard()).is_ok()
    }

    #[test]
    fn no_malformed_payload_decodes() {
        for kind in [
            MalformedKind::Variant,
            MalformedKind::Truncated,
            MalformedKind::Utf8,
        ] {
            assert!(!decodes(&malformed(kind)), "{kind:?}");
        }
    }

    #[test]
    fn nothing_happens_by_default() {
        for events in 0..1_000 {
            assert!(due(&FaultConfig::default(), events).is_empty());
        }
    }

    #[test]
    fn faults_come_once_at_their_number_or_every_time() {
        let config = FaultConfig {
            malformed_every: Some(3),
            silent_after_events: Some(6),
            ..FaultConfig::default()
        };
        assert!(due(&config, 0).is_empty());
        assert!(due(&config, 2).is_empty());
        assert!(matches!(
            due(&config, 3).as_slice(),
            [Fault::Send(Payload::Raw(_))]
        ));
        assert!(matches!(
            due(&config, 6).as_slice(),
            [Fault::Send(_), Fault::Silence]
        ));
    }

    #[test]
    fn every_kind_of_error_is_sent() {
        let config = FaultConfig {
            live_error_after_events: Some(1),
            live_error_code: 42,
            ..FaultConfig::default()
        };
        let kinds: Vec<ErrorKind> = due(&config, 1)
            .into_iter()
            .filter_map(|fault| match fault {
                Fault::Send(Payload::Event(LiveEvent::Error(error))) => Some(error.kind),
                _ => None,
            })
            .collect();
        assert_eq!(
            kinds,
            [
                ErrorKind::ConnectionInterrupted,
                ErrorKind::CriticalConnectionError,
                ErrorKind::OrderError,
                ErrorKind::Custom(42),
            ]
        );
    }
}
