//! Decoded pictures.

/// What the samples of a [`Picture`] mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// One sample a pixel: how bright it is.
    Luma,
    /// Three samples a pixel: red, green, blue.
    Rgb,
}

impl Channels {
    /// Samples, and so bytes, of one pixel.
    #[must_use]
    pub const fn count(self) -> usize {
        match self {
            Self::Luma => 1,
            Self::Rgb => 3,
        }
    }
}

/// An upright picture of 8-bit samples: rows from the top, pixels from the left, channels interleaved.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u32,
    height: u32,
    channels: Channels,
    samples: Vec<u8>,
}

impl Picture {
    /// A picture of `samples`; `None` unless there are `width * height * channels` of them, and at least one.
    #[must_use]
    pub fn new(width: u32, height: u32, channels: Channels, samples: Vec<u8>) -> Option<Self> {
        let expected = (width as usize)
            .checked_mul(height as usize)?
            .checked_mul(channels.count())?;
        (expected > 0 && samples.len() == expected).then_some(Self {
            width,
            height,
            channels,
            samples,
        })
    }

    /// Pixels from left to right; at least 1.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels from top to bottom; at least 1.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// What the samples mean.
    #[must_use]
    pub fn channels(&self) -> Channels {
        self.channels
    }

    /// All samples: `height` rows of `width` pixels of [`Channels::count`] bytes.
    #[must_use]
    pub fn samples(&self) -> &[u8] {
        &self.samples
    }
}

// By hand: megabytes of samples help nobody.
impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Picture({}x{} {:?})",
            self.width, self.height, self.channels
        )
    }
}
