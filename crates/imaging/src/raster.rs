//! Pixels on their way from a file to a picture or to another file.

/// What the samples of one pixel mean. Colours are not multiplied by their alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
}

impl Layout {
    /// Samples, and so bytes, of one pixel.
    pub(crate) const fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    pub(crate) const fn has_alpha(self) -> bool {
        matches!(self, Self::GreyAlpha | Self::Rgba)
    }

    /// The same colours, and nothing about how far they cover.
    pub(crate) const fn opaque(self) -> Self {
        match self {
            Self::Grey | Self::GreyAlpha => Self::Grey,
            Self::Rgb | Self::Rgba => Self::Rgb,
        }
    }
}

/// Samples of 8 bits: rows from the top, pixels from the left, channels interleaved.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    width: u32,
    height: u32,
    layout: Layout,
    samples: Vec<u8>,
}

impl Raster {
    /// `None` unless there are `width * height * layout.count()` samples, and at least one.
    pub(crate) fn new(width: u32, height: u32, layout: Layout, samples: Vec<u8>) -> Option<Self> {
        let expected = (width as usize)
            .checked_mul(height as usize)?
            .checked_mul(layout.count())?;
        (expected > 0 && samples.len() == expected).then_some(Self {
            width,
            height,
            layout,
            samples,
        })
    }

    pub(crate) fn width(&self) -> u32 {
        self.width
    }

    pub(crate) fn height(&self) -> u32 {
        self.height
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    pub(crate) fn samples(&self) -> &[u8] {
        &self.samples
    }

    pub(crate) fn samples_mut(&mut self) -> &mut [u8] {
        &mut self.samples
    }

    pub(crate) fn into_samples(self) -> Vec<u8> {
        self.samples
    }

    /// Without alpha, whatever it hid comes to light. In place: a second copy of a large picture is too dear.
    pub(crate) fn without_alpha(mut self) -> Self {
        match self.layout {
            Layout::Grey | Layout::Rgb => return self,
            Layout::GreyAlpha => keep_first::<2, 1>(&mut self.samples),
            Layout::Rgba => keep_first::<4, 3>(&mut self.samples),
        }
        self.layout = self.layout.opaque();
        self
    }
}

/// The first `M` samples of every `N`.
fn keep_first<const N: usize, const M: usize>(samples: &mut Vec<u8>) {
    let pixels = samples.len() / N;
    for pixel in 0..pixels {
        samples.copy_within(pixel * N..pixel * N + M, pixel * M);
    }
    samples.truncate(pixels * M);
}

// By hand: megabytes of samples help nobody.
impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Raster({}x{} {:?})",
            self.width, self.height, self.layout
        )
    }
}
