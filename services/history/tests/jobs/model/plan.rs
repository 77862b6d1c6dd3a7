//! Which call a deed comes to.

use pupila_core::UserId;
use pupila_proto::history::v1 as proto;

use super::{act::Deed, call::Call, world::World};

impl World {
    /// The call that a deed comes to, if there is something to do it to.
    pub(super) async fn plan(&mut self, deed: Deed) -> Option<Call> {
        Some(match deed {
            Deed::Create {
                owner,
                images,
                refused,
            } => Call::create(Self::owner(owner), images, refused),
            Deed::CreateFromZip { owner } => Call::create_from_zip(Self::owner(owner)),
            Deed::Take { worker, count } => Call::Take(worker, self.tickets(count.into()).await),
            Deed::TakeAgain { worker, which } => {
                let task = self.offered.iter().rev().nth(usize::from(which) / 8)?;
                Call::Take(worker, vec![*task])
            }
            Deed::Beat { worker } => {
                let of = self.taken.iter().filter(|(by, _)| *by == worker);
                Call::beat(worker, of.map(|(_, task)| task))
            }
            Deed::Finish { which, how } => {
                let (_, task) = pick(&self.taken, which)?;
                Call::Finish(task.clone(), how)
            }
            Deed::Unpack {
                which,
                back,
                images,
                more,
            } => {
                let unpacks = self.taken.iter().map(|(_, task)| task);
                let unpacks: Vec<_> = unpacks.filter(|task| is_unpack(task)).collect();
                let task = *pick(&unpacks, which)?;
                let known = self.books.jobs.get(&task.job_id)?.items.len();
                let known = u32::try_from(known).expect("few");
                let first = known.saturating_sub(back.into());
                let total = first + u32::from(images) + u32::from(more);
                Call::add(task, first, images.into(), total)
            }
            Deed::Cancel { job } => {
                let (id, owner) = self.pick_job(job)?;
                Call::Cancel(owner, id)
            }
            Deed::Retry { job } => {
                let (id, owner) = self.pick_job(job)?;
                Call::Retry(owner, id)
            }
            Deed::Erase { owner } => Call::Erase(Self::owner(owner)),
            Deed::Sweep => Call::Sweep,
        })
    }

    fn owner(n: u8) -> UserId {
        Self::OWNERS[usize::from(n)]
    }

    fn pick_job(&self, n: u8) -> Option<(String, UserId)> {
        let jobs: Vec<_> = self.books.jobs.iter().collect();
        let (id, entry) = pick(&jobs, n)?;
        Some(((*id).clone(), entry.owner))
    }
}

pub(super) fn is_unpack(task: &proto::Task) -> bool {
    matches!(task.work, Some(proto::task::Work::UnpackArchive(_)))
}

fn pick<T>(among: &[T], n: u8) -> Option<&T> {
    among.get(usize::from(n) % among.len().max(1))
}
