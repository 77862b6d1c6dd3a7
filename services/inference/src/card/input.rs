//! What a network takes.

use serde::Deserialize;

/// What the network takes: one image of 32-bit floats, `(sample * scale - mean) / std`, sample 0..255.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
    /// The order of the channels.
    pub channels: Channels,
    /// The order of the tensor's axes.
    #[serde(default)]
    pub layout: Layout,
    /// How an image of another shape is brought to that size.
    pub resize: Resize,
    /// With `center_crop`: what the shorter side is scaled to before the middle is cut, in pixels.
    pub resize_shorter_side: Option<u32>,
    /// With `letterbox`: the level of the margins, 0..255; black if left out.
    pub pad: Option<u8>,
    /// How samples between pixels are found.
    pub filter: Filter,
    /// What samples are multiplied by.
    #[serde(default = "one")]
    pub scale: f32,
    /// What is subtracted from each channel then; nothing if left out.
    #[serde(default)]
    pub mean: Vec<f32>,
    /// What each channel is divided by then; nothing if left out.
    #[serde(default)]
    pub std: Vec<f32>,
}

/// The order of the channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channels {
    /// One: brightness.
    Gray,
    /// Three: red, green, blue.
    Rgb,
    /// Three: blue, green, red.
    Bgr,
}

/// The order of the tensor's axes: batch N, channel C, row H, column W.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Channel by channel.
    #[default]
    Nchw,
    /// Pixel by pixel.
    Nhwc,
}

/// How an image of another shape is brought to the input's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resize {
    /// Squashed.
    Stretch,
    /// With margins.
    Letterbox,
    /// Its middle.
    CenterCrop,
}

/// How samples between pixels are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the field's own words")]
pub enum Filter {
    Nearest,
    Bilinear,
    Bicubic,
    Lanczos,
}

impl Channels {
    /// How many there are.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb | Self::Bgr => 3,
        }
    }
}

impl Input {
    /// The shape of the network's input: one image.
    #[must_use]
    pub fn shape(&self) -> [usize; 4] {
        let (width, height) = (self.width as usize, self.height as usize);
        match self.layout {
            Layout::Nchw => [1, self.channels.count(), height, width],
            Layout::Nhwc => [1, height, width, self.channels.count()],
        }
    }
}

fn one() -> f32 {
    1.0
}
