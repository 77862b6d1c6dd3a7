//! The page itself: one piece of HTML without a script.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Language;

/// The page's only style. [`POLICY`] has its digest, so that nothing else can be slipped in.
const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem;\
    color-scheme:light dark}button{font:inherit;padding:.5rem 1.5rem}";
/// Nothing but the style, and a form that goes back to us.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'sha256-oVCnpJbm7s5ELblzQAL2BhzOkKIgpgwuZtPVFx3Nfts='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);
/// Keeps the token in the address from other sites. With `no-referrer` browsers would not say either that the form is
/// ours.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");

/// The page.
pub(super) struct Page {
    language: Language,
    tale: Tale,
}

/// What the page tells.
pub(super) enum Tale {
    /// Asks whether it is meant.
    Question { token: String },
    /// The e-mails ended.
    Done,
    /// The link is none of ours.
    Invalid,
    /// It did not work this time.
    Failed,
}

impl Page {
    pub(super) fn new(language: Language, tale: Tale) -> Self {
        Self { language, tale }
    }

    /// What the page is, for those who only hear its title.
    fn title(&self) -> &'static str {
        use Language::{English, Spanish};
        match (&self.tale, self.language) {
            (Tale::Question { .. }, English) => "Unsubscribe from e-mails?",
            (Tale::Question { .. }, Spanish) => "¿Darse de baja de los correos?",
            (Tale::Done, English) => "You are unsubscribed",
            (Tale::Done, Spanish) => "Te has dado de baja",
            (Tale::Invalid, English) => "This link is not valid",
            (Tale::Invalid, Spanish) => "Este enlace no es válido",
            (Tale::Failed, English) => "You are not unsubscribed yet",
            (Tale::Failed, Spanish) => "Aún no te has dado de baja",
        }
    }

    fn text(&self) -> &'static str {
        use Language::{English, Spanish};
        match (&self.tale, self.language) {
            (Tale::Question { .. }, English) => "Do you want no more e-mails when your jobs end?",
            (Tale::Question { .. }, Spanish) => {
                "¿No quieres recibir más correos cuando terminen tus trabajos?"
            }
            (Tale::Done, English) => "You get no more e-mails when your jobs end.",
            (Tale::Done, Spanish) => "Ya no recibirás correos cuando terminen tus trabajos.",
            (Tale::Invalid, English) => "Open it as it stands in the e-mail.",
            (Tale::Invalid, Spanish) => "Ábrelo tal como está en el correo.",
            (Tale::Failed, English) => "This did not work. Please try again later.",
            (Tale::Failed, Spanish) => "No ha funcionado. Inténtalo de nuevo más tarde.",
        }
    }

    /// The button, where there is something to decide.
    fn form(&self) -> String {
        let Tale::Question { token } = &self.tale else {
            return String::new();
        };
        let label = match self.language {
            Language::English => "Unsubscribe",
            Language::Spanish => "Darse de baja",
        };
        // Nothing is left in it that HTML would read.
        let token = utf8_percent_encode(token, NON_ALPHANUMERIC);
        let language = self.language.code();
        format!(
            "<form method=\"post\" action=\"?token={token}&amp;language={language}\">\
             <button>{label}</button></form>"
        )
    }

    fn html(&self) -> String {
        format!(
            "<!doctype html><html lang=\"{language}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\">\
             <title>{title} – Pupila</title><style>{STYLE}</style></head>\
             <body><main><h1>{title}</h1><p>{text}</p>{form}</main></body></html>\n",
            language = self.language.code(),
            title = self.title(),
            text = self.text(),
            form = self.form(),
        )
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let language = HeaderValue::from_static(self.language.code());
        let headers = HeaderMap::from_iter([
            (header::CONTENT_SECURITY_POLICY, POLICY),
            (header::REFERRER_POLICY, REFERRER),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::CONTENT_LANGUAGE, language),
        ]);
        (headers, Html(self.html())).into_response()
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use pupila_core::Digest;

    use super::*;

    #[test]
    fn the_policy_allows_the_style() {
        let digest = BASE64_STANDARD.encode(Digest::of(STYLE.as_bytes()).as_bytes());
        let policy = POLICY.to_str().expect("text").to_owned();
        assert!(policy.contains(&format!("'sha256-{digest}'")), "{digest}");
    }

    #[test]
    fn title_and_heading_say_where_one_is() {
        let mut titles = std::collections::BTreeSet::new();
        for language in [Language::English, Language::Spanish] {
            let token = "t".to_owned();
            for tale in [
                Tale::Question { token },
                Tale::Done,
                Tale::Invalid,
                Tale::Failed,
            ] {
                let page = Page::new(language, tale);
                let (title, html) = (page.title(), page.html());
                let lang = format!("<html lang=\"{}\">", language.code());
                assert!(html.contains(&lang), "{html}");
                assert!(html.contains(&format!("<title>{title} – Pupila</title>")));
                assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
                titles.insert(title);
            }
        }
        assert_eq!(titles.len(), 8, "{titles:?}");
    }

    #[test]
    fn a_token_cannot_leave_the_form() {
        let token = "\"><script>alert(1)</script>".to_owned();
        let html = Page::new(Language::English, Tale::Question { token }).html();
        assert!(!html.contains("<script>"), "{html}");
        assert!(html.contains("token=%22%3E%3Cscript%3E"), "{html}");
    }
}
