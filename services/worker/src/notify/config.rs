//! `[worker.notify]`: how people are told that a job ended.

mod push;
mod smtp;
mod webhooks;

pub use push::PushConfig;
pub use smtp::{SmtpConfig, StartTls};
pub use webhooks::WebhooksConfig;

use std::ops::RangeInclusive;

use pupila_runtime::config::Validate;
use serde::Deserialize;
use url::Url;

/// How long one attempt may take, in seconds: long enough for a slow server, short enough for a lease to be renewed.
const TIMEOUT: RangeInclusive<u64> = 1..=120;

/// How people are told that a job ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotifyConfig {
    /// Where people reach Pupila, such as `https://pupila.example.org`: what the links in messages begin with. E-mail
    /// needs it; without it webhooks have no link, and those of push messages are relative.
    pub public_url: Option<Url>,
    /// For how long after a job ended its messages are tried, in hours.
    pub give_up_hours: u32,
    /// The server that takes e-mail; none where nobody is told by e-mail.
    pub smtp: Option<SmtpConfig>,
    /// Messages to browsers.
    pub push: PushConfig,
    /// Messages to programs.
    pub webhooks: WebhooksConfig,
}

impl Default for NotifyConfig {
    fn default() -> Self {
        Self {
            public_url: None,
            give_up_hours: 24,
            smtp: None,
            push: PushConfig::default(),
            webhooks: WebhooksConfig::default(),
        }
    }
}

impl Validate for NotifyConfig {
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if let Some(url) = &self.public_url
            && !(matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none())
        {
            faults.push("public_url: must be like https://pupila.example.org".to_owned());
        }
        if self.smtp.is_some() && self.public_url.is_none() {
            faults
                .push("public_url: must be set where smtp is, for the links in e-mails".to_owned());
        }
        if !(1..=168).contains(&self.give_up_hours) {
            faults.push("give_up_hours: must be 1 to 168".to_owned());
        }
        let smtp = self.smtp.as_ref().map_or_else(Vec::new, Validate::faults);
        let sections = [
            ("smtp", smtp),
            ("push", self.push.faults()),
            ("webhooks", self.webhooks.faults()),
        ];
        for (section, found) in sections {
            faults.extend(found.iter().map(|fault| format!("{section}.{fault}")));
        }
        faults
    }
}

/// The fault of a timeout that is out of range.
fn timeout_fault(seconds: u64) -> Option<String> {
    (!TIMEOUT.contains(&seconds)).then(|| {
        let (least, most) = TIMEOUT.into_inner();
        format!("timeout_seconds: must be {least} to {most}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> NotifyConfig {
        toml::from_str(text).expect("valid TOML")
    }

    #[test]
    fn nothing_has_to_be_set() {
        assert_eq!(parse("").faults(), [""; 0]);
    }

    #[test]
    fn a_whole_section_is_taken() {
        let config = parse(
            "public_url = 'https://pupila.example.org/app'
            [smtp]
            url = 'smtps://pupila:secret@mail.example.org'
            from = 'Pupila <pupila@example.org>'
            [push]
            ttl_seconds = 3600
            [webhooks]
            allow_private_networks = true",
        );
        assert_eq!(config.faults(), [""; 0]);
        assert!(!format!("{config:?}").contains("secret"));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let faults = parse(
            "public_url = 'ftp://pupila.example.org'
            give_up_hours = 0
            [smtp]
            url = 'smtp://ana:secret@mail.example.org'
            starttls = 'never'
            from = 'nobody'
            timeout_seconds = 0
            [push]
            ttl_seconds = 5000000
            [webhooks]
            timeout_seconds = 500",
        )
        .faults();
        let places: Vec<_> = faults
            .iter()
            .filter_map(|fault| fault.split_once(": ").map(|(place, _)| place))
            .collect();
        assert_eq!(
            places,
            [
                "public_url",
                "give_up_hours",
                "smtp.url",
                "smtp.from",
                "smtp.timeout_seconds",
                "push.ttl_seconds",
                "webhooks.timeout_seconds",
            ]
        );
        assert!(!faults.concat().contains("secret"));
    }

    #[test]
    fn e_mail_without_links_is_refused() {
        let faults = parse("[smtp]\nurl = 'smtp://localhost'\nfrom = 'a@example.org'").faults();
        assert_eq!(
            faults,
            ["public_url: must be set where smtp is, for the links in e-mails"]
        );
    }
}
