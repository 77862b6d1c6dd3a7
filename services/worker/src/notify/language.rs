//! What messages say, in the languages that they are written in.

mod english;
mod reasons;
mod spanish;

use std::time::Duration;

use super::notice::{Ending, ItemEnding, Notice};

/// A language that messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

/// The words of a language that stand by themselves.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) code: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) error: &'static str,
    pub(crate) images: &'static str,
    pub(crate) image: &'static str,
    pub(crate) took: &'static str,
    pub(crate) labels: &'static str,
    pub(crate) failures: &'static str,
    pub(crate) see_job: &'static str,
    pub(crate) why: &'static str,
    pub(crate) unsubscribe: &'static str,
}

impl Language {
    /// That of a code of ours; English where we have no other.
    pub(crate) fn of(code: &str) -> Self {
        match code {
            "es" => Self::Spanish,
            _ => Self::English,
        }
    }

    /// Its words.
    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::Spanish => &spanish::WORDS,
        }
    }

    /// What happened, in a sentence: the subject of an e-mail, the title of a push message.
    pub(crate) fn headline(self, notice: &Notice) -> String {
        match self {
            Self::English => english::headline(notice),
            Self::Spanish => spanish::headline(notice),
        }
    }

    /// Why something failed, in words where we have some for the code; else the code.
    pub(crate) fn reason(self, code: &str) -> &str {
        let Some((english, spanish)) = reasons::words(code) else {
            return code;
        };
        match self {
            Self::English => english,
            Self::Spanish => spanish,
        }
    }

    /// How a job ended, in a word.
    pub(crate) const fn ending(self, ending: Ending) -> &'static str {
        let words = self.words();
        match ending {
            Ending::Ready => words.ready,
            Ending::Error => words.error,
        }
    }

    /// How many images there were, such as "500 images".
    pub(crate) fn images(self, count: u64) -> String {
        let words = self.words();
        let noun = if count == 1 {
            words.image
        } else {
            words.images
        };
        format!("{count} {noun}")
    }

    /// What `count` images that ended so are, such as "ready".
    pub(crate) const fn counted(self, ending: ItemEnding, count: u64) -> &'static str {
        match self {
            Self::English => english::counted(ending),
            Self::Spanish => spanish::counted(ending, count),
        }
    }

    /// How it went on one line, such as "500 images: 498 ready, 2 failed · 3 min 5 s".
    pub(crate) fn summary(self, notice: &Notice) -> String {
        let counts: Vec<_> = notice
            .counts()
            .filter(|&(_, count)| count > 0)
            .map(|(ending, count)| format!("{count} {}", self.counted(ending, count)))
            .collect();
        let images = self.images(notice.total);
        let took = duration(notice.took());
        if counts.is_empty() {
            format!("{images} · {took}")
        } else {
            format!("{images}: {} · {took}", counts.join(", "))
        }
    }

    /// A probability, 0..1, as people say it.
    pub(crate) fn percent(self, ratio: f64) -> String {
        let percent = (ratio * 100.0).clamp(0.0, 100.0);
        match self {
            Self::English => format!("{percent:.0}%"),
            // The space does not break.
            Self::Spanish => format!("{percent:.0}\u{a0}%"),
        }
    }
}

/// A duration as people say it, such as "3 min 5 s": the symbols are those of the SI in every language.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs().max(1);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        let said = |seconds| duration(Duration::from_secs(seconds));
        assert_eq!(said(0), "1 s");
        assert_eq!(said(59), "59 s");
        assert_eq!(said(185), "3 min 5 s");
        assert_eq!(said(3 * 3600 + 125), "3 h 2 min");
    }

    #[test]
    fn a_reason_without_words_is_its_code() {
        assert_eq!(
            Language::Spanish.reason("IMAGE_UNREADABLE"),
            "no es una imagen, o está dañada"
        );
        assert_eq!(Language::English.reason("NEW_REASON"), "NEW_REASON");
    }

    #[test]
    fn a_language_that_we_do_not_have_is_english() {
        assert_eq!(Language::of("es"), Language::Spanish);
        assert_eq!(Language::of("fr"), Language::English);
        assert_eq!(Language::of(""), Language::English);
    }
}
