//! Work over images, asked for and done.

use pupila_tests::{File, Pupila, Shape, User, stories, text};
use serde_json::{Value, json};

stories!(
    an_upload_is_resized_and_classified,
    one_bad_file_fails_its_item_and_not_the_batch,
    stored_images_and_albums_are_worked_on,
    steps_follow_each_other,
    a_stranger_sees_nothing,
);

/// Who asks in most stories.
async fn ana(app: &Pupila) -> User {
    User::register(app, "ana").await
}

fn resize() -> Value {
    json!([{"operation": "resize", "parameters": {"width": 100}}])
}

async fn an_upload_is_resized_and_classified(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let (ana, luis) = (ana(&app).await, User::register(&app, "luis").await);
    let steps = json!([resize()[0], {"model": "pneumonia"}]);
    let id = ana.submit(&steps, &[File::x_ray_of_pneumonia()]).await;
    let job = ana.ended(&id).await;
    assert_eq!(job["state"], "SUCCEEDED");
    assert_eq!(job["owner"], ana.id);
    assert_eq!(job["priority"], "interactive", "there is one image");
    assert_eq!(job["steps"][1]["version"], 1, "pinned when it was made");
    let item = ana.items(&id).await.remove(0);
    let [made, answer] = [
        &item["results"][0]["image"],
        &item["results"][1]["prediction"],
    ];
    assert_eq!(made["width"], 100);
    assert_eq!(answer["label"], "PNEUMONIA");

    let image = format!("/v1/images/{}", text(made, "image_id"));
    assert_eq!(ana.get(&image).await.ok()["width"], 100);
    let content = ana.get(&format!("{image}/content")).await;
    assert_eq!(content.header("content-type"), "image/jpeg");
    let prediction = format!("/v1/predictions/{}", text(answer, "prediction_id"));
    let record = ana.get(&prediction).await.ok();
    assert_eq!(
        record["image_id"], made["image_id"],
        "the model saw what was made"
    );
    assert_eq!(
        ana.all_pages("/v1/images").await.len(),
        2,
        "the original too"
    );
    for path in [image, prediction] {
        assert_eq!(luis.get(&path).await.status, 404, "{path}");
    }
}

async fn one_bad_file_fails_its_item_and_not_the_batch(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let bad = [File::truncated_jpeg(), File::heic(), File::png_bomb()];
    let files = [&bad[..], &[File::x_ray()]].concat();
    let id = app.submit(&resize(), &files).await;
    let job = app.ended(&id).await;
    assert_eq!(job["state"], "SUCCEEDED", "something came out");
    assert_eq!(
        job["counts"],
        json!({"total": 4, "queued": 0, "running": 0, "succeeded": 1, "failed": 3, "cancelled": 0})
    );
    let items = app.items(&id).await;
    let told: Vec<_> = items
        .iter()
        .map(|item| {
            format!(
                "{} {} {}",
                item["filename"], item["state"], item["failure"]["code"]
            )
        })
        .collect();
    assert_alike!(told.join("\n"), @r#"
    "truncated.jpeg" "FAILED" "IMAGE_UNREADABLE"
    "photo.heic" "FAILED" "UNSUPPORTED_FORMAT"
    "bomb.png" "FAILED" "TOO_MANY_PIXELS"
    "IM-0027-0001.jpeg" "SUCCEEDED" null
    "#);
    let failed = app
        .all_pages(&format!("/v1/jobs/{id}/items?state=FAILED"))
        .await;
    assert_eq!(failed.len(), 3);

    let refused = app.send(app.job_form(&resize(), &[], &bad)).await;
    assert_eq!(
        refused.status,
        422,
        "nothing can be done: {}",
        refused.text()
    );
    assert_eq!(app.all_pages("/v1/jobs").await.len(), 1);
}

async fn stored_images_and_albums_are_worked_on(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let ana = ana(&app).await;
    let mut images = Vec::new();
    for number in 0..6 {
        let image = ana.store(&File::numbered(number)).await;
        images.push(text(&image, "id").to_owned());
    }
    images.reverse();
    let ids: Vec<_> = images.iter().map(String::as_str).collect();
    let album = ana.album("Ward 7", &ids[..2]).await;
    let worked_on = async |job: Value| {
        let answer = ana.post_json("/v1/jobs", &job).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        let job = answer.json();
        let location = format!("/v1/jobs/{}", text(&job, "id"));
        assert_eq!(answer.header("location"), location);
        let ended = ana.ended(text(&job, "id")).await;
        assert_eq!(ended["state"], "SUCCEEDED", "{ended}");
        let items = ana.items(text(&job, "id")).await;
        let seen: Vec<_> = items
            .iter()
            .map(|item| text(item, "image_id").to_owned())
            .collect();
        (ended, seen)
    };
    let (job, seen) =
        worked_on(json!({"image_ids": ids, "steps": resize(), "name": "Monday"})).await;
    assert_eq!(seen, ids, "in the order in which they were named");
    assert_eq!(
        (&job["name"], &job["priority"]),
        (&json!("Monday"), &json!("batch"))
    );
    let order = json!({"album_id": album, "steps": resize(), "priority": "batch"});
    let (job, seen) = worked_on(order).await;
    assert_eq!(seen, ids[..2], "in the album's order");
    assert_eq!(job["priority"], "batch", "as asked for");

    let unknown = "01890000-0000-7000-8000-000000000000";
    let order = json!({"image_ids": [ids[0], unknown], "steps": resize()});
    let refused = ana.post_json("/v1/jobs", &order).await.problem();
    assert_alike!(refused, @r"
    404 Not Found IMAGE_NOT_FOUND
    images that do not exist, or that you may not see: `01890000-0000-7000-8000-000000000000`
    /image_ids: images that do not exist, or that you may not see: `01890000-0000-7000-8000-000000000000`
    ");
    let empty = ana.album("Empty", &[]).await;
    let order = json!({"album_id": empty, "steps": resize()});
    let refused = ana.post_json("/v1/jobs", &order).await.problem();
    assert_alike!(refused, @r"
    400 Bad Request INVALID_ARGUMENT
    has no images that you may see
    /album_id: has no images that you may see
    ");
}

async fn steps_follow_each_other(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let steps = json!([
        {"model": "pneumonia", "parameters": {"threshold": 0.99999}},
        resize()[0],
        {"operation": "grayscale"},
        {"model": "pneumonia", "version": 1},
        {"operation": "convert", "parameters": {"format": "webp"}},
    ]);
    let id = app.submit(&steps, &[File::x_ray_of_pneumonia()]).await;
    let job = app.ended(&id).await;
    assert_eq!(job["steps"][0]["parameters"], json!({"threshold": 0.99999}));
    let item = app.items(&id).await.remove(0);
    let results = item["results"].as_array().expect("results");
    let places: Vec<_> = results.iter().map(|result| &result["step"]).collect();
    assert_eq!(
        places,
        [0, 2, 3, 4],
        "operations in a row are one image: {item}"
    );
    assert_eq!(
        results[0]["prediction"]["label"], "NORMAL",
        "by another threshold"
    );
    assert_eq!(results[3]["image"]["format"], "webp");
    let asked_about = async |place: usize| {
        let id = text(&results[place]["prediction"], "prediction_id");
        app.get(&format!("/v1/predictions/{id}")).await.ok()["image_id"].clone()
    };
    assert_eq!(asked_about(0).await, item["image_id"]);
    assert_eq!(asked_about(2).await, results[1]["image"]["image_id"]);
}

async fn a_stranger_sees_nothing(shape: Shape) {
    let app = Pupila::of(shape).with_accounts().start().await;
    let (ana, luis) = (ana(&app).await, User::register(&app, "luis").await);
    let image = ana.store(&File::x_ray()).await;
    let image = text(&image, "id");
    let id = ana.submit_stored(&resize(), &[image]).await;
    ana.ended(&id).await;
    for path in [
        "",
        "/items",
        "/report",
        "/report?format=csv",
        "/archive",
        "/events",
    ] {
        let path = format!("/v1/jobs/{id}{path}");
        assert_eq!(luis.get(&path).await.status, 404, "{path}");
    }
    for verb in ["cancel", "retry"] {
        let path = format!("/v1/jobs/{id}:{verb}");
        assert_eq!(luis.post(&path).await.status, 404, "{path}");
    }
    assert_eq!(luis.all_pages("/v1/jobs").await, [] as [Value; 0]);

    let theirs = json!({"image_ids": [image], "steps": resize()});
    assert_eq!(luis.post_json("/v1/jobs", &theirs).await.status, 404);
    let stamp = json!([{"operation": "watermark_image", "parameters": {"image": image}}]);
    let stamped = luis
        .send(luis.job_form(&stamp, &[], &[File::x_ray()]))
        .await;
    assert_eq!(stamped.status, 404, "{}", stamped.text());
    assert_eq!(
        luis.all_pages("/v1/images").await,
        [] as [Value; 0],
        "nothing was stored"
    );
    let stamped = ana.submit(&stamp, &[File::numbered(1)]).await;
    assert_eq!(ana.ended(&stamped).await["state"], "SUCCEEDED");
}
