//! A line of letters.

use ab_glyph::{Font as _, FontRef, Glyph, GlyphId, PxScale, ScaleFont as _, point};
use unicode_normalization::UnicodeNormalization as _;

/// DejaVu Sans Bold, cut to what `fonts/LICENSE` says beside its licence.
const FONT: &[u8] = include_bytes!("../../../fonts/DejaVuSans-Bold.ttf");

/// Height of the letters, from the lowest to the highest of the font, at which a line is measured. Fine enough that whole
/// pixels are.
const MEASURED: f32 = 1000.0;

/// Width of the outline as a ratio of that height.
const STROKE: f32 = 0.035;

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
    /// `None` where nothing of the text can be seen.
    pub(super) fn new(text: &str) -> Option<Self> {
        let font = FontRef::try_from_slice(FONT).ok()?;
        let scaled = font.as_scaled(MEASURED);
        let mut glyphs = Vec::new();
        let mut place = 0.0;
        let mut last = None;
        // One letter with its accent has better a glyph of its own.
        for letter in text.nfc().filter(|letter| !is_unseen(*letter)) {
            let id = scaled.glyph_id(letter);
            place += last.map_or(0.0, |last| scaled.kern(last, id));
            glyphs.push((id, place));
            place += scaled.h_advance(id);
            last = Some(id);
        }
        let inked = glyphs.iter().filter_map(|(id, place)| {
            let glyph = at(*id, MEASURED, *place, 0.0);
            Some(font.outline_glyph(glyph)?.px_bounds())
        });
        let ink = inked.reduce(|mut ink, next| {
            ink.min = point(ink.min.x.min(next.min.x), ink.min.y.min(next.min.y));
            ink.max = point(ink.max.x.max(next.max.x), ink.max.y.max(next.max.y));
            ink
        })?;
        let stroke = STROKE * MEASURED;
        Some(Self {
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

fn at(id: GlyphId, scale: f32, x: f32, y: f32) -> Glyph {
    id.with_scale_and_position(PxScale::from(scale), point(x, y))
}

/// Control characters, and those that say how others are shown and are not seen themselves (Unicode's
/// `Default_Ignorable_Code_Point`, those that occur in texts).
fn is_unseen(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}')
}
