//! Jobs outlive everything that they depend on: workers that are killed, a Redis that loses all that is in it, a MariaDB that
//! goes down. `PUPILA_TEST_JOBS=2000` runs it in full.

mod chaos;
mod orders;

use std::collections::{BTreeMap, BTreeSet};

use pupila_tests::{OwnServers, Pupila, Shape, text};
use serde_json::Value;

use self::orders::Orders;

/// How many workers share the work.
const WORKERS: usize = 3;
/// How many jobs a short run has.
const JOBS: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_job_ends_and_each_result_is_recorded_once() {
    let jobs = std::env::var("PUPILA_TEST_JOBS").ok();
    let jobs = jobs.map_or(JOBS, |text| text.parse().expect("a number of jobs"));
    let servers = OwnServers::start();
    let mut app = Pupila::of(Shape::Services)
        .with_servers(&servers)
        .with_workers(WORKERS)
        .with("history.jobs.lease_seconds", 3)
        .with("history.jobs.sweep_seconds", 1)
        .start()
        .await;
    let orders = Orders::prepare(&app, jobs).await;
    let api = pupila_tests::Api::clone(&app);
    let (asked, ()) = tokio::join!(
        orders.place(&api),
        chaos::until_all_ended(&mut app, &servers, jobs)
    );

    let ended: BTreeMap<String, Value> = app
        .all_pages("/v1/jobs?page_size=200")
        .await
        .into_iter()
        .map(|job| (text(&job, "id").to_owned(), job))
        .collect();
    assert_eq!(ended.len(), jobs, "no job is lost and none is made twice");
    let mut results = Results::default();
    for (id, order) in &asked {
        let job = &ended[id];
        assert_eq!(text(job, "state"), "SUCCEEDED", "{job}");
        let items = app.all_pages(&format!("/v1/jobs/{id}/items")).await;
        assert_eq!(items.len(), 1, "{items:?}");
        results.take(&items[0], order.kinds);
    }
    let predictions = app.all_pages("/v1/predictions?page_size=200").await;
    assert_eq!(
        ids(&predictions),
        results.predictions,
        "each prediction is recorded once, and is some job's"
    );
    let mut images = ids(&app.all_pages("/v1/images?page_size=200").await);
    images.retain(|id| !orders.images.contains(id));
    assert_eq!(
        images, results.images,
        "each image is stored once, and is some job's"
    );
}

/// What the jobs say came out of them.
#[derive(Default)]
struct Results {
    images: BTreeSet<String>,
    predictions: BTreeSet<String>,
}

impl Results {
    /// Takes what came out of an item, which has to be of those kinds.
    fn take(&mut self, item: &Value, kinds: &[&str]) {
        let results = item["results"].as_array().expect("results");
        assert_eq!(results.len(), kinds.len(), "{item}");
        for (result, kind) in results.iter().zip(kinds) {
            let (id, all) = match *kind {
                "image" => ("image_id", &mut self.images),
                _ => ("prediction_id", &mut self.predictions),
            };
            let id = text(&result[*kind], id).to_owned();
            assert!(all.insert(id), "the result of another item: {item}");
        }
    }
}

fn ids(things: &[Value]) -> BTreeSet<String> {
    let ids: BTreeSet<_> = things
        .iter()
        .map(|one| text(one, "id").to_owned())
        .collect();
    assert_eq!(ids.len(), things.len(), "a list has nothing twice");
    ids
}
