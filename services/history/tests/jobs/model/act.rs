//! What may happen.

use proptest::{
    prelude::{Just, Strategy},
    prop_oneof,
};

/// What may happen. Numbers choose among what there is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Somebody asks for a job over so many images, some of which are none.
    Create { images: u8, refused: u8 },
    /// Somebody asks for a job over a ZIP.
    CreateFromZip,
    /// A worker takes up to so many of what is offered.
    Take { worker: u8, count: u8 },
    /// A worker is heard of.
    Beat { worker: u8 },
    /// A worker dies, and forgets what it held.
    Die { worker: u8 },
    /// Somebody who took a task tells how it went, even if the lease was lost since.
    Finish { which: u8, how: Ending },
    /// Somebody who unpacks a ZIP found so many images.
    Unpack { which: u8, images: u8 },
    /// An owner calls a job off.
    Cancel { job: u8 },
    /// An owner asks once more.
    Retry { job: u8 },
    /// Time passes.
    Wait { seconds: u8 },
    /// What was forgotten is looked for.
    Sweep,
    /// Both, so that leases run out of which nobody was heard.
    LoseLeases,
    /// Tickets get lost on their way.
    LoseTickets { count: u8 },
    /// History starts again, with an empty queue.
    Restart,
    /// The one process that does everything starts again.
    RestartAll,
}

/// How a task went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    Done,
    MayPass,
    Final,
    GivenBack,
}

impl Act {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        let some = 0..4_u8;
        prop_oneof![
            4 => (1..4_u8, 0..2_u8).prop_map(|(images, refused)| Self::Create { images, refused }),
            1 => Just(Self::CreateFromZip),
            6 => (some.clone(), 1..9_u8).prop_map(|(worker, count)| Self::Take { worker, count }),
            2 => some.clone().prop_map(|worker| Self::Beat { worker }),
            1 => some.clone().prop_map(|worker| Self::Die { worker }),
            10 => (0..=u8::MAX, Ending::any()).prop_map(|(which, how)| Self::Finish { which, how }),
            2 => (0..=u8::MAX, 0..3_u8).prop_map(|(which, images)| Self::Unpack { which, images }),
            1 => (0..=u8::MAX).prop_map(|job| Self::Cancel { job }),
            2 => (0..=u8::MAX).prop_map(|job| Self::Retry { job }),
            2 => (1..70_u8).prop_map(|seconds| Self::Wait { seconds }),
            2 => Just(Self::Sweep),
            3 => Just(Self::LoseLeases),
            1 => (1..4_u8).prop_map(|count| Self::LoseTickets { count }),
            1 => Just(Self::Restart),
            1 => Just(Self::RestartAll),
        ]
    }
}

impl Ending {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            5 => Just(Self::Done),
            2 => Just(Self::MayPass),
            1 => Just(Self::Final),
            1 => Just(Self::GivenBack),
        ]
    }
}
