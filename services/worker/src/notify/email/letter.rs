//! One letter: what it says, and the message that it travels as.

mod subject;

use askama::Template;
use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};

use crate::notify::{
    findings::{Findings, Picture, Tally},
    language::{self, Language, Words},
    notice::{Ending, Notice},
};

/// What a letter says to whom.
#[derive(Debug)]
pub(crate) struct Letter<'a> {
    /// The delivery: the letter's Message-ID, so that a repeat is recognised.
    pub(crate) id: &'a str,
    /// To whom.
    pub(crate) to: Address,
    /// In which language.
    pub(crate) language: Language,
    /// What happened.
    pub(crate) notice: &'a Notice,
    /// What came out.
    pub(crate) findings: &'a Findings,
    /// The job's page.
    pub(crate) job_url: String,
    /// Where letters like this one are stopped.
    pub(crate) unsubscribe_url: String,
}

/// Why there is no message.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LetterError {
    /// The template.
    #[error("template")]
    Template(#[from] askama::Error),
    /// The headers.
    #[error("headers")]
    Message(#[from] lettre::error::Error),
    /// The type of a picture.
    #[error("type of a picture")]
    Type(#[from] lettre::message::header::ContentTypeErr),
}

impl Letter<'_> {
    /// The domain of whom it goes to.
    pub(crate) fn domain(&self) -> &str {
        self.to.domain()
    }

    /// `multipart/alternative` of plain text and of HTML with its pictures.
    pub(crate) fn message(&self, from: &Mailbox) -> Result<Message, LetterError> {
        let mut html = MultiPart::related().singlepart(SinglePart::html(self.html().render()?));
        for (index, picture) in self.findings.pictures.iter().enumerate() {
            let jpeg = ContentType::parse("image/jpeg")?;
            let part = Attachment::new_inline(content_id(index)).body(picture.jpeg.clone(), jpeg);
            html = html.singlepart(part);
        }
        let body = MultiPart::alternative()
            .singlepart(SinglePart::plain(self.text().render()?))
            .multipart(html);
        let mut message = Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, self.to.clone()))
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .multipart(body)?;
        let headline = self.language.headline(self.notice);
        message.headers_mut().insert_raw(subject::header(&headline));
        let extra = [
            // Nobody answers a machine (RFC 3834).
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("Content-Language", self.language.words().code.to_owned()),
            // One click and no page (RFC 8058).
            ("List-Unsubscribe", format!("<{}>", self.unsubscribe_url)),
            (
                "List-Unsubscribe-Post",
                "List-Unsubscribe=One-Click".to_owned(),
            ),
        ];
        for (name, value) in extra {
            let name = HeaderName::new_from_ascii_str(name);
            message
                .headers_mut()
                // ASCII, and a link must not be folded.
                .insert_raw(HeaderValue::dangerous_new_pre_encoded(
                    name,
                    value.clone(),
                    value,
                ));
        }
        Ok(message)
    }

    fn html(&self) -> Html<'_> {
        Html {
            said: Said::of(self),
            accent: accent(self.notice.ending),
            pictures: &self.findings.pictures,
        }
    }

    fn text(&self) -> Text<'_> {
        Text {
            said: Said::of(self),
        }
    }
}

/// What both forms of a letter say.
#[derive(Debug)]
struct Said<'a> {
    words: &'static Words,
    headline: String,
    state: &'static str,
    summary: String,
    /// Why the job failed as a whole.
    reason: Option<&'a str>,
    images: String,
    counts: Vec<(&'static str, u64)>,
    took: String,
    /// With their titles; the empty ones are left out.
    tables: Vec<(&'static str, Vec<(&'a str, u64)>)>,
    job_url: &'a str,
    unsubscribe_url: &'a str,
    language: Language,
}

impl<'a> Said<'a> {
    fn of(letter: &'a Letter<'_>) -> Self {
        let Letter {
            language, notice, ..
        } = letter;
        let words = language.words();
        let counts = notice.counts().filter(|&(_, count)| count > 0);
        let labels = letter.findings.labels.iter();
        let failures = letter.findings.failures.iter();
        let tables = [
            (words.labels, labels.map(row).collect::<Vec<_>>()),
            (
                words.failures,
                failures
                    .map(row)
                    .map(|(code, count)| (language.reason(code), count))
                    .collect(),
            ),
        ];
        let failure = notice.failure.as_ref();
        Self {
            words,
            headline: language.headline(notice),
            state: language.ending(notice.ending),
            summary: language.summary(notice),
            reason: failure.map(|failure| language.reason(&failure.reason)),
            images: language.images(notice.total),
            counts: counts
                .map(|(ending, count)| (language.counted(ending, count), count))
                .collect(),
            took: language::duration(notice.took()),
            tables: tables
                .into_iter()
                .filter(|table| !table.1.is_empty())
                .collect(),
            job_url: &letter.job_url,
            unsubscribe_url: &letter.unsubscribe_url,
            language: *language,
        }
    }
}

fn row(tally: &Tally) -> (&str, u64) {
    (&tally.what, tally.count)
}

#[derive(Debug, Template)]
#[template(path = "job_ended.html")]
struct Html<'a> {
    said: Said<'a>,
    accent: &'static str,
    pictures: &'a [Picture],
}

impl Html<'_> {
    /// What stands below a picture.
    fn caption(&self, picture: &Picture) -> String {
        match &picture.label {
            Some((label, score)) => format!("{label} · {}", self.said.language.percent(*score)),
            None => picture.name.clone(),
        }
    }

    /// Where the picture is within the message (RFC 2392).
    fn source(&self, index: &usize) -> String {
        format!("cid:{}", content_id(*index))
    }
}

#[derive(Debug, Template)]
#[template(path = "job_ended.txt")]
struct Text<'a> {
    said: Said<'a>,
}

fn content_id(index: usize) -> String {
    format!("picture-{index}@pupila")
}

/// The colour of how it ended, readable under white letters (WCAG 2.2: 4.5 to 1).
const fn accent(ending: Ending) -> &'static str {
    match ending {
        Ending::Ready => "#0f766e",
        Ending::Error => "#b42318",
    }
}
