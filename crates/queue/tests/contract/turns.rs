//! Who comes first.

use pupila_queue::Priority::{Batch, Interactive};

use crate::{Bench, on_every_queue, tickets};

on_every_queue!(
    a_users_tasks_come_in_their_order,
    users_take_turns_however_much_one_has,
    turns_go_on_over_many_takes,
    a_user_who_had_nothing_left_queues_up_again,
    interactive_overtakes_batch,
    batches_are_not_starved,
    batches_do_not_hold_up_the_interactive_after_a_quiet_time,
);

async fn a_users_tasks_come_in_their_order(bench: Bench) {
    let offered = bench.tickets(20, bench.user(), Batch);
    bench.offer(&offered[..10]).await;
    bench.offer(&offered[10..]).await;
    assert_eq!(tickets(&bench.take(7).await), offered[..7]);
    assert_eq!(tickets(&bench.take(100).await), offered[7..]);
}

async fn users_take_turns_however_much_one_has(bench: Bench) {
    let ana = bench.tickets(1_000, bench.user(), Batch);
    let luis = bench.tickets(3, bench.user(), Batch);
    bench.offer(&ana).await;
    bench.offer(&luis).await;
    let expected = [
        ana[0], luis[0], ana[1], luis[1], ana[2], luis[2], ana[3], ana[4],
    ];
    assert_eq!(tickets(&bench.take(8).await), expected);
}

async fn turns_go_on_over_many_takes(bench: Bench) {
    let [ana, luis, eva] = [(); 3].map(|()| bench.tickets(2, bench.user(), Interactive));
    for tickets in [&ana, &luis, &eva] {
        bench.offer(tickets).await;
    }
    for expected in [ana[0], luis[0], eva[0], ana[1], luis[1], eva[1]] {
        assert_eq!(bench.take_one().await, expected);
    }
}

async fn a_user_who_had_nothing_left_queues_up_again(bench: Bench) {
    let (ana, luis) = (bench.user(), bench.user());
    let [first, second] = [(); 2].map(|()| bench.ticket(ana, Batch));
    let others = bench.tickets(2, luis, Batch);
    bench.offer(&[first]).await;
    bench.offer(&others).await;
    assert_eq!(bench.take_one().await, first);
    bench.offer(&[second]).await;
    assert_eq!(
        tickets(&bench.take(3).await),
        [others[0], second, others[1]]
    );
}

async fn interactive_overtakes_batch(bench: Bench) {
    let batch = bench.tickets(5, bench.user(), Batch);
    let interactive = bench.tickets(2, bench.user(), Interactive);
    bench.offer(&batch).await;
    bench.offer(&interactive).await;
    let taken = tickets(&bench.take(3).await);
    assert_eq!(taken, [interactive[0], interactive[1], batch[0]]);
}

async fn batches_are_not_starved(bench: Bench) {
    let batch = bench.tickets(2, bench.user(), Batch);
    bench.offer(&batch).await;
    let mut taken = Vec::new();
    for _ in 0..16 {
        // There is always somebody who cannot wait.
        bench
            .offer(&bench.tickets(2, bench.user(), Interactive))
            .await;
        taken.push(bench.take_one().await);
    }
    let places: Vec<_> = (0..16).filter(|&at| taken[at].priority == Batch).collect();
    assert_eq!(places, [7, 15], "every eighth");
}

async fn batches_do_not_hold_up_the_interactive_after_a_quiet_time(bench: Bench) {
    // Those that overtook nobody do not count.
    bench
        .offer(&bench.tickets(20, bench.user(), Interactive))
        .await;
    bench.take(20).await;
    bench.offer(&[bench.any()]).await;
    bench
        .offer(&bench.tickets(7, bench.user(), Interactive))
        .await;
    let taken = tickets(&bench.take(8).await);
    assert_eq!(taken[7].priority, Batch);
}
