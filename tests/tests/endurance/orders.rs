//! Jobs of mixed kinds, asked for by clients who do not give up.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};
use pupila_tests::{Api, File, eventually, text};
use reqwest::Method;
use serde_json::{Value, json};

/// Clients who ask at once.
const CLIENTS: usize = 8;
/// Images that the jobs are about.
const IMAGES: usize = 20;

/// What is asked for, and what has to come out of it.
pub(crate) struct Orders {
    /// The stored images that the jobs are about.
    pub(crate) images: BTreeSet<String>,
    orders: Vec<Order>,
}

/// A job to be asked for.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    key: String,
    request: Value,
    /// The kinds of its results, in order.
    pub(crate) kinds: &'static [&'static str],
}

impl Orders {
    /// Stores the images and thinks of so many jobs.
    pub(crate) async fn prepare(api: &Api, count: usize) -> Self {
        let mut images = Vec::new();
        for number in 0..IMAGES {
            let image = api.store(&File::numbered(number)).await;
            images.push(text(&image, "id").to_owned());
        }
        let orders = (0..count).map(|number| order(number, &images[number % IMAGES]));
        Self {
            orders: orders.collect(),
            images: images.into_iter().collect(),
        }
    }

    /// Asks for all of them. Answers which job each became.
    pub(crate) async fn place(&self, api: &Api) -> BTreeMap<String, Order> {
        stream::iter(self.orders.clone())
            .map(|order| async move { (ask(api, &order).await, order) })
            .buffer_unordered(CLIENTS)
            .collect()
            .await
    }
}

fn order(number: usize, image: &str) -> Order {
    let operation =
        |name: &str, parameters: Value| json!({"operation": name, "parameters": parameters});
    let resize = operation("resize", json!({"width": 16}));
    let grey = operation("grayscale", json!({}));
    let turn = operation("rotate", json!({"angle": 90}));
    let model = json!({"model": "pneumonia"});
    let (steps, kinds): (Vec<Value>, &[&str]) = match number % 5 {
        0 => (vec![resize], &["image"]),
        1 => (vec![model], &["prediction"]),
        2 => (vec![resize, model], &["image", "prediction"]),
        3 => (vec![grey, turn], &["image"]),
        _ => (vec![model, grey], &["prediction", "image"]),
    };
    Order {
        key: format!("order-{number}"),
        request: json!({"name": format!("order {number}"), "image_ids": [image], "steps": steps}),
        kinds,
    }
}

/// Asks until there is an answer. However often that is, the key makes it one job.
async fn ask(api: &Api, order: &Order) -> String {
    eventually(&order.key, async || {
        let request = api
            .request(Method::POST, "/v1/jobs")
            .header("idempotency-key", &order.key)
            .json(&order.request);
        let answer = api.try_send(request).await.ok()?;
        match answer.status {
            201 => Some(text(&answer.json(), "id").to_owned()),
            429 | 500.. => None,
            _ => panic!("{}", answer.text()),
        }
    })
    .await
}
