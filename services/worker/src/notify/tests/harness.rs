//! A notifier among its services, and jobs that ended.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use pupila_core::{Clock as _, UserId};
use pupila_proto::{
    accounts::v1::{ResolveRouteResponse, resolve_route_response::Target},
    history::v1::{DeliverNotice, ItemCounts, Job, JobState, NotifyOwner, Task},
};
use pupila_runtime::identity::ServiceIdentity;

use super::services::Services;
use crate::{
    Outcome, Service, TimeLimit, Upstreams,
    delegation::Delegation,
    notify::{Notifier, NotifyConfig},
};

pub(super) const JOB: &str = "018f0000-0000-7000-8000-000000000001";
pub(super) const TASK: &str = "018f0000-0000-7000-8000-000000000002";
const ROUTE: &str = "the route";

/// A notifier, and what is around it.
pub(super) struct Around {
    pub(super) services: Services,
    notifier: Notifier,
}

impl Around {
    /// In the configuration that the TOML says.
    pub(super) fn configured(config: &str) -> Self {
        let config: NotifyConfig = toml::from_str(config).expect("a configuration");
        let services = Services::new();
        let transport = services.transport();
        let identity = ServiceIdentity::new(
            "worker",
            "secret".to_owned().into(),
            transport.clone(),
            services.clock.clone(),
        );
        let delegation =
            Delegation::new(transport.clone(), identity.clone(), services.clock.clone());
        let upstreams = Upstreams {
            accounts: transport.clone(),
            images: transport.clone(),
            inference: transport.clone(),
            history: transport,
        };
        let clock = Arc::clone(&services.clock);
        let notifier = Notifier::new(&config, &upstreams, identity, delegation, clock);
        Self {
            notifier: notifier.expect("it can be set up"),
            services,
        }
    }

    /// A job that ended a moment ago, as the story wants it.
    pub(super) fn job(&self, change: impl FnOnce(&mut Job)) -> Job {
        let now = self.services.clock.now();
        let at = |seconds| {
            let time = now + SignedDuration::from_secs(seconds);
            Some(prost_types::Timestamp {
                seconds: time.as_second(),
                nanos: 0,
            })
        };
        let mut job = Job {
            id: JOB.to_owned(),
            name: "X-rays of May".to_owned(),
            state: JobState::Succeeded.into(),
            counts: Some(ItemCounts {
                total: 500,
                succeeded: 498,
                failed: 2,
                ..ItemCounts::default()
            }),
            create_time: at(-186),
            start_time: at(-180),
            end_time: at(-1),
            revision: 7,
            ..Job::default()
        };
        change(&mut job);
        job
    }

    /// Tells accounts that the job ended.
    pub(super) async fn notify(&self, job: Job) -> Outcome {
        let work = NotifyOwner { job: Some(job) };
        self.notifier.notify_owner(&task(), &work).await
    }

    /// Tells somebody at `target`.
    pub(super) async fn tell(&self, target: Target, language: &str, job: Job) -> Outcome {
        let route = ResolveRouteResponse {
            language: language.to_owned(),
            target: Some(target),
            ..ResolveRouteResponse::default()
        };
        self.services
            .script()
            .routes
            .insert(ROUTE.to_owned(), route);
        self.deliver(job).await
    }

    /// Tells whoever the route leads to.
    pub(super) async fn deliver(&self, job: Job) -> Outcome {
        let limit = TimeLimit::new(Duration::MAX);
        self.notifier.deliver(&task(), &delivery(job), &limit).await
    }

    /// What becomes of a delivery that is not tried.
    pub(super) fn untried(&self, job: Job) -> Option<Outcome> {
        self.notifier.untried(&delivery(job))
    }

    /// The routes that accounts was told to drop.
    pub(super) fn dropped(&self) -> Vec<String> {
        self.services.script().dropped.clone()
    }
}

fn delivery(job: Job) -> DeliverNotice {
    DeliverNotice {
        job: Some(job),
        route: ROUTE.to_owned(),
    }
}

fn task() -> Task {
    Task {
        id: TASK.to_owned(),
        owner: UserId::LOCAL.to_string(),
        ..Task::default()
    }
}

/// The reason of an attempt that was the last.
pub(super) fn given_up(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Failed {
            failure,
            retryable: false,
            ..
        } => &failure.reason,
        other => panic!("{other:?}"),
    }
}

/// Who is surely there, as an attempt that was the last shows.
pub(super) fn answered(outcome: &Outcome) -> Option<Service> {
    match outcome {
        Outcome::Failed { answered, .. } => *answered,
        other => panic!("{other:?}"),
    }
}

/// The seconds until the next attempt.
pub(super) fn postponed(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Postponed { delay } => delay.as_secs(),
        other => panic!("{other:?}"),
    }
}
