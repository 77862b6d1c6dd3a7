//! From the colours of a profile to sRGB. Whoever reads a rendition finds no profile in it and takes it for sRGB: wide
//! colours, as phones and cameras store them, would look pale.

use moxcms::{ColorProfile, DataColorSpace, Layout as Channels, TransformOptions};

use crate::raster::{Layout, Raster};

/// Most levels by which colours may change for a profile to count as sRGB: no two programs write it alike.
const TOLERANCE: u8 = 2;

/// Levels of a channel by which a profile is judged.
const PROBES: [u8; 6] = [0, 51, 102, 153, 204, 255];

/// The same picture in sRGB. It stays as it is if its profile is broken, not made for its channels, or sRGB.
pub(crate) fn to_srgb(raster: Raster, profile: &[u8]) -> Option<Raster> {
    match Conversion::new(raster.layout(), profile) {
        Some(conversion) => conversion.apply(raster),
        None => Some(raster),
    }
}

struct Conversion {
    profile: ColorProfile,
    srgb: ColorProfile,
}

impl Conversion {
    /// `None` where there is nothing to do or nothing that can be done.
    fn new(layout: Layout, profile: &[u8]) -> Option<Self> {
        let profile = ColorProfile::new_from_slice(profile).ok()?;
        let conversion = Self {
            profile,
            srgb: ColorProfile::new_srgb(),
        };
        let (before, after) = match layout.opaque() {
            Layout::Grey | Layout::GreyAlpha => {
                ((0..=255).collect(), conversion.levels()?.to_vec())
            }
            Layout::Rgb | Layout::Rgba => {
                let colours = probes();
                let converted = conversion.converted(&colours, Channels::Rgb, Channels::Rgb)?;
                (colours, converted)
            }
        };
        let pairs = before.iter().zip(&after);
        let differs = pairs.map(|(one, other)| one.abs_diff(*other)).max() > Some(TOLERANCE);
        differs.then_some(conversion)
    }

    fn apply(&self, mut raster: Raster) -> Option<Raster> {
        let (width, height, layout) = (raster.width(), raster.height(), raster.layout());
        let channels = match layout {
            Layout::Grey | Layout::GreyAlpha => {
                let levels = self.levels()?;
                for pixel in raster.samples_mut().chunks_exact_mut(layout.count()) {
                    pixel[0] = levels[usize::from(pixel[0])];
                }
                return Some(raster);
            }
            Layout::Rgb => Channels::Rgb,
            Layout::Rgba => Channels::Rgba,
        };
        let samples = self.converted(raster.samples(), channels, channels)?;
        Raster::new(width, height, layout, samples)
    }

    /// What each level of grey becomes. The file of a picture that is grey by now may have had colours.
    fn levels(&self) -> Option<[u8; 256]> {
        let (levels, channels) = match self.profile.color_space {
            DataColorSpace::Gray => ((0..=255).collect::<Vec<u8>>(), Channels::Gray),
            _ => (
                (0..=255).flat_map(|level| [level; 3]).collect(),
                Channels::Rgb,
            ),
        };
        let colours = self.converted(&levels, channels, Channels::Rgb)?;
        let (colours, _) = colours.as_chunks::<3>();
        let mut table = [0; 256];
        for (level, [_, green, _]) in table.iter_mut().zip(colours) {
            *level = *green;
        }
        Some(table)
    }

    fn converted(&self, samples: &[u8], from: Channels, to: Channels) -> Option<Vec<u8>> {
        // What moxcms would take as it is: four inks for RGB with alpha.
        let fits = match from {
            Channels::Gray => DataColorSpace::Gray,
            _ => DataColorSpace::Rgb,
        };
        if self.profile.color_space != fits {
            return None;
        }
        let options = TransformOptions::default();
        let transform = self
            .profile
            .create_transform_8bit(from, &self.srgb, to, options)
            .ok()?;
        let mut converted = vec![0; samples.len() / from.channels() * to.channels()];
        transform.transform(samples, &mut converted).ok()?;
        Some(converted)
    }
}

/// Colours from all over the cube.
fn probes() -> Vec<u8> {
    PROBES
        .into_iter()
        .flat_map(|red| PROBES.map(|green| (red, green)))
        .flat_map(|(red, green)| PROBES.map(|blue| [red, green, blue]))
        .flatten()
        .collect()
}
