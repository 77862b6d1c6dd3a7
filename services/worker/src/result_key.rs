//! By which results are stored once, however often a task runs.

use std::fmt;

/// The idempotency key of what a task stores: a repeated attempt finds by it what an earlier one made. It is of one owner and
/// never of two results. Its text never changes, or what began before an update would be stored again after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResultKey<'a> {
    /// The image that an entry of a ZIP is: the job that it is unpacked for, and the entry's position. Each attempt may be a
    /// task of its own.
    Entry { job: &'a str, position: u32 },
    /// The image or the prediction that a step made: the task, which is over one image, and the step's place among the job's.
    Step { task: &'a str, step: u32 },
}

impl fmt::Display for ResultKey<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry { job, position } => write!(out, "job:{job}:{position}"),
            Self::Step { task, step } => write!(out, "task:{task}:{step}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use pupila_core::IdempotencyKey;

    use super::*;

    #[test]
    fn each_result_has_a_key_of_its_own_for_ever() {
        let id = "018f0000-0000-7000-8000-000000000001";
        let entry = ResultKey::Entry {
            job: id,
            position: 7,
        };
        let step = ResultKey::Step { task: id, step: 7 };
        for (key, text) in [
            (entry, "job:018f0000-0000-7000-8000-000000000001:7"),
            (step, "task:018f0000-0000-7000-8000-000000000001:7"),
        ] {
            let key = key.to_string();
            assert_eq!(key, text);
            assert_eq!(key.parse().as_ref().map(IdempotencyKey::as_str), Ok(text));
        }
    }
}
