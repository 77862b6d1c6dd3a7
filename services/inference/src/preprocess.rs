//! From a picture to the network's input.

use pupila_imaging::{self as imaging, Fit, Picture, ResizeError};

use crate::card::{Channels, Filter, Input, Layout, Resize};

/// Brings pictures to one network's input. Every sample is a byte, so the arithmetic is done once for
/// each of the 256 values of a channel.
#[derive(Debug)]
pub(crate) struct Preprocessor {
    width: u32,
    height: u32,
    fit: Fit,
    filter: imaging::Filter,
    channels: Channels,
    layout: Layout,
    /// The value of each level, by channel in the network's order.
    tables: Vec<[f32; 256]>,
}

impl Preprocessor {
    pub(crate) fn new(input: &Input) -> Self {
        let fit = match input.resize {
            Resize::Stretch => Fit::Stretch,
            Resize::Letterbox => Fit::Letterbox {
                pad: input.pad.unwrap_or(0),
            },
            Resize::CenterCrop => Fit::CenterCrop {
                shorter_side: input.resize_shorter_side,
            },
        };
        let filter = match input.filter {
            Filter::Nearest => imaging::Filter::Nearest,
            Filter::Bilinear => imaging::Filter::Bilinear,
            Filter::Bicubic => imaging::Filter::Bicubic,
            Filter::Lanczos => imaging::Filter::Lanczos,
        };
        Self {
            width: input.width,
            height: input.height,
            fit,
            filter,
            channels: input.channels,
            layout: input.layout,
            tables: tables(input),
        }
    }

    /// The input for one picture, in the order of [`Input::shape`].
    pub(crate) fn prepare(&self, picture: Picture) -> Result<Vec<f32>, ResizeError> {
        // Grey first: resizing one channel is a third of the work, and training did it in this order.
        let picture = match self.channels {
            Channels::Gray => imaging::to_luma(picture),
            Channels::Rgb | Channels::Bgr => picture,
        };
        let picture = imaging::resize(picture, self.width, self.height, self.fit, self.filter)?;
        Ok(match self.layout {
            Layout::Nchw => self.planes(&picture),
            Layout::Nhwc => self.pixels(&picture),
        })
    }

    fn planes(&self, picture: &Picture) -> Vec<f32> {
        let mut input = Vec::with_capacity(self.tables.len() * self.area());
        for (channel, table) in self.tables.iter().enumerate() {
            let samples = picture.samples()[self.offset(channel, picture)..].iter();
            let step = picture.channels().count();
            input.extend(
                samples
                    .step_by(step)
                    .map(|sample| table[usize::from(*sample)]),
            );
        }
        input
    }

    fn pixels(&self, picture: &Picture) -> Vec<f32> {
        let mut input = Vec::with_capacity(self.tables.len() * self.area());
        for pixel in picture.samples().chunks_exact(picture.channels().count()) {
            let values = self.tables.iter().enumerate();
            input.extend(
                values.map(|(channel, table)| {
                    table[usize::from(pixel[self.offset(channel, picture)])]
                }),
            );
        }
        input
    }

    /// Where in a pixel of the picture the network's channel is found.
    fn offset(&self, channel: usize, picture: &Picture) -> usize {
        match (picture.channels(), self.channels) {
            (imaging::Channels::Luma, _) => 0,
            (imaging::Channels::Rgb, Channels::Bgr) => 2 - channel,
            (imaging::Channels::Rgb, _) => channel,
        }
    }

    fn area(&self) -> usize {
        self.width as usize * self.height as usize
    }
}

fn tables(input: &Input) -> Vec<[f32; 256]> {
    let table = |channel: usize| {
        let mean = input.mean.get(channel).copied().unwrap_or(0.0);
        let std = input.std.get(channel).copied().unwrap_or(1.0);
        std::array::from_fn(|level| {
            let level = level as f32;
            (level * input.scale - mean) / std
        })
    };
    (0..input.channels.count()).map(table).collect()
}
