//! Which services are away. What needs one of them waits, and is tried now and then, so that a failure of a service is no
//! failure of the work.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

use crate::{Service, backoff::Backoff};

/// A service that nobody has asked for so long since it was away is taken to be there.
const FORGOTTEN: Duration = Duration::from_secs(60);

/// Which services are away. Its clones share what they know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parking(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    parked: Mutex<HashMap<Service, Parked>>,
    /// Rung when a service is back.
    opened: Notify,
}

#[derive(Debug)]
struct Parked {
    /// Before this nobody asks it.
    until: Instant,
    backoff: Backoff,
}

/// A service is away, and it is not yet time to ask it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Away {
    /// When it is worth trying again.
    pub(crate) until: Instant,
    /// The same for those who are many, as from now: not all of them come at once.
    pub(crate) delay: Duration,
}

impl Parking {
    /// Whether it makes sense to try what needs all of these services. Of those who ask after the time of an absent one has
    /// come, the first is told to go on, and the others to wait for how that ends.
    pub(crate) fn admit(&self, needs: &[Service]) -> Result<(), Away> {
        let now = Instant::now();
        let mut parked = self.parked();
        let waits = needs.iter().filter_map(|service| parked.get(service));
        let last = waits
            .filter(|parked| now < parked.until)
            .max_by_key(|parked| parked.until);
        if let Some(parked) = last {
            return Err(Away {
                until: parked.until,
                delay: parked.delay(now),
            });
        }
        for service in needs {
            if let Some(parked) = parked.get_mut(service) {
                parked.until = now + parked.backoff.next();
            }
        }
        Ok(())
    }

    /// Waits until it is worth asking `service`.
    pub(crate) async fn wait_for(&self, service: Service) {
        loop {
            let opened = self.0.opened.notified();
            let Err(away) = self.admit(&[service]) else {
                return;
            };
            // Whether time has come or somebody found it back.
            let _ = tokio::time::timeout_at(away.until, opened).await;
        }
    }

    /// Waits for so long, or until some service is back.
    pub(crate) async fn pause(&self, delay: Duration) {
        let opened = self.0.opened.notified();
        let _ = tokio::time::timeout(delay, opened).await;
    }

    /// `service` did not answer. Answers when it is worth trying again; not before `retry_after`, where that is known.
    pub(crate) fn park(&self, service: Service, retry_after: Option<Duration>) -> Duration {
        let now = Instant::now();
        let mut all = self.parked();
        let parked = all.entry(service).or_insert_with(|| {
            tracing::warn!(service = service.name(), "away: what needs it waits");
            gauge(service).set(1.0);
            Parked {
                until: now,
                backoff: Backoff::new(),
            }
        });
        // Those who tried at the same time tell the same thing.
        if parked.until <= now {
            parked.until = now + parked.backoff.next();
        }
        parked.until = parked.until.max(now + retry_after.unwrap_or_default());
        parked.delay(now)
    }

    /// The services answered.
    pub(crate) fn open(&self, services: &[Service]) {
        let mut parked = self.parked();
        for service in services {
            if parked.remove(service).is_some() {
                tracing::info!(service = service.name(), "back");
                gauge(*service).set(0.0);
                self.0.opened.notify_waiters();
            }
        }
    }

    /// The services that are away, by name.
    pub(crate) fn names(&self) -> Vec<String> {
        let now = Instant::now();
        let mut parked = self.parked();
        parked.retain(|service, parked| {
            let is_away = now < parked.until + FORGOTTEN;
            if !is_away {
                gauge(*service).set(0.0);
            }
            is_away
        });
        let mut names: Vec<_> = parked
            .keys()
            .map(|service| service.name().to_owned())
            .collect();
        names.sort_unstable();
        names
    }

    fn parked(&self) -> MutexGuard<'_, HashMap<Service, Parked>> {
        self.0.parked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Parked {
    fn delay(&self, now: Instant) -> Duration {
        self.until.duration_since(now).max(self.backoff.sample())
    }
}

fn gauge(service: Service) -> metrics::Gauge {
    metrics::gauge!("pupila_worker_parked", "service" => service.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn one_at_a_time_tries_whether_a_service_is_back() {
        let parking = Parking::default();
        assert_eq!(
            parking.admit(&[Service::Images, Service::Inference]),
            Ok(())
        );
        parking.park(Service::Inference, Some(LONG));
        let away = parking
            .admit(&[Service::Images, Service::Inference])
            .expect_err("away");
        assert!(away.delay >= LONG);
        assert_eq!(parking.admit(&[Service::Images]), Ok(()));
        assert_eq!(parking.names(), ["inference"]);

        tokio::time::advance(LONG).await;
        assert_eq!(parking.admit(&[Service::Inference]), Ok(()), "the probe");
        parking.park(Service::Inference, Some(LONG));
        assert!(parking.admit(&[Service::Inference]).is_err());

        parking.open(&[Service::Inference]);
        assert_eq!(parking.admit(&[Service::Inference]), Ok(()));
        assert_eq!(parking.names(), [""; 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_failed_at_the_same_time_does_not_make_it_longer() {
        let parking = Parking::default();
        parking.park(Service::Images, Some(LONG));
        for _ in 0..100 {
            assert!(parking.park(Service::Images, None) <= LONG);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_nobody_asks_any_more_is_forgotten() {
        let parking = Parking::default();
        parking.park(Service::Smtp, Some(LONG));
        tokio::time::advance(LONG + FORGOTTEN).await;
        assert_eq!(parking.names(), [""; 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_goes_on_by_themselves() {
        let parking = Parking::default();
        parking.park(Service::History, Some(LONG));
        let start = Instant::now();
        parking.wait_for(Service::History).await;
        assert!(start.elapsed() >= LONG);
    }

    #[tokio::test(start_paused = true)]
    async fn what_one_finds_back_the_others_need_not_wait_for() {
        let parking = Parking::default();
        parking.park(Service::History, Some(LONG));
        let start = Instant::now();
        let [first, second] = [(); 2].map(|()| {
            let parking = parking.clone();
            tokio::spawn(async move {
                parking.wait_for(Service::History).await;
                parking.open(&[Service::History]);
            })
        });
        first.await.expect("no panic");
        second.await.expect("no panic");
        assert!(start.elapsed() < LONG + Duration::from_secs(1));
    }
}
