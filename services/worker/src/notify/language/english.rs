//! English.

use super::{Ending, ItemEnding, Notice, Words};

pub(super) const WORDS: Words = Words {
    code: "en",
    ready: "ready",
    error: "error",
    images: "images",
    image: "image",
    took: "time taken",
    labels: "What was found",
    failures: "What went wrong",
    see_job: "See the job",
    why: "You get this e-mail because you asked to be told when your jobs end.",
    unsubscribe: "Stop these e-mails",
};

pub(super) const fn counted(ending: ItemEnding) -> &'static str {
    match ending {
        ItemEnding::Ready => "ready",
        ItemEnding::Error => "failed",
        ItemEnding::Cancelled => "cancelled",
    }
}

pub(super) fn headline(notice: &Notice) -> String {
    let title = notice.title();
    let job = if title.is_empty() {
        "Your job".to_owned()
    } else {
        format!("“{title}”")
    };
    match (notice.ending, notice.failed) {
        (Ending::Ready, 0) => format!("{job} is ready"),
        (Ending::Ready, 1) => format!("{job} is ready, with 1 error"),
        (Ending::Ready, failed) => format!("{job} is ready, with {failed} errors"),
        (Ending::Error, 0 | 1) => format!("{job} ended with an error"),
        (Ending::Error, failed) => format!("{job} ended with {failed} errors"),
    }
}
