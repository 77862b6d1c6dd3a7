//! From text to values and back.

use std::{collections::HashMap, fmt::Display, str::FromStr};

use pupila_core::ImageId;

use crate::{
    choice::{Direction, Fit, Format, Gravity},
    colour::Colour,
    declaration::Declaration,
};

/// A type that parameters are read into.
pub(crate) trait Value: Sized {
    /// Whether there may be none.
    const OPTIONAL: bool = false;

    /// The value of a text that the parameter's kind allows; `None` for the text that a caller did not send.
    fn read(text: Option<&str>) -> Option<Self>;

    /// As a caller would send it; `None` where they would send nothing.
    fn write(&self) -> Option<String>;
}

/// What holds for an operation: what the caller sent, and the defaults of what they left out.
pub(crate) struct Values<'a> {
    pub(crate) declaration: &'static Declaration,
    pub(crate) sent: &'a HashMap<String, String>,
}

impl<'a> Values<'a> {
    /// The text that holds for a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&'a str> {
        let sent = self.sent.get(name).map(String::as_str);
        sent.or_else(|| self.declaration.parameter(name)?.default)
    }

    pub(crate) fn get<T: Value>(&self, name: &str) -> Option<T> {
        T::read(self.text(name))
    }
}

fn parsed<T: FromStr>(text: Option<&str>) -> Option<T> {
    text?.trim().parse().ok()
}

fn written<T: Display>(value: &T) -> Option<String> {
    Some(value.to_string())
}

macro_rules! parsed_values {
    ($($type:ty),+) => {
        $(impl Value for $type {
            fn read(text: Option<&str>) -> Option<Self> {
                parsed(text)
            }

            fn write(&self) -> Option<String> {
                written(self)
            }
        })+
    };
}

parsed_values!(
    f64, bool, String, Colour, ImageId, Fit, Gravity, Direction, Format
);

impl Value for u32 {
    /// Integers are held against their range as floating point numbers, so `5.0` is one.
    fn read(text: Option<&str>) -> Option<Self> {
        let number: f64 = parsed(text)?;
        (number >= 0.0).then_some(number as u32)
    }

    fn write(&self) -> Option<String> {
        written(self)
    }
}

impl<T: Value> Value for Option<T> {
    const OPTIONAL: bool = true;

    fn read(text: Option<&str>) -> Option<Self> {
        match text {
            Some(text) => T::read(Some(text)).map(Some),
            None => Some(None),
        }
    }

    fn write(&self) -> Option<String> {
        self.as_ref().and_then(T::write)
    }
}
