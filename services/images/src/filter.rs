//! Which images are meant.

use jiff::Timestamp;
use pupila_imaging::Format;

use crate::{ImagesError, text, violations::Violations};

/// Most characters of a search.
const SEARCH: usize = 100;

/// Which images are meant. All that is set must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct ImageFilter {
    /// Words that the name or the description contain, whatever their case.
    pub(crate) text: Option<String>,
    pub(crate) format: Option<Format>,
    /// Stored at this time or later.
    pub(crate) from_time: Option<Timestamp>,
    /// Stored before this time.
    pub(crate) until_time: Option<Timestamp>,
}

impl ImageFilter {
    /// Refuses what no image can pass, because it is more likely a mistake than a question.
    pub(crate) fn check(&self) -> Result<(), ImagesError> {
        let mut violations = Violations::default();
        if let Some(text) = &self.text {
            let holds = !text.trim().is_empty() && text::fits(text, SEARCH);
            violations.require(holds, "filter/text", || {
                format!("must have from 1 to {SEARCH} characters, and a word among them")
            });
        }
        let ordered =
            !matches!((self.from_time, self.until_time), (Some(from), Some(until)) if until < from);
        violations.require(ordered, "filter/until_time", || {
            "must not be before from_time".to_owned()
        });
        violations.finish()
    }

    /// The words of the text, in lower case.
    pub(crate) fn words(&self) -> Vec<String> {
        let text = text::folded(self.text.as_deref().unwrap_or_default());
        text.split_whitespace().map(str::to_owned).collect()
    }
}
