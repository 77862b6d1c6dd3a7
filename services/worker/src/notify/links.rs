//! Where the links in messages lead.

use pupila_core::JobId;
use url::Url;

use super::language::Language;

/// Where the links in messages lead.
#[derive(Debug, Clone)]
pub(crate) struct Links(Option<Url>);

impl Links {
    /// To the Pupila that people reach at `public_url`.
    pub(crate) fn new(public_url: Option<&Url>) -> Self {
        Self(public_url.cloned())
    }

    /// The page of a job; `None` where it is not known where people reach Pupila.
    pub(crate) fn job(&self, job: JobId) -> Option<String> {
        self.page(&["jobs", &job.to_string()])
    }

    /// The same, relative to wherever the reader's browser found Pupila.
    pub(crate) fn job_or_relative(&self, job: JobId) -> String {
        self.job(job).unwrap_or_else(|| format!("/jobs/{job}"))
    }

    /// Ends the e-mails: a page for people, in the language of the letter, and a POST for programs (RFC 8058).
    pub(crate) fn unsubscribe(&self, token: &str, language: Language) -> Option<String> {
        let mut url = Url::parse(&self.page(&["unsubscribe"])?).ok()?;
        url.query_pairs_mut()
            .append_pair("token", token)
            .append_pair("language", language.words().code);
        Some(url.into())
    }

    fn page(&self, path: &[&str]) -> Option<String> {
        let mut url = self.0.clone()?;
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
        Some(url.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lie_under_the_public_address() {
        let job: JobId = "018f0000-0000-7000-8000-000000000001"
            .parse()
            .expect("an id");
        for base in ["https://example.org/pupila", "https://example.org/pupila/"] {
            let links = Links::new(Some(&base.parse().expect("a URL")));
            assert_eq!(
                links.job(job).expect("known"),
                "https://example.org/pupila/jobs/018f0000-0000-7000-8000-000000000001"
            );
            assert_eq!(
                links.unsubscribe("a&b", Language::Spanish).expect("known"),
                "https://example.org/pupila/unsubscribe?token=a%26b&language=es"
            );
        }
        assert_eq!(
            Links::new(None).job_or_relative(job),
            "/jobs/018f0000-0000-7000-8000-000000000001"
        );
    }
}
