//! What there is to tell of a job that ended.

use std::{fmt::Write as _, time::Duration};

use jiff::Timestamp;
use pupila_core::{JobId, is_shaping, is_unseen};
use pupila_proto::{
    accounts::v1::{JobEnded, JobFailure},
    history::v1::{Failure, ItemCounts, Job, JobState},
};

/// Most characters of a job's name that a message shows.
const NAME: usize = 100;

/// What there is to tell of a job that ended.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Notice {
    /// The job.
    pub(crate) job: JobId,
    /// What its owner calls it, as it was written; may be empty. [`title`](Self::title) is what a message shows.
    pub(crate) name: String,
    /// How it ended.
    pub(crate) ending: Ending,
    /// Images that succeeded.
    pub(crate) succeeded: u64,
    /// Images that failed, and those that never came out of a ZIP that broke.
    pub(crate) failed: u64,
    /// Images that were called off.
    pub(crate) cancelled: u64,
    /// All images.
    pub(crate) total: u64,
    /// Why it failed as a whole, such as a ZIP that cannot be read; `None` otherwise.
    pub(crate) failure: Option<Failure>,
    /// When it was asked for.
    pub(crate) create_time: Timestamp,
    /// When a worker first took some of it; `None` where none did.
    pub(crate) start_time: Option<Timestamp>,
    /// When it ended.
    pub(crate) end_time: Timestamp,
    /// Grows with every change of the job.
    revision: i64,
}

/// How a job ended. Whoever calls one off need not be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// At least one image succeeded.
    Ready,
    /// None did.
    Error,
}

/// How an image ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemEnding {
    /// Its steps are done.
    Ready,
    /// They could not be done.
    Error,
    /// It was called off.
    Cancelled,
}

impl Ending {
    /// Its name in the API, such as `SUCCEEDED`.
    pub(crate) const fn state(self) -> &'static str {
        match self {
            Self::Ready => "SUCCEEDED",
            Self::Error => "FAILED",
        }
    }
}

impl Notice {
    /// What there is to tell; `None` of a job that has not ended, or was called off: somebody asked for what failed again, and
    /// will be told at its new end, or does not want to know.
    pub(crate) fn of(job: &Job) -> Option<Self> {
        let ending = match job.state() {
            JobState::Succeeded => Ending::Ready,
            JobState::Failed => Ending::Error,
            JobState::Unspecified | JobState::Queued | JobState::Running | JobState::Cancelled => {
                return None;
            }
        };
        let counts = job.counts.unwrap_or_default();
        let ItemCounts {
            succeeded,
            failed,
            cancelled,
            total,
            ..
        } = counts;
        Some(Self {
            job: job.id.parse().ok()?,
            name: job.name.clone(),
            ending,
            succeeded,
            failed: match job.failure {
                Some(_) => total.saturating_sub(succeeded + cancelled),
                None => failed,
            },
            cancelled,
            total,
            failure: job.failure.clone(),
            create_time: time(job.create_time)?,
            start_time: time(job.start_time),
            end_time: time(job.end_time)?,
            revision: job.revision,
        })
    }

    /// What a message calls the job; may be empty.
    pub(crate) fn title(&self) -> String {
        one_line(&self.name)
    }

    /// How many images ended how.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (ItemEnding, u64)> {
        [
            (ItemEnding::Ready, self.succeeded),
            (ItemEnding::Error, self.failed),
            (ItemEnding::Cancelled, self.cancelled),
        ]
        .into_iter()
    }

    /// How long it took from the request to the end.
    pub(crate) fn took(&self) -> Duration {
        let took = self.end_time.duration_since(self.create_time);
        Duration::try_from(took).unwrap_or_default()
    }

    /// Stands for this end of the job: after another attempt there is another.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.job, self.revision)
    }

    /// As accounts is told.
    pub(crate) fn event(&self) -> JobEnded {
        JobEnded {
            job_id: self.job.to_string(),
            name: self.name.clone(),
            state: self.ending.state().to_owned(),
            succeeded: self.succeeded,
            failed: self.failed,
            total: self.total,
            seconds: self.took().as_secs(),
            failure: self.failure.as_ref().map(|failure| JobFailure {
                reason: failure.reason.clone(),
                detail: failure.detail.clone(),
            }),
        }
    }
}

fn time(time: Option<prost_types::Timestamp>) -> Option<Timestamp> {
    let time = time?;
    Timestamp::new(time.seconds, time.nanos).ok()
}

/// A text that somebody wrote, so that it can do no harm in a line of a message: without what breaks lines, turns the
/// direction of what follows or is not seen, and not too long. What shapes the letters beside it stays.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(4 * NAME));
    for word in text.split(|character: char| character.is_whitespace() || character.is_control()) {
        let word: String = word
            .chars()
            .filter(|&c| !is_unseen(c) || is_shaping(c))
            .collect();
        if !word.chars().all(is_unseen) {
            let gap = if line.is_empty() { "" } else { " " };
            // Writing to a String does not fail.
            let _ = write!(line, "{gap}{word}");
        }
    }
    match line.char_indices().nth(NAME) {
        None => line,
        Some((end, _)) => {
            let is_nothing = |c: char| c.is_whitespace() || is_unseen(c);
            format!("{}…", line[..end].trim_end_matches(is_nothing))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_becomes_one_harmless_line() {
        assert_eq!(
            one_line("May\r\nBcc: eve@example.org\u{0}\u{202E}gpj.exe\u{2028}x"),
            "May Bcc: eve@example.org gpj.exe x"
        );
        assert_eq!(one_line(" \u{85}\t\n"), "");
        let long = one_line(&"ñ".repeat(300));
        assert_eq!(long.chars().count(), 101);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn words_are_spelt_as_they_were_written() {
        for name in ["می\u{200C}خواهم", "👩\u{200D}⚕\u{FE0F}"] {
            assert_eq!(one_line(name), name);
        }
        assert_eq!(one_line("\u{200D}\u{FE0F} \u{200C}"), "");
    }

    #[test]
    fn programs_get_the_name_as_it_is() {
        let mut job = Job {
            id: "018f0000-0000-7000-8000-000000000001".to_owned(),
            name: "ñ\u{202E}".repeat(100),
            create_time: Some(prost_types::Timestamp::default()),
            end_time: Some(prost_types::Timestamp::default()),
            ..Job::default()
        };
        job.set_state(JobState::Succeeded);
        let notice = Notice::of(&job).expect("it ended");
        assert_eq!(notice.name, job.name);
        assert_eq!(notice.event().name, job.name);
        assert_eq!(notice.title(), "ñ".repeat(100));
    }

    #[test]
    fn a_job_that_goes_on_or_was_called_off_is_nothing_to_tell() {
        let mut job = Job {
            id: "018f0000-0000-7000-8000-000000000001".to_owned(),
            create_time: Some(prost_types::Timestamp::default()),
            end_time: Some(prost_types::Timestamp {
                seconds: 90,
                nanos: 0,
            }),
            ..Job::default()
        };
        job.set_state(JobState::Running);
        assert_eq!(Notice::of(&job), None);
        job.set_state(JobState::Cancelled);
        assert_eq!(Notice::of(&job), None);
        job.set_state(JobState::Failed);
        job.revision = 7;
        let notice = Notice::of(&job).expect("it ended");
        assert_eq!(notice.took().as_secs(), 90);
        assert_eq!(notice.key(), "018f0000-0000-7000-8000-000000000001:7");
        assert_eq!(notice.event().state, "FAILED");
    }
}
