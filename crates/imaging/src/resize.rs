//! Bringing a picture to a size, with Pillow's arithmetic: antialiased convolution in fixed point, on bytes.

mod convolution;
mod kernel;

use convolution::Window;

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
#[error("a picture cannot be brought to {width} x {height} pixels")]
pub struct ResizeError {
    width: u32,
    height: u32,
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
    if width == 0 || height == 0 {
        return Err(ResizeError { width, height });
    }
    match fit {
        Fit::Stretch => {
            let window = Window {
                left: 0.0,
                top: 0.0,
                width: picture.width().into(),
                height: picture.height().into(),
            };
            scale(picture, window, width, height, filter)
        }
        Fit::Letterbox { pad } => {
            let (from_width, from_height) =
                (f64::from(picture.width()), f64::from(picture.height()));
            let ratio = (f64::from(width) / from_width).min(f64::from(height) / from_height);
            let inner_width = pixels(from_width * ratio, width);
            let inner_height = pixels(from_height * ratio, height);
            let inner = resize(picture, inner_width, inner_height, Fit::Stretch, filter)?;
            letterbox(inner, width, height, pad)
        }
        Fit::CenterCrop { shorter_side } => {
            let window = centre(&picture, width, height, shorter_side);
            scale(picture, window, width, height, filter)
        }
    }
}

/// The window at the frame's size; the picture itself where that is what the window shows.
fn scale(
    picture: Picture,
    window: Window,
    width: u32,
    height: u32,
    filter: Filter,
) -> Result<Picture, ResizeError> {
    let whole = (window.width, window.height) == (width.into(), height.into());
    if whole && (picture.width(), picture.height()) == (width, height) {
        return Ok(picture);
    }
    let samples = convolution::scale(&picture, window, width, height, filter);
    framed(width, height, picture.channels(), samples)
}

/// `length` as a count of pixels from 1 to `most`.
fn pixels(length: f64, most: u32) -> u32 {
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

/// The part of the source that ends up in the frame. Scaling just this part equals scaling all and cutting,
/// without the memory that a very long picture would take.
fn centre(picture: &Picture, width: u32, height: u32, shorter_side: Option<u32>) -> Window {
    let (from_width, from_height) = (f64::from(picture.width()), f64::from(picture.height()));
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
    Window {
        left: ((scaled_width - frame_width) / 2.0)
            .max(0.0)
            .round_ties_even()
            * step_x,
        top: ((scaled_height - frame_height) / 2.0)
            .max(0.0)
            .round_ties_even()
            * step_y,
        width: frame_width * step_x,
        height: frame_height * step_y,
    }
}

fn framed(
    width: u32,
    height: u32,
    channels: Channels,
    samples: Vec<u8>,
) -> Result<Picture, ResizeError> {
    Picture::new(width, height, channels, samples).ok_or(ResizeError { width, height })
}
