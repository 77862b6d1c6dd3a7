//! Grey, brightness, contrast, saturation.

use super::Recipe;
use crate::{
    luma,
    raster::{Layout, Raster},
};

/// The middle of all levels, where contrast changes nothing.
const MIDDLE: f64 = 127.5;

/// Weights of red, green and blue in the luma (ITU-R BT.601-2).
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// Brightness, contrast and saturation together, by the formulas of CSS (Filter Effects Module Level 1, 9.1 and 9.6)
/// with the luma of BT.601. Levels are cut to 0..255 at the end only, so that no step spoils what another one mends.
pub(crate) struct Tone {
    slope: f64,
    offset: f64,
    saturation: f64,
}

impl Tone {
    /// `None` where nothing changes.
    pub(crate) fn of(recipe: &Recipe) -> Option<Self> {
        let neutral = [recipe.brightness, recipe.contrast, recipe.saturation] == [1.0; 3];
        (!neutral).then_some(Self {
            slope: recipe.brightness * recipe.contrast,
            offset: MIDDLE * (1.0 - recipe.contrast),
            saturation: recipe.saturation,
        })
    }

    /// Applies it. Alpha stays.
    pub(crate) fn apply(&self, raster: &mut Raster) {
        let layout = raster.layout();
        let samples = raster.samples_mut();
        match layout {
            Layout::Grey => self.levels::<1, 1>(samples),
            Layout::GreyAlpha => self.levels::<2, 1>(samples),
            Layout::Rgb if self.saturation == 1.0 => self.levels::<3, 3>(samples),
            Layout::Rgba if self.saturation == 1.0 => self.levels::<4, 3>(samples),
            Layout::Rgb => self.colours::<3>(samples),
            Layout::Rgba => self.colours::<4>(samples),
        }
    }

    /// Each of the first `M` samples of `N` by itself.
    fn levels<const N: usize, const M: usize>(&self, samples: &mut [u8]) {
        let table: Vec<u8> = (0_u8..=255)
            .map(|level| (f64::from(level) * self.slope + self.offset).round() as u8)
            .collect();
        for pixel in samples.as_chunks_mut::<N>().0 {
            for sample in &mut pixel[..M] {
                *sample = table[usize::from(*sample)];
            }
        }
    }

    fn colours<const N: usize>(&self, samples: &mut [u8]) {
        let own = (self.slope * self.saturation) as f32;
        let shared = (self.slope * (1.0 - self.saturation)) as f32;
        // Half a level more, so that cutting rounds.
        let offset = self.offset as f32 + 0.5;
        for pixel in samples.as_chunks_mut::<N>().0 {
            let [red, green, blue] = [0, 1, 2].map(|channel| f32::from(pixel[channel]));
            let luma = red * LUMA[0] + green * LUMA[1] + blue * LUMA[2];
            let common = luma * shared + offset;
            pixel[0] = (red * own + common) as u8;
            pixel[1] = (green * own + common) as u8;
            pixel[2] = (blue * own + common) as u8;
        }
    }
}

/// Without colours; alpha stays.
pub(crate) fn grey(raster: Raster) -> Option<Raster> {
    let (width, height) = (raster.width(), raster.height());
    match raster.layout() {
        Layout::Grey | Layout::GreyAlpha => Some(raster),
        Layout::Rgb => {
            let (pixels, _) = raster.samples().as_chunks::<3>();
            let samples = pixels.iter().map(luma::luma).collect();
            Raster::new(width, height, Layout::Grey, samples)
        }
        Layout::Rgba => {
            let (pixels, _) = raster.samples().as_chunks::<4>();
            let samples = pixels
                .iter()
                .flat_map(|&[red, green, blue, alpha]| [luma::luma(&[red, green, blue]), alpha])
                .collect();
            Raster::new(width, height, Layout::GreyAlpha, samples)
        }
    }
}
