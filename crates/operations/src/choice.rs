//! Words of which a caller picks one.

use std::{fmt, str::FromStr};

/// Text that is none of the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of the declared choices")]
pub struct NoChoice;

/// An enum whose values have names.
macro_rules! choice {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $value:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $value,)+
        }

        impl $name {
            /// The words for all of them.
            pub(crate) const WORDS: &[&str] = &[$($word),+];
        }

        impl FromStr for $name {
            type Err = NoChoice;

            fn from_str(text: &str) -> Result<Self, NoChoice> {
                match text {
                    $($word => Ok(Self::$value),)+
                    _ => Err(NoChoice),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$value => $word,)+
                })
            }
        }
    };
}

choice! {
    /// How an image is brought into a frame of which both sides are given.
    Fit {
        /// As large as fits.
        Inside = "fit",
        /// Fills the frame; what does not fit is cut off.
        Cover = "cover",
        /// As large as fits, with margins up to the frame.
        Contain = "contain",
        /// Fills the frame, stretched.
        Exact = "exact",
    }
}

choice! {
    /// A place in an image.
    Gravity {
        /// The middle.
        Center = "center",
        /// The upper side.
        North = "north",
        /// The upper right corner.
        NorthEast = "north-east",
        /// The right side.
        East = "east",
        /// The lower right corner.
        SouthEast = "south-east",
        /// The lower side.
        South = "south",
        /// The lower left corner.
        SouthWest = "south-west",
        /// The left side.
        West = "west",
        /// The upper left corner.
        NorthWest = "north-west",
    }
}

choice! {
    /// How to mirror.
    Direction {
        /// Left becomes right.
        Horizontal = "horizontal",
        /// Up becomes down.
        Vertical = "vertical",
        /// Both.
        Both = "both",
    }
}

choice! {
    /// A format that images are written in.
    Format {
        /// JPEG: for photographs; knows no transparency.
        Jpeg = "jpeg",
        /// PNG: lossless.
        Png = "png",
        /// WebP, lossy: the smallest.
        WebP = "webp",
    }
}
