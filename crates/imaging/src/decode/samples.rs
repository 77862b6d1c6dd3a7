//! From whatever depth and layout a decoder yields to 8-bit grey or RGB.

use image::{DynamicImage, ImageBuffer, Pixel};

use crate::{Channels, Format, ImageError, Picture};

/// Grey stays grey, alpha is dropped, 16 bits are cut to their upper 8.
pub(super) fn to_picture(image: DynamicImage, format: Format) -> Result<Picture, ImageError> {
    let (width, height) = (image.width(), image.height());
    let (channels, samples) = match image {
        DynamicImage::ImageLuma8(image) => (Channels::Luma, image.into_raw()),
        DynamicImage::ImageRgb8(image) => (Channels::Rgb, image.into_raw()),
        DynamicImage::ImageLumaA8(image) => {
            (Channels::Luma, colours::<1, _>(&image, |sample| sample))
        }
        DynamicImage::ImageRgba8(image) => {
            (Channels::Rgb, colours::<3, _>(&image, |sample| sample))
        }
        DynamicImage::ImageLuma16(image) => (Channels::Luma, colours::<1, _>(&image, upper)),
        DynamicImage::ImageLumaA16(image) => (Channels::Luma, colours::<1, _>(&image, upper)),
        DynamicImage::ImageRgb16(image) => (Channels::Rgb, colours::<3, _>(&image, upper)),
        DynamicImage::ImageRgba16(image) => (Channels::Rgb, colours::<3, _>(&image, upper)),
        _ => {
            let reason = "its samples are neither 8 nor 16 bits wide";
            return Err(ImageError::unreadable(format, reason));
        }
    };
    Picture::new(width, height, channels, samples)
        .ok_or_else(|| ImageError::unreadable(format, "it has no pixels"))
}

/// The first `N` samples of every pixel, which leaves the alpha behind.
fn colours<const N: usize, P: Pixel>(
    image: &ImageBuffer<P, Vec<P::Subpixel>>,
    narrow: impl Fn(P::Subpixel) -> u8,
) -> Vec<u8> {
    let mut samples = Vec::with_capacity(image.width() as usize * image.height() as usize * N);
    for pixel in image.pixels() {
        samples.extend(pixel.channels()[..N].iter().map(|sample| narrow(*sample)));
    }
    samples
}

fn upper(sample: u16) -> u8 {
    sample.to_be_bytes()[0]
}
