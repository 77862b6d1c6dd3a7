//! The figures, and whether they are what they should be.

use std::fmt;

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

impl Target {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(least) => write!(f, "at least {least}"),
            Self::AtMost(most) => write!(f, "at most {most}"),
        }
    }
}

/// A table of figures, in the order in which they came.
pub(crate) struct Report(Table);

impl Report {
    pub(crate) fn new() -> Self {
        let mut table = Table::new();
        table
            .load_style(UTF8_FULL_CONDENSED)
            .set_header(["figure", "measured", "target", "met"]);
        Self(table)
    }

    /// A figure without a target.
    pub(crate) fn told(&mut self, what: &str, text: String) {
        self.0.add_row([what, &text, "", ""]);
    }

    /// A figure, as text, and the value in it that the target is about.
    pub(crate) fn judged(&mut self, what: &str, text: String, value: f64, target: Target) {
        let met = if target.is_met(value) { "yes" } else { "NO" };
        self.0.add_row([what, &text, &target.to_string(), met]);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
