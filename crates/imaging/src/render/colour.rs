//! Colours as people write them.

use std::{fmt, str::FromStr};

/// An opaque colour, sRGB. As text six hexadecimal digits, `RRGGBB`, with or without a `#` before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    /// 0 to 255.
    pub red: u8,
    /// 0 to 255.
    pub green: u8,
    /// 0 to 255.
    pub blue: u8,
}

/// Text that is no colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be six hexadecimal digits, RRGGBB")]
pub struct NoColour;

impl Colour {
    /// ffffff.
    pub const WHITE: Self = Self {
        red: 255,
        green: 255,
        blue: 255,
    };

    pub(crate) fn is_grey(self) -> bool {
        self.red == self.green && self.green == self.blue
    }
}

impl FromStr for Colour {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| NoColour)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

/// Six digits, in lower case.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { red, green, blue } = self;
        write!(f, "{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_written() {
        let orange = Colour {
            red: 255,
            green: 128,
            blue: 1,
        };
        assert_eq!("#FF8001".parse(), Ok(orange));
        assert_eq!(orange.to_string().parse(), Ok(orange));
        for text in ["", "#", "fff", "ff80011", "+f8001", "ff80 1", "ﬀ800", "red"] {
            assert_eq!(text.parse::<Colour>(), Err(NoColour), "{text}");
        }
    }
}
