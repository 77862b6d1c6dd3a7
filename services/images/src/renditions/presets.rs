//! Presets: recipes with a name.

use std::collections::BTreeMap;

use pupila_core::Fault as _;
use serde::Deserialize;

use super::{
    OutputFormat,
    names::{FITS, FLIPS, GRAVITIES, named},
    wish::{CropBox, Wish},
};
use crate::ImagesError;

/// `[images.presets]`: recipes by name, beside `thumbnail`, `preview` and `cover`, which may be replaced.
pub type PresetsConfig = BTreeMap<String, PresetConfig>;

/// `[images.presets.NAME]`: the fields and names of a rendition in the HTTP API. Whatever a caller says too wins over
/// the preset.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the fields are those of the HTTP API")]
pub struct PresetConfig {
    /// Left, top, width and height, as ratios.
    pub crop: Option<[f64; 4]>,
    pub rotate: Option<u32>,
    pub flip: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub fit: Option<String>,
    pub gravity: Option<String>,
    pub enlarge: Option<bool>,
    pub grayscale: Option<bool>,
    pub brightness: Option<f64>,
    pub contrast: Option<f64>,
    pub saturation: Option<f64>,
    pub blur: Option<f64>,
    pub sharpen: Option<f64>,
    pub background: Option<String>,
    pub format: Option<String>,
    pub quality: Option<u32>,
}

/// The presets that there are.
#[derive(Debug)]
pub(crate) struct Presets(BTreeMap<String, Wish>);

impl Presets {
    /// Those of the configuration, and ours where it does not replace them.
    ///
    /// # Errors
    /// Every fault, as `NAME.field: what is wrong`.
    pub(crate) fn new(config: &PresetsConfig) -> Result<Self, Vec<String>> {
        let mut presets = ours();
        let mut faults = Vec::new();
        for (name, preset) in config {
            match preset.wish() {
                Ok(wish) => drop(presets.insert(name.clone(), wish)),
                Err(found) => {
                    faults.extend(found.into_iter().map(|fault| format!("{name}.{fault}")));
                }
            }
        }
        match faults.as_slice() {
            [] => Ok(Self(presets)),
            _ => Err(faults),
        }
    }

    /// The wish, and what it does not say as in the preset of that name; an empty name stands for none.
    pub(super) fn complete(&self, name: &str, wish: &Wish) -> Result<Wish, ImagesError> {
        if name.is_empty() {
            return Ok(wish.clone());
        }
        let preset = self.0.get(name).ok_or_else(|| {
            let names: Vec<_> = self.0.keys().map(String::as_str).collect();
            ImagesError::field("preset", format!("must be one of {}", names.join(", ")))
        })?;
        Ok(wish.or(preset))
    }
}

/// For lists, for one image on a screen, and for the face of an album.
fn ours() -> BTreeMap<String, Wish> {
    use pupila_imaging::render::Fit;
    let preset = |width, height, fit| Wish {
        width: Some(width),
        height: Some(height),
        fit: Some(fit),
        ..Wish::default()
    };
    [
        ("thumbnail", preset(256, 256, Fit::Inside)),
        ("preview", preset(1024, 1024, Fit::Inside)),
        ("cover", preset(600, 400, Fit::Cover)),
    ]
    .map(|(name, wish)| (name.to_owned(), wish))
    .into()
}

impl PresetConfig {
    fn wish(&self) -> Result<Wish, Vec<String>> {
        let mut faults = Vec::new();
        let wish = Wish {
            crop: self.crop.map(|[left, top, width, height]| CropBox {
                left,
                top,
                width,
                height,
            }),
            rotate: self.rotate,
            flip: look_up(&FLIPS, "flip", &self.flip, &mut faults),
            width: self.width,
            height: self.height,
            fit: look_up(&FITS, "fit", &self.fit, &mut faults),
            gravity: look_up(&GRAVITIES, "gravity", &self.gravity, &mut faults),
            enlarge: self.enlarge,
            grayscale: self.grayscale,
            brightness: self.brightness,
            contrast: self.contrast,
            saturation: self.saturation,
            blur: self.blur,
            sharpen: self.sharpen,
            background: self.background.clone(),
            format: look_up(&OutputFormat::NAMES, "format", &self.format, &mut faults),
            quality: self.quality,
        };
        // In the format with the most to check.
        if let Err(error) = wish.recipe(wish.format.unwrap_or(OutputFormat::WebP)) {
            let found = error.violations().into_iter();
            faults.extend(found.map(|at| format!("{}: {}", at.field, at.description)));
        }
        match faults.as_slice() {
            [] => Ok(wish),
            _ => Err(faults),
        }
    }
}

fn look_up<T: Copy>(
    names: &[(&str, T)],
    field: &str,
    name: &Option<String>,
    faults: &mut Vec<String>,
) -> Option<T> {
    match named(names, name.as_deref()?) {
        Ok(value) => Some(value),
        Err(rule) => {
            faults.push(format!("{field}: {rule}"));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use pupila_imaging::render::Fit;

    use super::*;

    fn presets(text: &str) -> Result<Presets, Vec<String>> {
        Presets::new(&toml::from_str(text).expect("valid TOML"))
    }

    #[test]
    fn what_a_caller_says_wins_over_the_preset() {
        let presets = presets("[round]\nwidth = 96\nheight = 96\nfit = 'cover'").expect("sound");
        let wish = Wish {
            height: Some(48),
            ..Wish::default()
        };
        let complete = presets.complete("round", &wish).expect("known");
        assert_eq!((complete.width, complete.height), (Some(96), Some(48)));
        assert_eq!(complete.fit, Some(Fit::Cover));
        let thumbnail = presets.complete("thumbnail", &Wish::default());
        assert_eq!(thumbnail.expect("ours").width, Some(256));
        assert_eq!(presets.complete("", &wish).expect("none"), wish);
        let error = presets.complete("huge", &wish).expect_err("unknown");
        assert_eq!(error.violations()[0].field, "preset");
        assert!(
            error
                .to_string()
                .contains("cover, preview, round, thumbnail")
        );
    }

    #[test]
    fn ours_can_be_replaced() {
        let presets = presets("[thumbnail]\nwidth = 64").expect("sound");
        let complete = presets.complete("thumbnail", &Wish::default());
        assert_eq!(complete.expect("known").height, None);
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = presets(
            "[a]\nfit = 'huge'\nwidth = 0\n[b]\nrotate = 45\nquality = 300\nformat = 'avif'",
        );
        let faults = faults.expect_err("five faults");
        let fields: Vec<_> = faults
            .iter()
            .filter_map(|fault| fault.split(':').next())
            .collect();
        assert_eq!(
            fields,
            ["a.fit", "a.width", "b.format", "b.rotate", "b.quality"]
        );
        assert!(toml::from_str::<PresetsConfig>("[a]\nwdith = 1").is_err());
    }
}
