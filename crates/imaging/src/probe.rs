//! What a file holds, without a look at its pixels, and whether they are all there.

use crate::{
    Format, ImageError, Limits,
    decode::{Detail, Source},
};

/// What the header of a picture tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// The format of the file.
    pub format: Format,
    /// Pixels from left to right, once it is upright.
    pub width: u32,
    /// Pixels from top to bottom, once it is upright.
    pub height: u32,
    /// How it is stored: the EXIF orientation, 1 to 8. 1 is upright, and stands for none or a broken one.
    pub orientation: u8,
    /// Whether its pixels have an alpha channel, which says how far they cover what is behind them. A GIF always has one.
    pub transparent: bool,
}

/// Reads the header alone, in microseconds.
///
/// # Errors
/// Any [`ImageError`], as [`decode`](crate::decode()) has them; what the pixels hide stays hidden.
pub fn probe(bytes: &[u8], limits: &Limits) -> Result<Probe, ImageError> {
    Source::open(bytes, limits).map(|source| Probe::of(&source))
}

/// Proves that the whole first picture can be decoded, as cheaply as that can be known: of a JPEG all data are read,
/// but one pixel in 64 is computed.
///
/// # Errors
/// Any [`ImageError`]; what [`decode`](crate::decode()) refuses is refused.
pub fn verify(bytes: &[u8], limits: &Limits) -> Result<Probe, ImageError> {
    let source = Source::open(bytes, limits)?;
    let probe = Probe::of(&source);
    let least = Detail {
        reduction: source.reduction(0.0),
        colours: false,
    };
    source.decode(least)?;
    Ok(probe)
}

impl Probe {
    fn of(source: &Source<'_>) -> Self {
        let (width, height) = source.turn().size(source.size());
        Self {
            format: source.format(),
            width,
            height,
            orientation: source.orientation().to_exif(),
            transparent: source.has_alpha(),
        }
    }
}
