//! Telling people that a job ended.
//!
//! accounts knows who wants to be told where. It is asked once when a job ends ([`Notifier::notify_owner`]), and again for each
//! place at the time of telling ([`Notifier::deliver`]), so that nobody is told who does not want it any more. A delivery is
//! attempted until it is taken, refused or no news: it comes at least once, and bears an id by which a repeat is recognised.

mod config;
mod delivery;
mod email;
mod findings;
mod language;
mod links;
mod notice;
mod outbound;
mod push;
mod routes;
#[cfg(test)]
mod tests;
mod webhook;

use std::sync::Arc;

use jiff::SignedDuration;
use pupila_core::{Clock, ErrorCode};
use pupila_proto::{
    accounts::v1::{EmailTarget, resolve_route_response::Target},
    history::v1::{DeliverNotice, NotifyOwner, Task},
};
use pupila_runtime::identity::ServiceIdentity;

pub use self::config::{NotifyConfig, PushConfig, SmtpConfig, StartTls, WebhooksConfig};
use self::{
    delivery::{NotDelivered, Patience},
    email::{Email, Letter, ServerError},
    findings::Finder,
    language::Language,
    links::Links,
    notice::Notice,
    push::Push,
    routes::Routes,
    webhook::Webhooks,
};
use crate::{Outcome, TimeLimit, Upstreams, delegation::Delegation};

/// Tells people that a job ended.
pub(crate) struct Notifier {
    routes: Routes,
    finder: Finder,
    email: Option<Email>,
    push: Push,
    webhooks: Webhooks,
    links: Links,
    patience: Patience,
    clock: Arc<dyn Clock>,
}

/// Messages cannot be sent as configured.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// The mail server.
    #[error("e-mail cannot be set up")]
    Email(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Requests to browsers' push services and to webhooks.
    #[error("TLS for push messages and webhooks cannot be set up")]
    Tls(#[from] reqwest::Error),
}

impl From<ServerError> for NotifyError {
    fn from(error: ServerError) -> Self {
        Self::Email(Box::new(error))
    }
}

/// How a delivery went that needs no further attempt.
enum Delivered {
    Sent,
    /// There is no mail server.
    Off,
}

impl Notifier {
    /// As configured. Nothing is connected to yet.
    ///
    /// # Errors
    /// A file that cannot be read, or TLS that cannot be set up.
    pub(crate) fn new(
        config: &NotifyConfig,
        upstreams: &Upstreams,
        identity: ServiceIdentity,
        delegation: Delegation,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, NotifyError> {
        if config.smtp.is_none() {
            tracing::warn!("worker.notify.smtp is not set: nobody is told anything by e-mail");
        }
        let history = upstreams.history.clone();
        Ok(Self {
            routes: Routes::new(upstreams.accounts.clone(), identity),
            finder: Finder::new(delegation, history, upstreams.images.clone()),
            email: config.smtp.as_ref().map(Email::new).transpose()?,
            push: Push::new(&config.push)?,
            webhooks: Webhooks::new(&config.webhooks, clock.clone())?,
            links: Links::new(config.public_url.as_ref()),
            patience: Patience {
                give_up: SignedDuration::from_hours(config.give_up_hours.into()),
            },
            clock,
        })
    }

    /// Finds out who wants to know. The answer's routes are places to deliver to.
    pub(crate) async fn notify_owner(&self, task: &Task, work: &NotifyOwner) -> Outcome {
        let Some(notice) = work.job.as_ref().and_then(Notice::of) else {
            return Outcome::done();
        };
        match self.routes.tell(task, &notice).await {
            Ok(routes) => Outcome::Done {
                results: Vec::new(),
                // There may be nobody to tell any more.
                routes: routes.unwrap_or_default(),
            },
            Err(outcome) => outcome,
        }
    }

    /// What becomes of a delivery for which it makes no sense now to be tried; `None` where it waits.
    pub(crate) fn untried(&self, work: &DeliverNotice) -> Option<Outcome> {
        match work.job.as_ref().and_then(Notice::of) {
            Some(notice) => self.patience.untried(notice.end_time, self.clock.now()),
            None => Some(outdated()),
        }
    }

    /// Tells at one place.
    pub(crate) async fn deliver(
        &self,
        task: &Task,
        work: &DeliverNotice,
        limit: &TimeLimit,
    ) -> Outcome {
        let Some(notice) = work.job.as_ref().and_then(Notice::of) else {
            return outdated();
        };
        let route = match self.routes.resolve(task, &work.route).await {
            Ok(Some(route)) => route,
            Ok(None) => {
                count("unknown", "route_gone");
                return Outcome::done();
            }
            Err(outcome) => return outcome,
        };
        let Some(target) = &route.target else {
            let detail = "this worker does not know such a route";
            return Outcome::stumbled(ErrorCode::Internal, "ROUTE_UNKNOWN", detail);
        };
        let channel = channel(target);
        let language = Language::of(&route.language);
        let error = match self.send(task, target, &notice, language, limit).await {
            Ok(delivered) => {
                count(channel, delivered.counted());
                return Outcome::done();
            }
            Err(error) => error,
        };
        count(channel, error.counted());
        tracing::info!(channel, task = task.id, %error, "a notice was not delivered");
        if let NotDelivered::Gone(_) = error
            && let Err(outcome) = self.routes.drop(task, &work.route).await
        {
            return outcome;
        }
        let now = self.clock.now();
        self.patience.outcome(error, notice.end_time, now)
    }

    async fn send(
        &self,
        task: &Task,
        target: &Target,
        notice: &Notice,
        language: Language,
        limit: &TimeLimit,
    ) -> Result<Delivered, NotDelivered> {
        match target {
            Target::Email(target) => {
                return self.write(task, target, notice, language, limit).await;
            }
            Target::Push(target) => {
                let push = self.push.send(target, notice, language, &self.links);
                push.await?;
            }
            Target::Webhook(target) => {
                let webhook = self.webhooks.send(target, notice, &task.id, &self.links);
                webhook.await?;
            }
        }
        Ok(Delivered::Sent)
    }

    async fn write(
        &self,
        task: &Task,
        target: &EmailTarget,
        notice: &Notice,
        language: Language,
        limit: &TimeLimit,
    ) -> Result<Delivered, NotDelivered> {
        let Some(email) = &self.email else {
            return Ok(Delivered::Off);
        };
        let refused = |what: &str| NotDelivered::Refused(what.to_owned());
        let to = target.address.parse();
        let to = to.map_err(|_| refused("the address is none that e-mail is sent to"))?;
        let reached = email.reach().await?;
        let unlinked = || refused("worker.notify.public_url is not set");
        let letter = Letter {
            id: &task.id,
            to,
            language,
            notice,
            findings: &self.finder.find(task, notice).await,
            job_url: self.links.job(notice.job).ok_or_else(unlinked)?,
            unsubscribe_url: self
                .links
                .unsubscribe(&target.unsubscribe_token, language)
                .ok_or_else(unlinked)?,
        };
        // It has a limit of its own, which may be longer than that of an attempt.
        limit.apart(reached.send(&letter)).await?;
        Ok(Delivered::Sent)
    }
}

impl Delivered {
    const fn counted(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Off => "off",
        }
    }
}

/// There is nothing to tell of the job any more, as it is now.
fn outdated() -> Outcome {
    count("unknown", "outdated");
    Outcome::done()
}

const fn channel(target: &Target) -> &'static str {
    match target {
        Target::Email(_) => "email",
        Target::Push(_) => "push",
        Target::Webhook(_) => "webhook",
    }
}

fn count(channel: &'static str, outcome: &'static str) {
    metrics::counter!("pupila_notifications_total", "channel" => channel, "outcome" => outcome)
        .increment(1);
}
