//! What goes through upstream's sender: live events, and bytes that are none.

use bincode::{
    Encode,
    enc::{Encoder, write::Writer},
    error::EncodeError,
};
use hftbacktest::types::LiveEvent;

/// A payload. Upstream's sender takes any type that bincode encodes, so broken bytes need no sender of their own.
#[derive(Debug)]
pub enum Payload {
    Event(LiveEvent),
    Raw(Vec<u8>),
}

impl Encode for Payload {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        match self {
            Self::Event(event) => event.encode(encoder),
            Self::Raw(bytes) => encoder.writer().write(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use bincode::config::standard;

    use super::*;

    #[test]
    fn an_event_is_encoded_as_upstream_encodes_it() {
        let event = LiveEvent::Position {
            symbol: "btcusdt".to_owned(),
            qty: 1.5,
            exch_ts: 7,
        };
        let plain = bincode::encode_to_vec(&event, standard()).unwrap();
        let wrapped = bincode::encode_to_vec(Payload::Event(event), standard()).unwrap();
        assert_eq!(wrapped, plain);
    }

    #[test]
    fn raw_bytes_go_out_as_they_are() {
        let bytes = vec![250, 1, 2];
        let wrapped = bincode::encode_to_vec(Payload::Raw(bytes.clone()), standard()).unwrap();
        assert_eq!(wrapped, bytes);
    }
}
