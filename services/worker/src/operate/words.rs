//! Words that the API and `pupila-imaging` have both.

use pupila_imaging::{edit::Output, render};
use pupila_operations as api;

/// The same word where pixels are.
pub(super) trait IntoPixels {
    type Pixels;

    fn into_pixels(self) -> Self::Pixels;
}

impl IntoPixels for api::Colour {
    type Pixels = render::Colour;

    fn into_pixels(self) -> render::Colour {
        let [red, green, blue] = self.0;
        render::Colour { red, green, blue }
    }
}

impl IntoPixels for api::Fit {
    type Pixels = render::Fit;

    fn into_pixels(self) -> render::Fit {
        match self {
            Self::Inside => render::Fit::Inside,
            Self::Cover => render::Fit::Cover,
            Self::Contain => render::Fit::Contain,
            Self::Exact => render::Fit::Exact,
        }
    }
}

impl IntoPixels for api::Gravity {
    type Pixels = render::Gravity;

    fn into_pixels(self) -> render::Gravity {
        match self {
            Self::Center => render::Gravity::Center,
            Self::North => render::Gravity::North,
            Self::NorthEast => render::Gravity::NorthEast,
            Self::East => render::Gravity::East,
            Self::SouthEast => render::Gravity::SouthEast,
            Self::South => render::Gravity::South,
            Self::SouthWest => render::Gravity::SouthWest,
            Self::West => render::Gravity::West,
            Self::NorthWest => render::Gravity::NorthWest,
        }
    }
}

impl IntoPixels for api::Direction {
    type Pixels = render::Flip;

    fn into_pixels(self) -> render::Flip {
        match self {
            Self::Horizontal => render::Flip::Horizontal,
            Self::Vertical => render::Flip::Vertical,
            Self::Both => render::Flip::Both,
        }
    }
}

/// How the result is written, of the operation that says so.
pub(super) fn output(operation: &api::Operation) -> Option<Output> {
    let api::Operation::Convert {
        format,
        quality,
        background,
    } = *operation
    else {
        return None;
    };
    // Declared as at most 100.
    let quality = u8::try_from(quality).unwrap_or(u8::MAX);
    let encoding = match format {
        api::Format::Jpeg => render::Encoding::Jpeg { quality },
        api::Format::Png => render::Encoding::Png,
        api::Format::WebP => render::Encoding::WebP { quality },
    };
    Some(Output {
        encoding: Some(encoding),
        background: background.into_pixels(),
    })
}
