//! A photograph of 12 megapixels, made up, the same every time: noise of all sizes, the coarser the stronger, as real
//! pictures have it. There is as much detail in it as in what a phone takes.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use pupila_imaging::{
    Channels, Filter, Fit, Limits, Picture,
    render::{Encoding, Recipe, render},
    resize,
};

use crate::Failure;

const WIDTH: u32 = 4000;
const HEIGHT: u32 = 3000;
/// The coarsest noise has grains of so many powers of two of pixels.
const OCTAVES: u32 = 11;
/// Levels by which the finest noise of brightness goes up and down, and by how much more each coarser one does.
const FINEST: f32 = 9.0;
const GROWTH: f32 = 1.3;
/// Colours change with grains of 16 pixels and coarser ones only, and less.
const FIRST_COLOUR: u32 = 4;
const COLOURS: f32 = 0.4;
/// A quality at which colours have half the resolution, as cameras write them.
const QUALITY: u8 = 88;

/// The JPEG file.
pub(crate) fn jpeg() -> Result<Vec<u8>, Failure> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let brightness = noise(&mut random, 0, FINEST)?;
    let red = noise(&mut random, FIRST_COLOUR, FINEST * COLOURS)?;
    let blue = noise(&mut random, FIRST_COLOUR, FINEST * COLOURS)?;
    let pixels = brightness.iter().zip(&red).zip(&blue);
    let samples = pixels.flat_map(|((level, red), blue)| {
        let level = 128.0 + level;
        [level + red, level - (red + blue) / 2.0, level + blue].map(|level| level as u8)
    });
    let image = RgbImage::from_vec(WIDTH, HEIGHT, samples.collect()).ok_or("not full")?;
    let mut bitmap = Cursor::new(Vec::new());
    image.write_to(&mut bitmap, ImageFormat::Bmp)?;
    let recipe = Recipe {
        encoding: Encoding::Jpeg { quality: QUALITY },
        ..Recipe::default()
    };
    let limits = Limits {
        max_bytes: u64::MAX,
        ..Limits::default()
    };
    Ok(render(bitmap.get_ref(), &recipe, &limits)?.bytes)
}

/// Noise around zero, with grains of `2^first` pixels and coarser ones.
fn noise(random: &mut Random, first: u32, finest: f32) -> Result<Vec<f32>, Failure> {
    let mut sum = vec![0.0; WIDTH as usize * HEIGHT as usize];
    for octave in first..OCTAVES {
        let (width, height) = ((WIDTH >> octave) + 2, (HEIGHT >> octave) + 2);
        let grains = random.bytes(width as usize * height as usize);
        let grains = Picture::new(width, height, Channels::Luma, grains).ok_or("not full")?;
        let smooth = resize(grains, WIDTH, HEIGHT, Fit::Stretch, Filter::Bicubic)?;
        let strength = finest * GROWTH.powi(octave as i32) / 128.0;
        for (sum, level) in sum.iter_mut().zip(smooth.samples()) {
            *sum += (f32::from(*level) - 127.5) * strength;
        }
    }
    Ok(sum)
}

/// Marsaglia's xorshift64: good enough for noise, and the same everywhere.
struct Random(u64);

impl Random {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut next = || {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0.to_be_bytes()[0]
        };
        (0..count).map(|_| next()).collect()
    }
}
