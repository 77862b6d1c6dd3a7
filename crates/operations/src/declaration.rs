//! How an operation is told to callers.

use std::fmt;

use pupila_core::is_unseen;

use crate::colour::Colour;

/// An operation and what a caller may set on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Declaration {
    /// The name it is asked for by, in snake case.
    pub name: &'static str,
    /// What it does, for people.
    pub description: &'static str,
    /// What a caller may set.
    pub parameters: &'static [Parameter],
}

/// A value that a caller may set on an operation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Its name, in snake case.
    pub name: &'static str,
    /// What it means, for people.
    pub description: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// What holds when the caller says nothing, written as a caller would.
    pub default: Option<&'static str>,
    /// Whether the caller must say something. What is neither required nor has a default may be left out.
    pub required: bool,
}

/// What values a parameter takes. Its `Display` says so after "must be".
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Any number in the range.
    Number {
        /// The smallest value allowed.
        minimum: f64,
        /// The largest value allowed.
        maximum: f64,
        /// The distance between sensible values, for sliders.
        step: f64,
    },
    /// A whole number in the range.
    Integer {
        /// The smallest value allowed.
        minimum: u32,
        /// The largest value allowed.
        maximum: u32,
    },
    /// `true` or `false`.
    Boolean,
    /// One of some words.
    Choice {
        /// The words.
        choices: &'static [&'static str],
    },
    /// A line of text of which something can be seen.
    Text {
        /// Most characters (Unicode scalar values).
        max_length: usize,
    },
    /// An opaque sRGB colour, `RRGGBB`.
    Colour,
    /// The id of an image that the caller may see.
    Image,
}

impl Declaration {
    /// The declared parameter of that name.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name == name)
    }
}

impl Parameter {
    /// At most one default.
    pub(crate) const fn new(
        name: &'static str,
        description: &'static str,
        kind: Kind,
        optional: bool,
        defaults: &[&'static str],
    ) -> Self {
        let default = match defaults {
            [default, ..] => Some(*default),
            [] => None,
        };
        Self {
            name,
            // Doc comments begin with a blank.
            description: description.trim_ascii(),
            kind,
            default,
            required: !optional && default.is_none(),
        }
    }
}

impl Kind {
    /// Whether `text` is such a value.
    #[must_use]
    pub fn allows(&self, text: &str) -> bool {
        match *self {
            // What is not a number is in no range.
            Self::Number {
                minimum, maximum, ..
            } => number(text).is_some_and(|value| (minimum..=maximum).contains(&value)),
            Self::Integer { minimum, maximum } => number(text).is_some_and(|value| {
                let range = f64::from(minimum)..=f64::from(maximum);
                range.contains(&value) && value.fract() == 0.0
            }),
            Self::Boolean => matches!(text, "true" | "false"),
            Self::Choice { choices } => choices.contains(&text),
            Self::Text { max_length } => {
                !text
                    .chars()
                    .all(|letter| letter.is_whitespace() || is_unseen(letter))
                    && text.chars().count() <= max_length
                    && !text.chars().any(char::is_control)
            }
            Self::Colour => text.parse::<Colour>().is_ok(),
            Self::Image => text.parse::<pupila_core::ImageId>().is_ok(),
        }
    }
}

/// `5.0` is a whole number to those who write JSON.
fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number {
                minimum, maximum, ..
            } => write!(f, "a number from {minimum} to {maximum}"),
            Self::Integer { minimum, maximum } => {
                write!(f, "a whole number from {minimum} to {maximum}")
            }
            Self::Boolean => f.write_str("true or false"),
            Self::Choice { choices } => write!(f, "one of {}", choices.join(", ")),
            Self::Text { max_length } => {
                write!(
                    f,
                    "a line of 1 to {max_length} characters, some of them visible"
                )
            }
            Self::Colour => f.write_str("a colour of six hexadecimal digits, RRGGBB"),
            Self::Image => f.write_str("the id of an image"),
        }
    }
}
