//! What is offered waits once, and within bounds.

use std::collections::HashSet;

use pupila_core::{ErrorCode, Fault as _};
use pupila_queue::{Depth, Priority::Batch, Priority::Interactive};

use crate::{Bench, on_every_queue, tickets};

on_every_queue!(
    a_task_offered_twice_waits_once,
    a_task_in_a_workers_hands_is_not_offered_twice,
    a_settled_task_may_be_offered_again,
    a_large_offer_comes_out_whole,
    nothing_offered_is_nothing,
    a_full_queue_refuses_jobs_but_takes_tickets,
    nobody_fills_the_queue_alone,
    batches_leave_room_for_who_waits,
    how_much_is_here_is_known,
);

async fn a_task_offered_twice_waits_once(bench: Bench) {
    let ticket = bench.any();
    bench.offer(&[ticket, ticket]).await;
    bench.offer(&[ticket]).await;
    assert_eq!(tickets(&bench.take(10).await), [ticket]);
}

async fn a_task_in_a_workers_hands_is_not_offered_twice(bench: Bench) {
    let ticket = bench.any();
    bench.offer(&[ticket]).await;
    bench.take(1).await;
    bench.offer(&[ticket]).await;
    bench.offer_in(0, ticket).await;
    bench.nothing_comes().await;
}

async fn a_settled_task_may_be_offered_again(bench: Bench) {
    let ticket = bench.any();
    bench.offer(&[ticket]).await;
    let first = bench.take(1).await;
    bench.settle(&first).await;
    bench.offer(&[ticket]).await;
    let second = bench.take(1).await;
    assert_eq!(tickets(&second), [ticket]);
    assert_ne!(first, second, "they have receipts of their own");

    // The first is settled once more, late: that does not settle the second.
    bench.settle(&first).await;
    bench.pass(60);
    assert_eq!(bench.take(1).await, second);
}

async fn a_large_offer_comes_out_whole(bench: Bench) {
    let owners = [(); 7].map(|()| bench.user());
    let offered: Vec<_> = (0..2_500)
        .map(|at| {
            bench.ticket(
                owners[at % 7],
                if at % 3 == 0 { Interactive } else { Batch },
            )
        })
        .collect();
    bench.offer(&offered).await;
    let mut taken = Vec::new();
    while taken.len() < offered.len() {
        let deliveries = bench.take(5_000).await;
        bench.settle(&deliveries).await;
        taken.extend(tickets(&deliveries));
    }
    let whole = |tickets: &[_]| tickets.iter().copied().collect::<HashSet<_>>();
    assert_eq!(taken.len(), offered.len());
    assert_eq!(whole(&taken), whole(&offered));
    assert_eq!(bench.queue.depth().await.expect("known"), Depth::default());
}

async fn nothing_offered_is_nothing(bench: Bench) {
    bench.offer(&[]).await;
    bench.queue.offer_later(&[]).await.expect("nothing to do");
    bench.settle(&[]).await;
    bench.queue.announce(&[]).await.expect("nothing to say");
    assert_eq!(bench.take(0).await, []);
    bench.nothing_comes().await;
}

async fn a_full_queue_refuses_jobs_but_takes_tickets(bench: Bench) {
    let small = bench.of_at_most(3, Some(3)).await;
    let somebody = small.user();
    small.admit(somebody, Batch, 3).await.expect("they fit");
    for too_many in [4, usize::MAX] {
        let refused = small.admit(somebody, Batch, too_many).await;
        let refused = refused.expect_err("too many");
        assert_eq!(refused.code(), ErrorCode::ResourceExhausted);
        assert_eq!(refused.reason(), "QUEUE_FULL");
    }
    small.offer(&small.tickets(2, small.user(), Batch)).await;
    small.offer_in(60, small.any()).await;
    small.admit(somebody, Batch, 0).await.expect("always fits");
    small.admit(somebody, Batch, 1).await.expect_err("full");

    small.offer(&[small.any()]).await;
    let deliveries = small.take(9).await;
    assert_eq!(deliveries.len(), 3);
    small
        .admit(somebody, Batch, 0)
        .await
        .expect_err("over full");
    small.settle(&deliveries).await;
    small.admit(somebody, Batch, 2).await.expect("room again");
}

async fn nobody_fills_the_queue_alone(bench: Bench) {
    let bench = bench.of_at_most(100, None).await;
    let (ana, luis) = (bench.user(), bench.user());
    bench.offer(&bench.tickets(5, ana, Interactive)).await;
    bench.offer(&bench.tickets(4, ana, Batch)).await;
    bench.admit(ana, Batch, 1).await.expect("a tenth is hers");
    bench.admit(ana, Interactive, 2).await.expect_err("no more");
    bench
        .admit(luis, Batch, 10)
        .await
        .expect("he has nothing here");

    let hers = bench.take(9).await;
    bench
        .admit(ana, Interactive, 2)
        .await
        .expect_err("in hands");
    bench.settle(&hers).await;
    bench
        .admit(ana, Interactive, 2)
        .await
        .expect("they are done");
}

async fn batches_leave_room_for_who_waits(bench: Bench) {
    let bench = bench.of_at_most(10, Some(10)).await;
    bench.offer(&bench.tickets(8, bench.user(), Batch)).await;
    let luis = bench.user();
    bench.admit(luis, Batch, 1).await.expect("it fits");
    bench
        .admit(luis, Batch, 2)
        .await
        .expect_err("a tenth is kept");
    bench.admit(luis, Interactive, 2).await.expect("for this");
    bench.admit(luis, Interactive, 3).await.expect_err("full");
}

async fn how_much_is_here_is_known(bench: Bench) {
    bench.offer(&bench.tickets(4, bench.user(), Batch)).await;
    bench
        .offer(&bench.tickets(2, bench.user(), Interactive))
        .await;
    bench.offer_in(60, bench.any()).await;
    bench.take(3).await;
    let expected = Depth {
        interactive: 0,
        batch: 3,
        delayed: 1,
        unsettled: 3,
        dead: 0,
    };
    assert_eq!(bench.queue.depth().await.expect("known"), expected);
}
