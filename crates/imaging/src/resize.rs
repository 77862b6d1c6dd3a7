//! Bringing a picture to a size, with Pillow's arithmetic: antialiased convolution, 8-bit samples,
//! 8-bit intermediate rows.

use fast_image_resize::{
    FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};

use crate::{Channels, Picture};

/// How samples between pixels are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// The nearest pixel.
    Nearest,
    /// Triangle, support 1.
    Bilinear,
    /// Catmull-Rom (Keys, a = -0.5), support 2.
    Bicubic,
    /// Lanczos, support 3.
    Lanczos,
}

/// How a picture of another shape is brought into the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Filled exactly; the picture is squashed or stretched.
    Stretch,
    /// Shrunk or enlarged until it fits; the rest of the frame takes the level `pad` on every channel,
    /// half of it on either side.
    Letterbox {
        /// The level of the margins.
        pad: u8,
    },
    /// Scaled and cut to the middle, as torchvision's `Resize(shorter_side)` and `CenterCrop` do.
    CenterCrop {
        /// What the picture's shorter side is scaled to, in pixels, at least the frame's sides;
        /// `None` for just as much as fills the frame.
        shorter_side: Option<u32>,
    },
}

/// The frame cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a picture cannot be brought to {width} x {height} pixels: {reason}")]
pub struct ResizeError {
    width: u32,
    height: u32,
    reason: String,
}

/// The picture at exactly `width` x `height` pixels. Handed back as it is when it already is.
///
/// The work and the memory are bound by the source and the frame, whatever the picture's shape.
///
/// # Errors
/// A frame without pixels.
pub fn resize(
    picture: Picture,
    width: u32,
    height: u32,
    fit: Fit,
    filter: Filter,
) -> Result<Picture, ResizeError> {
    let (from_width, from_height) = (f64::from(picture.width()), f64::from(picture.height()));
    match fit {
        Fit::Stretch if (picture.width(), picture.height()) == (width, height) => Ok(picture),
        Fit::Stretch => {
            let whole = [0.0, 0.0, from_width, from_height];
            scale(&picture, whole, width, height, filter)
        }
        Fit::Letterbox { pad } => {
            let ratio = (f64::from(width) / from_width).min(f64::from(height) / from_height);
            let inner_width = pixels(from_width * ratio, width);
            let inner_height = pixels(from_height * ratio, height);
            let inner = resize(picture, inner_width, inner_height, Fit::Stretch, filter)?;
            letterbox(inner, width, height, pad)
        }
        Fit::CenterCrop { shorter_side } => {
            let window = centre(from_width, from_height, width, height, shorter_side);
            scale(&picture, window, width, height, filter)
        }
    }
}

/// `length` as a count of pixels from 1 to `most`.
fn pixels(length: f64, most: u32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and held below `most`"
    )]
    let rounded = length.round().min(f64::from(most)) as u32;
    rounded.max(1)
}

/// The picture in the middle of a frame of the level `pad`.
fn letterbox(picture: Picture, width: u32, height: u32, pad: u8) -> Result<Picture, ResizeError> {
    if (picture.width(), picture.height()) == (width, height) {
        return Ok(picture);
    }
    let count = picture.channels().count();
    let row = width as usize * count;
    let inner_row = picture.width() as usize * count;
    let left = (width - picture.width()) as usize / 2 * count;
    let top = (height - picture.height()) as usize / 2;
    let mut samples = vec![pad; row * height as usize];
    let rows = samples.chunks_exact_mut(row).skip(top);
    for (to, from) in rows.zip(picture.samples().chunks_exact(inner_row)) {
        to[left..left + inner_row].copy_from_slice(from);
    }
    framed(width, height, picture.channels(), samples)
}

/// The part of the source, `[left, top, width, height]`, that ends up in the frame. Scaling just this part
/// equals scaling all and cutting, without the memory that a very long picture would take.
fn centre(
    from_width: f64,
    from_height: f64,
    width: u32,
    height: u32,
    shorter_side: Option<u32>,
) -> [f64; 4] {
    let (frame_width, frame_height) = (f64::from(width), f64::from(height));
    // The size to which the whole picture would be scaled; torchvision cuts the longer side to whole pixels.
    let (scaled_width, scaled_height) = match shorter_side.map(f64::from) {
        None => {
            let ratio = (frame_width / from_width).max(frame_height / from_height);
            (from_width * ratio, from_height * ratio)
        }
        Some(side) if from_width <= from_height => {
            (side, (side * from_height / from_width).floor())
        }
        Some(side) => ((side * from_width / from_height).floor(), side),
    };
    let (step_x, step_y) = (from_width / scaled_width, from_height / scaled_height);
    let left = ((scaled_width - frame_width) / 2.0)
        .max(0.0)
        .round_ties_even()
        * step_x;
    let top = ((scaled_height - frame_height) / 2.0)
        .max(0.0)
        .round_ties_even()
        * step_y;
    [
        left,
        top,
        (frame_width * step_x).min(from_width - left),
        (frame_height * step_y).min(from_height - top),
    ]
}

/// Scales a window of the picture to the frame, first along the rows, then along the columns: the samples
/// between the two are rounded to bytes, so that only Pillow's order gives Pillow's result. A picture to be
/// widened but shortened by far would take more room between the two than before or after; it goes the other way
/// round, and comes out different by a level here and there.
fn scale(
    picture: &Picture,
    [left, top, window_width, window_height]: [f64; 4],
    width: u32,
    height: u32,
    filter: Filter,
) -> Result<Picture, ResizeError> {
    let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
    let between = area(width, picture.height());
    let outer = area(picture.width(), picture.height()) + area(width, height);
    if between > outer {
        let window = [left, top, window_width, window_height];
        return convolve(picture, window, width, height, filter);
    }
    let all_rows = [left, 0.0, window_width, f64::from(picture.height())];
    let rows = convolve(picture, all_rows, width, picture.height(), filter)?;
    let all_columns = [0.0, top, f64::from(width), window_height];
    convolve(&rows, all_columns, width, height, filter)
}

fn convolve(
    picture: &Picture,
    [left, top, window_width, window_height]: [f64; 4],
    width: u32,
    height: u32,
    filter: Filter,
) -> Result<Picture, ResizeError> {
    let pixel = pixel_type(picture.channels());
    let options = ResizeOptions::new()
        .crop(left, top, window_width, window_height)
        .resize_alg(algorithm(filter));
    let refuse = |reason: String| ResizeError {
        width,
        height,
        reason,
    };
    let source = ImageRef::new(picture.width(), picture.height(), picture.samples(), pixel)
        .map_err(|error| refuse(error.to_string()))?;
    let mut frame = Image::new(width, height, pixel);
    Resizer::new()
        .resize(&source, &mut frame, &options)
        .map_err(|error| refuse(error.to_string()))?;
    framed(width, height, picture.channels(), frame.into_vec())
}

fn framed(
    width: u32,
    height: u32,
    channels: Channels,
    samples: Vec<u8>,
) -> Result<Picture, ResizeError> {
    Picture::new(width, height, channels, samples).ok_or_else(|| ResizeError {
        width,
        height,
        reason: "the frame has no pixels".to_owned(),
    })
}

fn pixel_type(channels: Channels) -> PixelType {
    match channels {
        Channels::Luma => PixelType::U8,
        Channels::Rgb => PixelType::U8x3,
    }
}

fn algorithm(filter: Filter) -> ResizeAlg {
    match filter {
        Filter::Nearest => ResizeAlg::Nearest,
        Filter::Bilinear => ResizeAlg::Convolution(FilterType::Bilinear),
        Filter::Bicubic => ResizeAlg::Convolution(FilterType::CatmullRom),
        Filter::Lanczos => ResizeAlg::Convolution(FilterType::Lanczos3),
    }
}
