use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures_util::FutureExt as _;
use tokio::{
    task::AbortHandle,
    time::{Instant, sleep, timeout},
};

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

fn limit() -> TimeLimit {
    TimeLimit::new(HOUR)
}

async fn refused(places: &Places, owner: &str) {
    let limit = limit();
    let asked = places.take(owner, &limit).now_or_never();
    asked.expect("at once").expect_err("no place");
}

/// A task in line. Its place goes back at once.
fn in_line(places: &Places, owner: &'static str, told: &Arc<Mutex<Vec<&'static str>>>) {
    let (places, told) = (places.clone(), told.clone());
    tokio::spawn(async move {
        if places.take(owner, &limit()).await.is_ok() {
            told.lock().expect("whole").push(owner);
        }
    });
}

#[tokio::test]
async fn nobody_has_the_last_place_but_where_there_is_one() {
    let places = Places::new(2, 0);
    let first = places.take("eve", &limit()).await.expect("free");
    refused(&places, "eve").await;
    let _second = places.take("bob", &limit()).await.expect("free");
    drop(first);
    let _third = places.take("eve", &limit()).await.expect("free again");

    let single = Places::new(1, 0);
    let _only = single.take("eve", &limit()).await.expect("free");
    refused(&single, "bob").await;
}

#[tokio::test(start_paused = true)]
async fn who_was_served_least_recently_is_next() {
    let places = Places::new(1, 3);
    let told = Arc::default();
    for owner in ["ana", "bob"] {
        drop(places.take(owner, &limit()).await.expect("free"));
    }
    let busy = places.take("eve", &limit()).await.expect("free");
    for owner in ["bob", "ana", "new"] {
        in_line(&places, owner, &told);
    }
    tokio::task::yield_now().await;
    drop(busy);
    sleep(HOUR).await;
    assert_eq!(*told.lock().expect("whole"), ["new", "ana", "bob"]);
}

#[tokio::test(start_paused = true)]
async fn a_full_line_makes_room_for_who_had_no_turn() {
    let places = Places::new(2, 1);
    for owner in ["ana", "eve"] {
        drop(places.take(owner, &limit()).await.expect("free"));
    }
    let eve = places.take("eve", &limit()).await.expect("free");
    let _long = places.take("long", &limit()).await.expect("free");
    let (ana_limit, bob_limit) = (limit(), limit());
    let mut ana = Box::pin(places.take("ana", &ana_limit));
    assert!((&mut ana).now_or_never().is_none(), "in line");
    refused(&places, "eve").await;
    let mut bob = Box::pin(places.take("bob", &bob_limit));
    assert!((&mut bob).now_or_never().is_none(), "in line, before ana");
    ana.await.expect_err("sent away");
    drop(eve);
    bob.await.expect("in turn");
}

#[tokio::test]
async fn what_is_called_off_holds_no_place_in_line() {
    let places = Places::new(1, 2);
    let busy = places.take("eve", &limit()).await.expect("free");
    let (off, waits) = (limit(), limit());
    let mut called_off = Box::pin(places.take("ana", &off));
    assert!((&mut called_off).now_or_never().is_none());
    let mut bob = Box::pin(places.take("bob", &waits));
    assert!((&mut bob).now_or_never().is_none());
    drop(called_off);
    drop(busy);
    drop(bob.await.expect("in turn"));
    let _free = places.take("eve", &limit()).await.expect("free again");
}

/// A delivery to a program that answers after `takes`, as often as it is given back. Answers how long it waited for its turn.
async fn delivered(places: Places, owner: &str, takes: Duration, asked: &AtomicUsize) -> Duration {
    let start = Instant::now();
    loop {
        asked.fetch_add(1, Relaxed);
        match places.take(owner, &limit()).await {
            Ok(_place) => {
                let waited = start.elapsed();
                sleep(takes).await;
                return waited;
            }
            Err(delay) => sleep(delay).await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn bobs_delivery_is_made_soon_although_eve_has_many_that_hang() {
    const HANGS: Duration = Duration::from_secs(10);
    for (most, waiting) in [(1, 1), (2, 2), (4, 4)] {
        let places = Places::new(most, waiting);
        let asked = Arc::new(AtomicUsize::new(0));
        let eve: Vec<AbortHandle> = (0..150)
            .map(|_| {
                let (places, asked) = (places.clone(), asked.clone());
                let hangs = async move { delivered(places, "eve", HANGS, &asked).await };
                tokio::spawn(hangs).abort_handle()
            })
            .collect();
        sleep(HANGS * 6).await;
        let waited = delivered(places.clone(), "bob", Duration::ZERO, &asked).await;
        assert!(waited <= HANGS, "{most} places: {waited:?}");
        let asked = asked.load(Relaxed);
        assert!(asked < 150 + 70 * 10, "{most} places: asked {asked} times");
        eve.iter().for_each(AbortHandle::abort);
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_in_line_takes_no_time_of_the_attempt() {
    let places = Places::new(1, 1);
    let _busy = places.take("eve", &limit()).await.expect("free");
    let short = TimeLimit::new(Duration::from_secs(1));
    let attempt = async {
        tokio::select! {
            _ = places.take("bob", &short) => {}
            () = short.passed() => {}
        }
    };
    assert!(timeout(HOUR, attempt).await.is_err());
}
