//! What has to be true whatever happened.

use std::collections::BTreeMap;

use pupila_proto::history::v1::{self as proto, JobState};

use super::{
    books::{Entry, counts, has_ended},
    world::World,
};

impl World {
    /// Reads what is written down: it agrees with itself, with what was there before, and with what workers were answered.
    pub(super) async fn check(&mut self) {
        let mut known = 0;
        for owner in Self::OWNERS {
            let jobs = self.processes[0].jobs_of(owner).await;
            known += jobs.len();
            for job in jobs {
                if self.books.jobs[&job.id].job != job {
                    self.check_job(job).await;
                }
            }
            let backlog = self.processes[0].backlog(owner).await;
            let open = self.books.open(owner);
            assert!(backlog >= open, "{open} are open, {backlog} written down");
        }
        assert_eq!(known, self.books.jobs.len(), "none is lost");
        let items = self.books.jobs.values().map(|entry| entry.items.len());
        let items: usize = items.sum();
        assert_eq!(self.processes[0].rows("process").await, items);
    }

    /// Reads the items of those jobs too of which nothing changed.
    pub(super) async fn check_all(&mut self) {
        let jobs = self.books.jobs.values();
        let jobs: Vec<_> = jobs.map(|entry| entry.job.clone()).collect();
        for job in jobs {
            self.check_job(job).await;
        }
        self.check().await;
    }

    async fn check_job(&mut self, job: proto::Job) {
        let entry = self.books.jobs.get_mut(&job.id).expect("known");
        let items = self.processes[1].items_for(entry.owner, &job.id).await;
        agrees_with_itself(&job, &items);
        comes_after(entry, &job, &items);
        for item in &items {
            let succeeded = item.state() == JobState::Succeeded;
            assert_eq!(succeeded, self.succeeded.contains(&item.id), "{item:?}");
            assert_eq!(item.results.len(), usize::from(succeeded), "{item:?}");
        }
        (entry.job, entry.items) = (job, items);
    }
}

fn agrees_with_itself(job: &proto::Job, items: &[proto::JobItem]) {
    let mut states: BTreeMap<i32, u64> = BTreeMap::new();
    for (position, item) in (0..).zip(items) {
        assert_eq!(item.position, position, "{job:?}");
        assert!(item.revision <= job.revision, "{item:?}");
        assert!(item.attempts <= 5, "{item:?}");
        *states.entry(item.state).or_default() += 1;
    }
    let of = |state: JobState| states.get(&state.into()).copied().unwrap_or_default();
    let counts = counts(job);
    assert_eq!(counts.queued, of(JobState::Queued), "{job:?}");
    assert_eq!(counts.running, of(JobState::Running), "{job:?}");
    assert_eq!(counts.succeeded, of(JobState::Succeeded), "{job:?}");
    assert_eq!(counts.failed, of(JobState::Failed), "{job:?}");
    assert_eq!(counts.cancelled, of(JobState::Cancelled), "{job:?}");
    let open = job.unpacking || counts.queued + counts.running > 0;
    let ended = has_ended(job);
    assert_eq!(ended, !open, "{job:?}");
    assert_eq!(ended, job.end_time.is_some(), "{job:?}");
    let zip = !job.archive_id.is_empty();
    let may_lack = zip && (!ended || job.state() == JobState::Cancelled || job.failure.is_some());
    let count = items.len() as u64;
    let opened = !job.unpacking || counts.total > 0;
    assert!(counts.total >= count || !opened, "{job:?}");
    assert!(counts.total == count || may_lack, "{job:?}");
}

/// Whoever saw it as it was before hears of all that changed.
fn comes_after(before: &Entry, job: &proto::Job, items: &[proto::JobItem]) {
    let seen = before.job.revision;
    assert!(job.revision > seen || *job == before.job, "{job:?}");
    assert!(items.len() >= before.items.len(), "{job:?}");
    for (item, known) in items.iter().zip(&before.items) {
        assert!(item.revision > seen || item == known, "{item:?}");
    }
    let new = &items[before.items.len()..];
    assert!(new.iter().all(|item| item.revision > seen), "{new:?}");
}
