//! Values that are a number above 0 or a word ("flat_out", "max", "none").

use std::fmt::{self, Formatter};

use serde::{
    Deserializer,
    de::{Error, Unexpected, Visitor},
};

struct NumberOr(&'static str);

impl Visitor<'_> for NumberOr {
    type Value = Option<f64>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "a number above 0 or {:?}", self.0)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        if value.is_finite() && value > 0.0 {
            Ok(Some(value))
        } else {
            Err(E::invalid_value(Unexpected::Float(value), &self))
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
        if value == self.0 {
            Ok(None)
        } else {
            Err(E::invalid_value(Unexpected::Str(value), &self))
        }
    }
}

/// Events per second; `None` for "flat_out".
pub fn rate<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    deserializer.deserialize_any(NumberOr("flat_out"))
}

/// Multiple of the recorded speed; `None` for "max".
pub fn speed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    deserializer.deserialize_any(NumberOr("max"))
}

/// Events per second; `None` for "none".
pub fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    deserializer.deserialize_any(NumberOr("none"))
}
