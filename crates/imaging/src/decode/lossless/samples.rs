//! The samples that the `image` crate yields, and how they become bytes.

use image::ColorType;

use crate::raster::Layout;

/// Why a picture of another kind is refused.
pub(super) const UNKNOWN: &str = "its samples are neither 8 nor 16 bits wide";

/// Bits of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    Eight,
    Sixteen,
}

pub(super) fn kind(colours: ColorType) -> Option<(Layout, Depth)> {
    Some(match colours {
        ColorType::L8 => (Layout::Grey, Depth::Eight),
        ColorType::La8 => (Layout::GreyAlpha, Depth::Eight),
        ColorType::Rgb8 => (Layout::Rgb, Depth::Eight),
        ColorType::Rgba8 => (Layout::Rgba, Depth::Eight),
        ColorType::L16 => (Layout::Grey, Depth::Sixteen),
        ColorType::La16 => (Layout::GreyAlpha, Depth::Sixteen),
        ColorType::Rgb16 => (Layout::Rgb, Depth::Sixteen),
        ColorType::Rgba16 => (Layout::Rgba, Depth::Sixteen),
        _ => return None,
    })
}

/// Samples of 8 bits: of 16 bits, in the machine's order of bytes, the upper ones are kept.
/// In place, because the wide samples of a large picture take most of what is allowed.
pub(super) fn narrowed(mut samples: Vec<u8>, depth: Depth) -> Vec<u8> {
    if depth == Depth::Sixteen {
        let count = samples.len() / 2;
        for at in 0..count {
            let wide = u16::from_ne_bytes([samples[2 * at], samples[2 * at + 1]]);
            samples[at] = wide.to_be_bytes()[0];
        }
        samples.truncate(count);
        samples.shrink_to_fit();
    }
    samples
}
