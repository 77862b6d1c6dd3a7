//! Softer and sharper.

use fast_image_resize::{FilterType, MulDiv, images::Image};
use image::{DynamicImage, ImageBuffer};

use super::{
    Sharpen,
    scale::{pixel_type, stretch},
};
use crate::raster::{Layout, Raster};

/// The largest standard deviation for which the picture itself is blurred. A stronger blur leaves nothing that a
/// smaller picture could not hold, and would take ever longer.
const EXACT: f64 = 4.0;

/// The standard deviation, in its own pixels, of the blur of the smaller picture.
const COARSE: f64 = 2.0;

/// What shrinking blurs by itself, in squared pixels of the smaller picture: the variance of the triangle of support 1
/// with which it is done. Catmull-Rom, which enlarges it again, adds nothing (Keys 1981: it reproduces parabolas).
const SHRINKING: f64 = 1.0 / 6.0;

/// Blurs it with a Gaussian of that standard deviation in pixels; 0 leaves it as it is.
pub(crate) fn blur(raster: Raster, sigma: f64) -> Option<Raster> {
    if sigma == 0.0 {
        return Some(raster);
    }
    if sigma <= EXACT {
        return gaussian(raster, sigma);
    }
    let size = (raster.width(), raster.height());
    let shrunk = |side: u32| (f64::from(side) * COARSE / sigma).round().max(1.0) as u32;
    let small = stretch(
        &raster,
        (shrunk(size.0), shrunk(size.1)),
        FilterType::Bilinear,
    )?;
    let small = gaussian(small, (COARSE * COARSE - SHRINKING).sqrt())?;
    stretch(&small, size, FilterType::CatmullRom)
}

/// Adds so much of what a blur would take away. Alpha stays.
pub(crate) fn sharpen(raster: Raster, Sharpen { amount, sigma }: Sharpen) -> Option<Raster> {
    if amount == 0.0 {
        return Some(raster);
    }
    let soft = blur(raster.clone(), sigma)?;
    let mut sharp = raster;
    let count = sharp.layout().count();
    let colours = sharp.layout().opaque().count();
    let amount = amount as f32;
    let pixels = sharp.samples_mut().chunks_exact_mut(count);
    for (pixel, soft) in pixels.zip(soft.samples().chunks_exact(count)) {
        for (sample, soft) in pixel[..colours].iter_mut().zip(soft) {
            let level = f32::from(*sample);
            *sample = (level + amount * (level - f32::from(*soft))).round() as u8;
        }
    }
    Some(sharp)
}

fn gaussian(mut raster: Raster, sigma: f64) -> Option<Raster> {
    if !raster.layout().has_alpha() {
        return convolved(raster, sigma);
    }
    // Colours count by their alpha, so that what is hidden does not bleed into what is seen.
    let alpha = MulDiv::new();
    alpha.multiply_alpha_inplace(&mut view(&mut raster)?).ok()?;
    let mut soft = convolved(raster, sigma)?;
    alpha.divide_alpha_inplace(&mut view(&mut soft)?).ok()?;
    Some(soft)
}

fn view(raster: &mut Raster) -> Option<Image<'_>> {
    let (width, height, kind) = (raster.width(), raster.height(), pixel_type(raster.layout()));
    Image::from_slice_u8(width, height, raster.samples_mut(), kind).ok()
}

fn convolved(raster: Raster, sigma: f64) -> Option<Raster> {
    let (width, height, layout) = (raster.width(), raster.height(), raster.layout());
    let samples = raster.into_samples();
    let sharp = match layout {
        Layout::Grey => DynamicImage::ImageLuma8(ImageBuffer::from_raw(width, height, samples)?),
        Layout::GreyAlpha => {
            DynamicImage::ImageLumaA8(ImageBuffer::from_raw(width, height, samples)?)
        }
        Layout::Rgb => DynamicImage::ImageRgb8(ImageBuffer::from_raw(width, height, samples)?),
        Layout::Rgba => DynamicImage::ImageRgba8(ImageBuffer::from_raw(width, height, samples)?),
    };
    Raster::new(width, height, layout, sharp.blur(sigma as f32).into_bytes())
}
