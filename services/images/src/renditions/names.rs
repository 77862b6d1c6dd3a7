//! What recipes are called in a configuration: the names of the HTTP API.

use pupila_imaging::render::{Fit, Flip, Gravity};

pub(super) const FLIPS: [(&str, Flip); 4] = [
    ("none", Flip::None),
    ("horizontal", Flip::Horizontal),
    ("vertical", Flip::Vertical),
    ("both", Flip::Both),
];

pub(super) const FITS: [(&str, Fit); 4] = [
    ("fit", Fit::Inside),
    ("cover", Fit::Cover),
    ("contain", Fit::Contain),
    ("exact", Fit::Exact),
];

pub(super) const GRAVITIES: [(&str, Gravity); 9] = [
    ("center", Gravity::Center),
    ("north", Gravity::North),
    ("north-east", Gravity::NorthEast),
    ("east", Gravity::East),
    ("south-east", Gravity::SouthEast),
    ("south", Gravity::South),
    ("south-west", Gravity::SouthWest),
    ("west", Gravity::West),
    ("north-west", Gravity::NorthWest),
];

/// What a name stands for.
///
/// # Errors
/// Which names there are.
pub(super) fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Result<T, String> {
    let found = names.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
        format!("must be one of {}", names.join(", "))
    })
}
