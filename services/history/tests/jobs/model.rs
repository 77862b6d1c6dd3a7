//! Whatever happens in whatever order, no item is lost, none ends twice, and none is stuck.

mod act;
mod books;
mod call;
mod check;
mod plan;
mod toil;
mod world;

use proptest::{
    prelude::{ProptestConfig, Strategy as _},
    proptest,
};

use act::Act;
use world::World;

proptest! {
    // Each has up to a hundred acts. `PROPTEST_CASES` asks for more.
    #![proptest_config(ProptestConfig {
        cases: 64,
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_job_is_lost_or_stuck_and_no_item_ends_twice(
        acts in proptest::collection::vec(Act::any(), 1..100).prop_map(Acts),
        share in proptest::sample::select(vec![8_u16, 1_010, 10_000]),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let mut world = World::new(share).await;
            for act in acts.0 {
                world.act(act).await;
                world.check().await;
            }
            world.work_until_all_is_done().await;
        });
    }
}

/// Told one by one where they fail.
#[derive(Debug, Clone)]
struct Acts(Vec<Act>);
