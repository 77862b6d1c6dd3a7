//! A recipe as a key.

use super::{Crop, Encoding, Recipe, Sharpen};

/// Grows whenever the same recipe comes to yield other pixels, so that what was cached before is not found any more.
pub const VERSION: u32 = 2;

impl Recipe {
    /// A text that is the same for equal recipes, and another one for all others: one line of ASCII without blanks.
    /// It begins with [`VERSION`].
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // All fields by their names: a new one cannot be forgotten.
        let Self {
            crop,
            gravity,
            rotate,
            flip,
            width,
            height,
            fit,
            enlarge,
            grayscale,
            brightness,
            contrast,
            saturation,
            blur,
            sharpen: Sharpen { amount, sigma },
            background,
            encoding,
        } = *self;
        let crop = match crop {
            None => "none".to_owned(),
            Some(Crop::Box {
                left,
                top,
                width,
                height,
            }) => format!(
                "box:{}:{}:{}:{}",
                number(left),
                number(top),
                number(width),
                number(height)
            ),
            Some(Crop::Aspect { width, height }) => format!("aspect:{width}:{height}"),
            Some(Crop::Size { width, height }) => format!("size:{width}:{height}"),
        };
        let encoding = match encoding {
            Encoding::Jpeg { quality } => format!("jpeg:{quality}"),
            Encoding::Png => "png".to_owned(),
            Encoding::WebP { quality } => format!("webp:{quality}"),
        };
        let (width, height) = (width.unwrap_or(0), height.unwrap_or(0));
        let (brightness, contrast) = (number(brightness), number(contrast));
        let (saturation, blur) = (number(saturation), number(blur));
        let (amount, sigma) = (number(amount), number(sigma));
        let rotate = rotate.degrees();
        format!(
            "v{VERSION};crop={crop};gravity={gravity:?};rotate={rotate};flip={flip:?};size={width}x{height};fit={fit:?};\
             enlarge={enlarge};grayscale={grayscale};brightness={brightness};contrast={contrast};\
             saturation={saturation};blur={blur};sharpen={amount}:{sigma};background={background};{encoding}"
        )
    }
}

/// Equal numbers have one text: minus zero equals zero, but is written otherwise.
fn number(value: f64) -> f64 {
    value + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_stable() {
        let recipe = Recipe {
            crop: Some(Crop::Box {
                left: 0.1,
                top: -0.0,
                width: 0.25,
                height: 1.0,
            }),
            width: Some(256),
            ..Recipe::default()
        };
        assert_eq!(
            recipe.fingerprint(),
            "v2;crop=box:0.1:0:0.25:1;gravity=Center;rotate=0;flip=None;size=256x0;fit=Inside;enlarge=false;\
             grayscale=false;brightness=1;contrast=1;saturation=1;blur=0;sharpen=0:1;background=ffffff;jpeg:80"
        );
    }

    #[test]
    fn equal_recipes_have_one_text() {
        let one = Recipe {
            blur: 0.0,
            ..Recipe::default()
        };
        let other = Recipe {
            blur: -0.0,
            ..Recipe::default()
        };
        assert_eq!(one, other);
        assert_eq!(one.fingerprint(), other.fingerprint());
    }
}
