//! Models look at stored pictures, and people look at what models said.

use pupila_tests::{File, Pupila, Shape, stories, text};
use serde_json::{Value, json};

stories!(
    a_stored_picture_is_predicted_and_shown_beside_the_answer,
    a_person_has_the_last_word,
    the_same_picture_is_asked_again,
);

async fn predict(app: &Pupila, file: &File) -> (Value, Value) {
    let mut stored = app.send(app.upload("/v1/images", file, &[])).await.ok();
    let image = stored["items"][0]["image"].take();
    let question = json!({"image_id": image["id"]});
    let answer = app.post_json("/v1/predictions", &question).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    (image, answer.json())
}

async fn a_stored_picture_is_predicted_and_shown_beside_the_answer(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let (image, prediction) = predict(&app, &File::x_ray_of_pneumonia()).await;
    assert_eq!(prediction["output"]["label"], "PNEUMONIA");
    assert_eq!(prediction["image_id"], image["id"]);
    let picture = app.get(text(&prediction, "image_url")).await;
    assert!(
        picture.header("content-type").starts_with("image/"),
        "{}",
        picture.status
    );
    let of_image = format!("/v1/images/{}/predictions", text(&image, "id"));
    assert_eq!(app.all_pages(&of_image).await, [prediction]);
    let unknown = json!({"image_id": "01890000-0000-7000-8000-000000000000"});
    assert_eq!(app.post_json("/v1/predictions", &unknown).await.status, 404);
    let both = json!({"image_id": image["id"], "file": "x"});
    assert_eq!(app.post_json("/v1/predictions", &both).await.status, 400);
}

async fn a_person_has_the_last_word(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let (image, prediction) = predict(&app, &File::x_ray_of_pneumonia()).await;
    let id = text(&prediction, "id");
    let review = format!("/v1/predictions/{id}/review");
    let labelled = async |label: &str| {
        let found = app.all_pages(&format!("/v1/images?label={label}")).await;
        found
            .iter()
            .map(|image| image["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(labelled("PNEUMONIA").await, [image["id"].clone()]);
    let agreed = app
        .post_json(&review, &json!({"verdict": "agree"}))
        .await
        .ok();
    assert_eq!(agreed["review"]["label"], "PNEUMONIA");
    let other = json!({"verdict": "disagree", "label": "NORMAL", "comment": "An artefact."});
    app.post_json(&review, &other).await.ok();
    let record = app.get(&format!("/v1/predictions/{id}")).await.ok();
    assert_eq!(record["review"]["label"], "NORMAL");
    assert_eq!(
        record["output"]["label"], "PNEUMONIA",
        "what the model said stays"
    );
    assert_eq!(labelled("PNEUMONIA").await, [] as [Value; 0]);
    assert_eq!(labelled("NORMAL").await, [image["id"].clone()]);
    assert_eq!(
        app.all_pages("/v1/predictions?reviewed=true").await.len(),
        1
    );
    let nothing = app
        .post_json(&review, &json!({"verdict": "disagree"}))
        .await;
    assert_eq!(nothing.status, 400);
}

async fn the_same_picture_is_asked_again(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let (_, prediction) = predict(&app, &File::x_ray_of_pneumonia()).await;
    let id = text(&prediction, "id");
    let other = json!({"parameters": {"threshold": 0.99999}});
    let replay = app
        .post_json(&format!("/v1/predictions/{id}:replay"), &other)
        .await;
    assert_eq!(replay.status, 201, "{}", replay.text());
    let replay = replay.json();
    assert_eq!(replay["original"], prediction);
    assert_eq!(replay["replay"]["replay_of"], id);
    assert_eq!(
        replay["replay"]["output"]["label"], "NORMAL",
        "by another threshold"
    );

    let loose = app.record(&File::x_ray()).await;
    let path = format!("/v1/predictions/{}:replay", text(&loose, "id"));
    let answer = app.post_json(&path, &json!({})).await;
    assert_eq!(
        answer.status,
        409,
        "its picture was not stored: {}",
        answer.text()
    );
}
