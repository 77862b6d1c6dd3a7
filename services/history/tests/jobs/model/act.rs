//! What may happen.

use proptest::{
    prelude::{Just, Strategy},
    prop_oneof,
};

/// What may happen. Numbers choose among what there is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// One of the processes is asked for something.
    Ask { process: bool, deed: Deed },
    /// Each of the processes is asked for something at the same time.
    Together(Deed, Deed),
    /// A worker dies, and forgets what it held.
    Die { worker: u8 },
    /// Time passes.
    Wait { seconds: u8 },
    /// So much that leases run out of which nobody was heard, and that is found out.
    LoseLeases,
    /// Tickets get lost on their way.
    LoseTickets { count: u8 },
    /// History starts again, with an empty queue.
    Restart,
    /// The one process that does everything starts again.
    RestartAll,
}

/// What history may be asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Deed {
    /// Somebody asks for a job over so many images, some of which are none.
    Create { owner: u8, images: u8, refused: u8 },
    /// Somebody asks for a job over a ZIP.
    CreateFromZip { owner: u8 },
    /// A worker takes up to so many of what is offered.
    Take { worker: u8, count: u8 },
    /// A worker asks for what was offered before: the answer was lost, or the ticket came twice.
    TakeAgain { worker: u8, which: u8 },
    /// A worker is heard of.
    Beat { worker: u8 },
    /// Somebody who took a task tells how it went, even if the lease was lost since.
    Finish { which: u8, how: Ending },
    /// Somebody who unpacks a ZIP found so many images, from some `back` on which the job has already, and of `more` knows
    /// that they come.
    Unpack {
        which: u8,
        back: u8,
        images: u8,
        more: u8,
    },
    /// An owner calls a job off.
    Cancel { job: u8 },
    /// An owner asks once more.
    Retry { job: u8 },
    /// An owner's account is deleted.
    Erase { owner: u8 },
    /// What was forgotten is looked for.
    Sweep,
}

/// How a task went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Done,
    MayPass,
    Refused,
    Broken,
    Gone,
    GivenBack,
}

impl Act {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let ask = (proptest::bool::ANY, Deed::any());
        prop_oneof![
            30 => ask.prop_map(|(process, deed)| Self::Ask { process, deed }),
            4 => (Deed::any(), Deed::any()).prop_map(|(one, other)| Self::Together(one, other)),
            1 => (0..4_u8).prop_map(|worker| Self::Die { worker }),
            2 => (1..70_u8).prop_map(|seconds| Self::Wait { seconds }),
            3 => Just(Self::LoseLeases),
            1 => (1..4_u8).prop_map(|count| Self::LoseTickets { count }),
            1 => Just(Self::Restart),
            1 => Just(Self::RestartAll),
        ]
    }
}

impl Deed {
    fn any() -> impl Strategy<Value = Self> {
        let (owner, worker, any) = (0..3_u8, 0..4_u8, 0..=u8::MAX);
        let create = (owner.clone(), 1..4_u8, 0..2_u8);
        let create = create.prop_map(|(owner, images, refused)| Self::Create {
            owner,
            images,
            refused,
        });
        let unpack = (any.clone(), 0..3_u8, 0..4_u8, 0..12_u8);
        let unpack = unpack.prop_map(|(which, back, images, more)| Self::Unpack {
            which,
            back,
            images,
            more: more.saturating_sub(5),
        });
        let take = (worker.clone(), 1..9_u8);
        let again = (worker.clone(), any.clone());
        let finish = (any.clone(), Ending::any());
        prop_oneof![
            12 => create,
            4 => owner.clone().prop_map(|owner| Self::CreateFromZip { owner }),
            18 => take.prop_map(|(worker, count)| Self::Take { worker, count }),
            3 => again.prop_map(|(worker, which)| Self::TakeAgain { worker, which }),
            6 => worker.prop_map(|worker| Self::Beat { worker }),
            30 => finish.prop_map(|(which, how)| Self::Finish { which, how }),
            9 => unpack,
            3 => any.clone().prop_map(|job| Self::Cancel { job }),
            6 => any.prop_map(|job| Self::Retry { job }),
            1 => owner.prop_map(|owner| Self::Erase { owner }),
            6 => Just(Self::Sweep),
        ]
    }
}

impl Ending {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            10 => Just(Self::Done),
            4 => Just(Self::MayPass),
            1 => Just(Self::Refused),
            1 => Just(Self::Broken),
            1 => Just(Self::Gone),
            2 => Just(Self::GivenBack),
        ]
    }
}
