//! A line of letters.

use ab_glyph::{Font as _, FontRef, Glyph, GlyphId, PxScale, Rect, ScaleFont as _, point};
use pupila_core::is_unseen;
use unicode_normalization::UnicodeNormalization as _;

use crate::{edit::EditError, render::InvalidField};

/// DejaVu Sans Bold, cut to what `fonts/LICENSE` says beside its licence.
const FONT: &[u8] = include_bytes!("../../../fonts/DejaVuSans-Bold.ttf");

/// Height of the letters, from the lowest to the highest of the font, at which a line is measured. Fine enough that whole
/// pixels are.
const MEASURED: f32 = 1000.0;

/// Width of the outline as a ratio of that height.
const STROKE: f32 = 0.035;

/// How often the letters may fill the line's box, all of their own boxes together. Drawing takes as long as those are
/// large; letters beside each other fill it once, those with accents not twice.
const MOST_LAYERS: f32 = 4.0;

/// Letters in their places, not yet of any size.
pub(super) struct Line {
    font: FontRef<'static>,
    /// Each with its distance from the start of the line.
    glyphs: Vec<(GlyphId, f32)>,
    /// The box around the ink, outline included.
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

/// A drawn line: how far letters cover each pixel.
pub(super) struct Drawn {
    pub(super) letters: Vec<u8>,
    /// Width of the outline in pixels, at least one.
    pub(super) stroke: f64,
}

impl Line {
    /// Places the letters of a text.
    ///
    /// # Errors
    /// Nothing of it can be seen, or too many of its letters lie over one another.
    pub(super) fn new(text: &str) -> Result<Self, EditError> {
        let font = FontRef::try_from_slice(FONT).map_err(|_| EditError::NothingToWrite)?;
        let scaled = font.as_scaled(MEASURED);
        let mut glyphs = Vec::new();
        let mut place = 0.0;
        let mut last = None;
        // One letter with its accent has better a glyph of its own.
        for letter in text.nfc().filter(|letter| !is_unseen(*letter)) {
            let id = scaled.glyph_id(letter);
            place += last.map_or(0.0, |last| scaled.kern(last, id));
            // An accent takes no place: however often it is repeated, one covers all.
            if !glyphs.contains(&(id, place)) {
                glyphs.push((id, place));
            }
            place += scaled.h_advance(id);
            last = Some(id);
        }
        let boxes = glyphs.iter().filter_map(|(id, place)| {
            let glyph = at(*id, MEASURED, *place, 0.0);
            Some(font.outline_glyph(glyph)?.px_bounds())
        });
        let boxes = Vec::from_iter(boxes);
        let ink = boxes.iter().copied().reduce(around);
        let ink = ink.ok_or(EditError::NothingToWrite)?;
        if boxes.iter().map(area).sum::<f32>() > MOST_LAYERS * area(&ink) {
            return Err(EditError::Invalid(InvalidField {
                field: "text",
                description: "must not have so many letters over one another".to_owned(),
            }));
        }
        let stroke = STROKE * MEASURED;
        Ok(Self {
            glyphs,
            left: ink.min.x - stroke,
            top: ink.min.y - stroke,
            width: ink.width() + 2.0 * stroke,
            height: ink.height() + 2.0 * stroke,
            font,
        })
    }

    /// Width and height, of which only the ratio says something.
    pub(super) fn shape(&self) -> (f64, f64) {
        (self.width.into(), self.height.into())
    }

    /// How high letters are, from the lowest to the highest of the font, where the line's [`shape`](Self::shape) has that
    /// scale.
    pub(super) fn letters(scale: f64) -> f64 {
        f64::from(MEASURED) * scale
    }

    /// The line, filling that size.
    pub(super) fn draw(&self, (width, height): (u32, u32)) -> Drawn {
        let ratio = (width as f32 / self.width).min(height as f32 / self.height);
        let scale = MEASURED * ratio;
        let mut letters = vec![0; width as usize * height as usize];
        for (id, place) in &self.glyphs {
            let glyph = at(*id, scale, (place - self.left) * ratio, -self.top * ratio);
            let Some(outlined) = self.font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outlined.px_bounds().min;
            outlined.draw(|x, y, coverage| {
                let (x, y) = (corner.x + x as f32, corner.y + y as f32);
                if x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32 {
                    let pixel = &mut letters[y as usize * width as usize + x as usize];
                    *pixel = (*pixel).max((coverage * 255.0).round() as u8);
                }
            });
        }
        Drawn {
            letters,
            stroke: f64::from(STROKE * scale).max(1.0),
        }
    }
}

/// The box around two others.
fn around(one: Rect, other: Rect) -> Rect {
    Rect {
        min: point(one.min.x.min(other.min.x), one.min.y.min(other.min.y)),
        max: point(one.max.x.max(other.max.x), one.max.y.max(other.max.y)),
    }
}

fn area(rect: &Rect) -> f32 {
    rect.width() * rect.height()
}

fn at(id: GlyphId, scale: f32, x: f32, y: f32) -> Glyph {
    id.with_scale_and_position(PxScale::from(scale), point(x, y))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many glyphs are drawn.
    fn drawn(text: &str) -> Result<usize, EditError> {
        Line::new(text).map(|line| line.glyphs.len())
    }

    #[test]
    fn what_lies_at_one_place_is_drawn_once() {
        assert_eq!(drawn("Ana"), Ok(3));
        assert_eq!(drawn("aaa"), Ok(3));
        assert_eq!(drawn(&"\u{301}".repeat(200)), Ok(1));
        assert_eq!(drawn(&"\u{301}\u{302}".repeat(100)), Ok(2));
    }

    #[test]
    fn letters_fill_their_line_a_few_times_at_most() {
        let accents = "\u{300}\u{301}\u{302}\u{303}\u{304}\u{306}\u{308}\u{30B}\u{30C}";
        assert!(matches!(drawn(accents), Err(EditError::Invalid(_))));
        for text in ["Ǻ̧̂̃", "ÁÉÍÓÚ ñandú", "WAVE", "....", "x̂ ŷ z̃", "Tiếng Việt"]
        {
            drawn(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        }
    }
}
