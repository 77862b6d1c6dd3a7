//! The operations.

use std::collections::HashMap;

use pupila_core::ImageId;

use crate::{
    choice::{Direction, Fit, Format, Gravity},
    colour::Colour,
    declaration::{Declaration, Kind, Parameter},
    table::operations,
    value::{Value, Values},
};

const BLUR: Kind = number(0.3, 100.0, 0.1);
const COLOUR: Kind = Kind::Colour;
const FACTOR: Kind = number(0.0, 10.0, 0.05);
const GRAVITY: Kind = choice(Gravity::WORDS);
const MARGIN: Kind = number(0.0, 0.4, 0.005);
const OPACITY: Kind = number(0.05, 1.0, 0.05);
const QUALITY: Kind = integer(1, 100);
const RATIO: Kind = number(0.0, 1.0, 0.001);
const LENGTH: Kind = number(0.0001, 1.0, 0.001);
const SIDE: Kind = integer(1, 8192);
const SHAPE: Kind = integer(1, 65_535);
const SHARE: Kind = number(0.01, 1.0, 0.01);

operations! {
    /// Brings the image to another size. At least one of `width` and `height` is needed; one alone keeps the shape.
    "resize" => Resize {
        /// Width of the frame in pixels.
        width: Option<u32> = SIDE;
        /// Height of the frame in pixels.
        height: Option<u32> = SIDE;
        /// How the image is brought into a frame of both sides. `fit`: as large as fits; `cover`: fills it, what does not
        /// fit is cut off; `contain`: as large as fits, with margins; `exact`: fills it, stretched.
        fit: Fit = choice(Fit::WORDS), default "fit";
        /// Which part stays where `cover` cuts something off.
        gravity: Gravity = GRAVITY, default "center";
        /// Lets the image become larger than it is.
        enlarge: bool = Kind::Boolean, default "false";
        /// Colour of the margins of `contain`.
        background: Colour = COLOUR, default "ffffff";
    }

    /// Keeps a part of the image, told in ratios of its width and height.
    "crop" => Crop {
        /// Distance of the part from the left, as a ratio of the width.
        left: f64 = RATIO, default "0";
        /// Distance of the part from the top, as a ratio of the height.
        top: f64 = RATIO, default "0";
        /// Width of the part, as a ratio; `left` and `width` together are at most 1.
        width: f64 = LENGTH, default "1";
        /// Height of the part, as a ratio; `top` and `height` together are at most 1.
        height: f64 = LENGTH, default "1";
    }

    /// Keeps so many pixels of the image, or as many as there are.
    "crop_to_size" => CropToSize {
        /// Width in pixels.
        width: u32 = SHAPE;
        /// Height in pixels.
        height: u32 = SHAPE;
        /// Which part stays.
        gravity: Gravity = GRAVITY, default "center";
    }

    /// Keeps the largest part of a shape, such as 16 to 9.
    "crop_to_shape" => CropToShape {
        /// Width of the shape.
        width: u32 = SHAPE;
        /// Height of the shape.
        height: u32 = SHAPE;
        /// Which part stays.
        gravity: Gravity = GRAVITY, default "center";
    }

    /// Turns the image. It grows so that nothing is cut off; quarter turns change no pixel.
    "rotate" => Rotate {
        /// Degrees clockwise.
        angle: f64 = number(-360.0, 360.0, 1.0);
        /// Colour of the corners that come in.
        background: Colour = COLOUR, default "ffffff";
    }

    /// Mirrors the image.
    "flip" => Flip {
        /// `horizontal`: left becomes right; `vertical`: up becomes down.
        direction: Direction = choice(Direction::WORDS), default "horizontal";
    }

    /// Drops the colours (ITU-R BT.601 luma).
    "grayscale" => Grayscale {}

    /// Gives the image the brown tones of an old photograph.
    "sepia" => Sepia {
        /// How much of it: 0 changes nothing.
        amount: f64 = number(0.0, 1.0, 0.05), default "1";
    }

    /// Makes the image darker or brighter.
    "brightness" => Brightness {
        /// Factor of every level: 1 changes nothing.
        factor: f64 = FACTOR, default "1.2";
    }

    /// Makes the image flatter or starker.
    "contrast" => Contrast {
        /// Factor of every level's distance from the middle: 1 changes nothing.
        factor: f64 = FACTOR, default "1.2";
    }

    /// Makes the colours paler or stronger.
    "saturation" => Saturation {
        /// Factor of every level's distance from grey: 1 changes nothing.
        factor: f64 = FACTOR, default "1.2";
    }

    /// Stretches the levels so that the darkest becomes black and the brightest white.
    "auto_contrast" => AutoContrast {
        /// Per cent of the pixels that are left out of account at either end.
        cutoff: f64 = number(0.0, 49.0, 0.1), default "0.5";
        /// Stretches all colours alike, by their luma, so that no tint changes; else each by itself.
        preserve_tone: bool = Kind::Boolean, default "false";
    }

    /// Blurs the image with a Gaussian.
    "blur" => Blur {
        /// Standard deviation in pixels.
        sigma: f64 = BLUR, default "2";
    }

    /// Sharpens the image with an unsharp mask.
    "sharpen" => Sharpen {
        /// How much of what a blur would take away is added.
        amount: f64 = FACTOR, default "1";
        /// Standard deviation of that blur in pixels.
        sigma: f64 = number(0.3, 10.0, 0.1), default "1";
    }

    /// Shows the edges, white on black: the gradient of the luma (Sobel).
    "edges" => Edges {}

    /// Makes large squares of one colour each.
    "pixelate" => Pixelate {
        /// Side of the squares in pixels.
        size: u32 = integer(2, 1000), default "16";
    }

    /// Writes a line of text over the image, with an outline so that it can be read anywhere.
    "watermark_text" => WatermarkText {
        /// What is written. Latin, Greek and Cyrillic letters, digits and signs; what the font does not have becomes a box.
        text: String = Kind::Text { max_length: 200 };
        /// Where it stands.
        gravity: Gravity = GRAVITY, default "south-east";
        /// Width of the line, as a ratio of the image's width. It is smaller where it would be too high, and larger where it
        /// could not be read.
        size: f64 = SHARE, default "0.3";
        /// Distance from the sides, as a ratio of the image's shorter side.
        margin: f64 = MARGIN, default "0.02";
        /// Colour of the letters.
        colour: Colour = COLOUR, default "ffffff";
        /// How far it covers the image.
        opacity: f64 = OPACITY, default "0.7";
    }

    /// Lays another image over the image.
    "watermark_image" => WatermarkImage {
        /// The other image: one that the owner of the job may see.
        image: ImageId = Kind::Image;
        /// Where it lies.
        gravity: Gravity = GRAVITY, default "south-east";
        /// Its width, as a ratio of the image's width. It is smaller where it would be too high.
        size: f64 = SHARE, default "0.2";
        /// Distance from the sides, as a ratio of the image's shorter side.
        margin: f64 = MARGIN, default "0.02";
        /// How far it covers the image, in addition to its own transparency.
        opacity: f64 = OPACITY, default "1";
    }

    /// Chooses the format of the result. Without it the result has the format of the image; PNG where that is not written.
    "convert" => Convert {
        /// The format.
        format: Format = choice(Format::WORDS);
        /// Quality of JPEG and WebP.
        quality: u32 = QUALITY, default "85";
        /// What shines through where the format knows no transparency.
        background: Colour = COLOUR, default "ffffff";
    }
}

impl Operation {
    /// The images that it needs besides the one that it is done to.
    #[must_use]
    pub fn images(&self) -> Vec<ImageId> {
        match self {
            Self::WatermarkImage { image, .. } => vec![*image],
            _ => Vec::new(),
        }
    }
}

const fn number(minimum: f64, maximum: f64, step: f64) -> Kind {
    Kind::Number {
        minimum,
        maximum,
        step,
    }
}

const fn integer(minimum: u32, maximum: u32) -> Kind {
    Kind::Integer { minimum, maximum }
}

const fn choice(choices: &'static [&'static str]) -> Kind {
    Kind::Choice { choices }
}
