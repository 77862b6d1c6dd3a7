//! Several measurements of one thing.

use std::fmt;

/// The middle of several measurements, and how far they lie apart.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    min: f64,
    max: f64,
}

impl Spread {
    /// Of an even number the upper one of the two in the middle; zeroes of none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        match values.as_slice() {
            [] => Self::default(),
            [min, .., max] => Self {
                median: values[values.len() / 2],
                min: *min,
                max: *max,
            },
            [only] => Self {
                median: *only,
                min: *only,
                max: *only,
            },
        }
    }
}

/// As `0.75 (0.71 to 0.78)`, with the digits that are asked for.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = f.precision().unwrap_or(1);
        let Self { median, min, max } = self;
        write!(f, "{median:.digits$} ({min:.digits$} to {max:.digits$})")
    }
}
