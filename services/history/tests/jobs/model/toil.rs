//! In the end good workers do all that there is.

use pupila_proto::history::v1::{self as proto, JobState};

use super::{
    act::Ending,
    books::{Entry, counts, has_ended},
    call::{Call, Reply},
    plan::is_unpack,
    world::World,
};

/// Long enough for every ZIP to wait for room.
const ROUNDS: usize = 60;

impl World {
    /// Every worker is forgotten; what is offered is done by good ones, until nothing is left.
    pub(super) async fn work_until_all_is_done(&mut self) {
        self.check_all().await;
        self.taken.clear();
        for _ in 0..ROUNDS {
            self.processes[0].pass(301);
            self.processes[0].sweep().await;
            let tickets = self.tickets(usize::MAX).await;
            let jobs = self.books.jobs.values();
            let open = jobs.filter(|entry| !has_ended(&entry.job)).count();
            if tickets.is_empty() && open == 0 {
                break;
            }
            self.ask(false, &Call::Take(9, tickets)).await;
            while let Some((_, task)) = self.taken.first().cloned() {
                let ending = match is_unpack(&task) {
                    true => self.unpack(&task).await,
                    false => Ending::Done,
                };
                self.ask(false, &Call::Finish(task, ending)).await;
            }
            self.check().await;
        }
        self.check_all().await;
        let depth = self.processes[0].queue.depth().await.expect("in memory");
        let waiting = depth.interactive + depth.batch + depth.delayed;
        assert_eq!(waiting, 0, "{depth:?}");
        for Entry { job, .. } in self.books.jobs.values() {
            assert!(has_ended(job), "stuck: {job:?}");
            let told = self.told.get(&job.id) == Some(&job.end_time);
            assert!(told || job.state() == JobState::Cancelled, "{job:?}");
        }
        for owner in Self::OWNERS {
            let Reply::Job(reply) = self.ask(false, &Call::create(owner, 2, 0)).await else {
                panic!("no job")
            };
            let erased = self.books.erased.contains(&owner);
            assert_eq!(reply.is_ok(), !erased, "nothing is open: {reply:?}");
        }
    }

    /// Adds all that a ZIP holds, which is more than anybody knew.
    async fn unpack(&mut self, task: &proto::Task) -> Ending {
        let entry = &self.books.jobs[&task.job_id];
        let known = u32::try_from(entry.items.len()).expect("few");
        let total = counts(&entry.job).total;
        let total = u32::try_from(total).expect("few").max(known) + 1;
        let call = Call::add(task, known, (total - known).into(), total);
        match self.ask(false, &call).await {
            Reply::Added(Ok(())) => Ending::Done,
            _ => Ending::GivenBack,
        }
    }
}
