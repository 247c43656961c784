//! The connector's messages, decoded in place: upstream's `LiveEvent` with borrowed symbols.

use std::fmt::Write as _;

use bincode::de::BorrowDecoder;
use bincode::error::DecodeError;
use bincode::{BorrowDecode, Decode, config};
use hftbacktest::types::{ErrorKind, Event, Order};

/// How deep the values inside an error may be nested; upstream's connectors use one level.
const MAX_NESTING: usize = 16;

/// Upstream's `LiveEvent`. The order of the variants is the wire format.
#[derive(BorrowDecode)]
pub enum WireEvent<'a> {
    /// Events that belong together follow.
    BatchStart,
    /// They have ended.
    BatchEnd,
    /// A market event.
    Feed {
        /// Whose.
        symbol: &'a str,
        /// What.
        event: Event,
    },
    /// An order response.
    Order {
        /// Whose.
        symbol: &'a str,
        /// The order as the connector has it.
        order: Order,
    },
    /// A position.
    Position {
        /// Whose.
        symbol: &'a str,
        /// Signed quantity.
        qty: f64,
        /// When the exchange said so, ns.
        exch_ts: i64,
    },
    /// Trouble.
    Error(WireError),
}

/// Upstream's `LiveError`, its value turned into text.
#[derive(BorrowDecode)]
pub struct WireError {
    /// What kind of trouble.
    pub kind: ErrorKind,
    /// The connector's words.
    pub value: ErrorText,
}

/// Why a message could not be decoded.
#[derive(Debug)]
pub enum WireFault {
    /// The header's length does not fit the payload.
    Length {
        /// What the header says.
        len: usize,
        /// Bytes of the payload.
        payload: usize,
    },
    /// The message ends before the length that the header gives.
    Trailing {
        /// Bytes decoded.
        used: usize,
        /// What the header says.
        len: usize,
    },
    /// The bytes are no message.
    Decode(DecodeError),
}

impl std::fmt::Display for WireFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Length { len, payload } => {
                write!(f, "its header says {len} bytes, the payload has {payload}")
            }
            Self::Trailing { used, len } => {
                write!(f, "it is {used} bytes long, its header says {len}")
            }
            Self::Decode(error) => write!(f, "it cannot be decoded ({error})"),
        }
    }
}

/// Decodes the first `len` bytes of a payload.
pub fn decode(payload: &[u8], len: usize) -> Result<WireEvent<'_>, WireFault> {
    let bytes = payload.get(..len).ok_or(WireFault::Length {
        len,
        payload: payload.len(),
    })?;
    let (event, used) =
        bincode::borrow_decode_from_slice(bytes, config::standard()).map_err(WireFault::Decode)?;
    if used == len {
        Ok(event)
    } else {
        Err(WireFault::Trailing { used, len })
    }
}

/// Upstream's `Value` as text, decoded without trusting the lengths that it claims.
pub struct ErrorText(pub String);

impl<'de, C> BorrowDecode<'de, C> for ErrorText {
    fn borrow_decode<D: BorrowDecoder<'de, Context = C>>(d: &mut D) -> Result<Self, DecodeError> {
        let mut text = String::new();
        write_value(d, &mut text, 0)?;
        Ok(Self(text))
    }
}

fn write_value<'de, D: BorrowDecoder<'de>>(
    d: &mut D,
    out: &mut String,
    depth: usize,
) -> Result<(), DecodeError> {
    if depth > MAX_NESTING {
        return Err(DecodeError::Other("values are nested too deeply"));
    }
    match u32::decode(d)? {
        0 => out.push_str(<&str>::borrow_decode(d)?),
        1 => append(out, format_args!("{}", i64::decode(d)?)),
        2 => append(out, format_args!("{}", f64::decode(d)?)),
        3 => append(out, format_args!("{}", bool::decode(d)?)),
        4 => write_list(d, out, depth)?,
        5 => write_map(d, out, depth)?,
        6 => {}
        _ => return Err(DecodeError::Other("unknown kind of value")),
    }
    Ok(())
}

fn write_list<'de, D: BorrowDecoder<'de>>(
    d: &mut D,
    out: &mut String,
    depth: usize,
) -> Result<(), DecodeError> {
    out.push('[');
    // Every item takes at least a byte, so that a length that lies ends with the payload.
    for index in 0..u64::decode(d)? {
        if index > 0 {
            out.push_str(", ");
        }
        write_value(d, out, depth + 1)?;
    }
    out.push(']');
    Ok(())
}

fn write_map<'de, D: BorrowDecoder<'de>>(
    d: &mut D,
    out: &mut String,
    depth: usize,
) -> Result<(), DecodeError> {
    let mut entries = Vec::new();
    for _ in 0..u64::decode(d)? {
        let key = <&str>::borrow_decode(d)?;
        let mut value = String::new();
        write_value(d, &mut value, depth + 1)?;
        entries.push((key, value));
    }
    // A hash map arrives in any order.
    entries.sort_unstable();
    let (open, close) = if depth == 0 { ("", "") } else { ("{", "}") };
    out.push_str(open);
    for (index, (key, value)) in entries.iter().enumerate() {
        let separator = if index > 0 { ", " } else { "" };
        append(out, format_args!("{separator}{key}: {value}"));
    }
    out.push_str(close);
    Ok(())
}

fn append(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use hftbacktest::types::{
        LOCAL_BID_DEPTH_EVENT, LiveError, LiveEvent, OrdType, Side, Status, TimeInForce, Value,
    };

    use super::*;

    fn encode(event: &LiveEvent) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        let len = bincode::encode_into_slice(event, &mut bytes, config::standard()).unwrap();
        bytes.truncate(len);
        bytes
    }

    fn error_text(value: Value) -> String {
        let bytes = encode(&LiveEvent::Error(LiveError::with(
            ErrorKind::Custom(-5),
            value,
        )));
        match decode(&bytes, bytes.len()) {
            Ok(WireEvent::Error(error)) => {
                assert_eq!(error.kind, ErrorKind::Custom(-5));
                error.value.0
            }
            _ => panic!("not an error event"),
        }
    }

    #[test]
    fn reads_what_upstream_writes() {
        let event = Event {
            ev: LOCAL_BID_DEPTH_EVENT,
            exch_ts: -1,
            local_ts: i64::MAX,
            px: 0.1,
            qty: 1e300,
            order_id: u64::MAX,
            ival: i64::MIN,
            fval: -0.0,
        };
        let bytes = encode(&LiveEvent::Feed {
            symbol: "btcusdt".into(),
            event: event.clone(),
        });
        match decode(&bytes, bytes.len()) {
            Ok(WireEvent::Feed {
                symbol,
                event: read,
            }) => {
                assert_eq!((symbol, read), ("btcusdt", event));
            }
            _ => panic!("not a feed"),
        }

        let mut order = Order::new(
            7,
            100,
            0.5,
            2.0,
            Side::Sell,
            OrdType::Market,
            TimeInForce::IOC,
        );
        order.status = Status::PartiallyFilled;
        order.req = Status::Canceled;
        order.maker = true;
        let bytes = encode(&LiveEvent::Order {
            symbol: "x".into(),
            order: order.clone(),
        });
        match decode(&bytes, bytes.len()) {
            Ok(WireEvent::Order {
                symbol,
                order: read,
            }) => {
                assert_eq!(symbol, "x");
                assert_eq!(format!("{read:?}"), format!("{order:?}"));
            }
            _ => panic!("not an order"),
        }

        let bytes = encode(&LiveEvent::Position {
            symbol: "x".into(),
            qty: -3.0,
            exch_ts: 9,
        });
        assert!(matches!(
            decode(&bytes, bytes.len()),
            Ok(WireEvent::Position {
                symbol: "x",
                qty: -3.0,
                exch_ts: 9
            })
        ));
        for (event, start) in [(LiveEvent::BatchStart, true), (LiveEvent::BatchEnd, false)] {
            let bytes = encode(&event);
            let read = decode(&bytes, bytes.len()).unwrap();
            assert_eq!(matches!(read, WireEvent::BatchStart), start);
            assert_eq!(matches!(read, WireEvent::BatchEnd), !start);
        }
    }

    #[test]
    fn turns_values_into_text() {
        assert_eq!(error_text(Value::Empty), "");
        assert_eq!(error_text(Value::String("no money".into())), "no money");
        let nested = Value::Map(HashMap::from([
            ("msg".into(), Value::String("no".into())),
            ("code".into(), Value::Int(-2019)),
            (
                "list".into(),
                Value::List(vec![Value::Float(0.5), Value::Bool(true)]),
            ),
            (
                "map".into(),
                Value::Map(HashMap::from([("a".into(), Value::Empty)])),
            ),
        ]));
        assert_eq!(
            error_text(nested),
            "code: -2019, list: [0.5, true], map: {a: }, msg: no"
        );
    }

    #[test]
    fn refuses_what_is_no_message() {
        let bytes = encode(&LiveEvent::BatchStart);
        assert!(matches!(
            decode(&bytes, bytes.len() + 1),
            Err(WireFault::Length { .. })
        ));
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(matches!(
            decode(&longer, longer.len()),
            Err(WireFault::Trailing { .. })
        ));
        assert!(matches!(decode(&[9], 1), Err(WireFault::Decode(_))));
        assert!(matches!(decode(&[], 0), Err(WireFault::Decode(_))));
        // A list that claims 2^62 items must not reserve memory for them.
        let lie = [5, 0, 4, 253, 0, 0, 0, 0, 0, 0, 0, 64];
        assert!(matches!(decode(&lie, lie.len()), Err(WireFault::Decode(_))));
        // 200 lists in each other.
        let mut deep = vec![5, 0];
        deep.extend([4, 1].repeat(200));
        assert!(matches!(
            decode(&deep, deep.len()),
            Err(WireFault::Decode(_))
        ));
    }

    #[test]
    fn survives_any_truncation_and_any_changed_byte() {
        let order = Order::new(
            7,
            100,
            0.5,
            2.0,
            Side::Sell,
            OrdType::Limit,
            TimeInForce::GTC,
        );
        let bytes = encode(&LiveEvent::Order {
            symbol: "btcusdt".into(),
            order,
        });
        for len in 0..bytes.len() {
            assert!(decode(&bytes, len).is_err(), "cut to {len}");
        }
        for at in 0..bytes.len() {
            for value in 0..=255 {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _ = decode(&changed, changed.len());
            }
        }
    }
}
