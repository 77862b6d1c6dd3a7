//! Pictures are stored, found, looked at in other sizes, and deleted.

use std::collections::HashSet;

use pupila_tests::{File, Part, Pupila, Shape, User, stories, text};
use reqwest::Method;
use serde_json::json;

stories!(
    many_files_are_stored_and_each_has_its_own_result,
    the_bytes_come_back_as_they_went_in,
    a_picture_is_found_again,
    a_place_is_kept_only_where_its_owner_wants,
    nobody_stores_more_than_they_may,
    a_repeated_upload_is_one_image,
    nobody_overwrites_what_they_have_not_seen,
    pictures_are_deleted_with_their_bytes,
);

async fn many_files_are_stored_and_each_has_its_own_result(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let files = [
        File::x_ray(),
        File::truncated_jpeg(),
        File::heic(),
        File::numbered(1),
    ];
    let answer = app.send(app.upload_many("/v1/images", &files)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let answer = answer.json();
    let items = answer["items"].as_array().expect("items");
    assert_eq!(items.len(), 4);
    assert_eq!(items[0]["image"]["format"], "jpeg");
    assert_eq!(items[1]["error"]["code"], "IMAGE_UNREADABLE");
    assert_eq!(items[2]["error"]["code"], "UNSUPPORTED_FORMAT");
    assert_eq!(items[3]["filename"], "1.png");
    assert_eq!(app.all_pages("/v1/images").await.len(), 2);

    let bad = app
        .send(app.upload("/v1/images", &File::png_bomb(), &[]))
        .await;
    assert_alike!(bad.problem(), @"
    422 Unprocessable Entity TOO_MANY_PIXELS
    the image is 100000 x 100000 pixels; at most 50000000 pixels are allowed, and 65535 a side
    ");
}

async fn the_bytes_come_back_as_they_went_in(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let file = File::x_ray();
    let image = app.store(&file).await;
    let content = format!("/v1/images/{}/content", text(&image, "id"));
    let whole = app.get(&content).await;
    assert_eq!(whole.status, 200);
    assert!(whole.body == file.bytes, "byte for byte");
    assert_eq!(whole.header("content-type"), "image/jpeg");
    let length = file.bytes.len();
    assert_eq!(whole.header("content-length"), length.to_string());
    let etag = whole.header("etag").to_owned();

    let get =
        |name: &'static str, value: String| app.request(Method::GET, &content).header(name, value);
    let known = app.send(get("if-none-match", etag)).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    let part = app.send(get("range", "bytes=100-199".into())).await;
    assert_eq!(part.status, 206);
    assert_eq!(
        part.header("content-range"),
        format!("bytes 100-199/{length}")
    );
    assert!(part.body == file.bytes[100..200]);
    let end = app.send(get("range", "bytes=-7".into())).await;
    assert!(end.body == file.bytes[length - 7..]);
    let beyond = app.send(get("range", format!("bytes={length}-"))).await;
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    let head = app.send(app.request(Method::HEAD, &content)).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
}

async fn a_picture_is_found_again(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let x_ray = app.store(&File::x_ray()).await;
    app.store(&File::numbered(1)).await;
    let address = format!("/v1/images/{}", text(&x_ray, "id"));
    let description = json!({"description": "Thorax of 100% of Ana"});
    app.patch_json(&address, &description).await.ok();
    for query in [
        "text=thorax",
        "text=100%25",
        "format=jpeg",
        "text=IM-0027",
        "format=jpeg&text=ana",
    ] {
        let found = app.all_pages(&format!("/v1/images?{query}")).await;
        assert_eq!(found.len(), 1, "{query}");
        assert_eq!(found[0]["id"], x_ray["id"], "{query}");
    }
    for query in ["text=th%25rax", "format=gif", "until=2020-01-01", "text=_"] {
        assert!(
            app.all_pages(&format!("/v1/images?{query}"))
                .await
                .is_empty(),
            "{query}"
        );
    }
}

async fn a_place_is_kept_only_where_its_owner_wants(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let file = File::x_ray().geotagged();
    let image = app.store(&file).await;
    assert_eq!(image["camera"], "Cam");
    assert!(image["location"].is_null(), "{image}");
    let content = format!("/v1/images/{}/content", text(&image, "id"));
    assert!(
        app.get(&content).await.body != file.bytes,
        "it is not in the file any more either"
    );

    let kept = app.upload("/v1/images", &file, &[("keep_location", "true")]);
    let kept = app.send(kept).await.ok()["items"][0]["image"].take();
    assert_eq!(kept["location"]["latitude"], 40.25, "{kept}");
    assert_eq!(kept["location"]["longitude"], -3.5, "{kept}");
    let content = format!("/v1/images/{}/content", text(&kept, "id"));
    assert!(app.get(&content).await.body == file.bytes);
}

async fn nobody_stores_more_than_they_may(shape: Shape) {
    let file = File::x_ray();
    let app = Pupila::of(shape)
        .with("images.quota_bytes", file.bytes.len() * 2)
        .start()
        .await;
    app.store(&file).await;
    let second = app.store(&file).await;
    let third = app.send(app.upload("/v1/images", &file, &[])).await;
    assert_eq!(third.status, 403);
    assert_eq!(third.json()["code"], "QUOTA_EXCEEDED");
    app.delete(&format!("/v1/images/{}", text(&second, "id")))
        .await;
    app.store(&file).await;
    let usage = app.get("/v1/me/usage").await.ok();
    assert_eq!(usage["bytes"], usage["quota_bytes"]);
}

async fn a_repeated_upload_is_one_image(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let upload = |file: &File| {
        app.upload("/v1/images", file, &[])
            .header("idempotency-key", "k-1")
    };
    let first = app.send(upload(&File::x_ray())).await.ok();
    let second = app.send(upload(&File::x_ray())).await.ok();
    assert_eq!(
        first["items"][0]["image"]["id"],
        second["items"][0]["image"]["id"]
    );
    assert_eq!(app.all_pages("/v1/images").await.len(), 1);
    let other = app.send(upload(&File::numbered(1))).await;
    assert_eq!(other.status, 409, "{}", other.text());
    let ask = || {
        let question = json!({"image_id": first["items"][0]["image"]["id"]});
        app.request(Method::POST, "/v1/predictions")
            .json(&question)
            .header("idempotency-key", "p-1")
    };
    let (one, two) = tokio::join!(app.send(ask()), app.send(ask()));
    assert_eq!(one.ok()["id"], two.ok()["id"]);
    assert_eq!(app.all_pages("/v1/predictions").await.len(), 1);
}

async fn nobody_overwrites_what_they_have_not_seen(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let image = app.store(&File::x_ray()).await;
    let address = format!("/v1/images/{}", text(&image, "id"));
    let etag = app.get(&address).await.header("etag").to_owned();
    let patch = |name: &str| {
        let request = app
            .request(Method::PATCH, &address)
            .json(&json!({"name": name}));
        request.header("if-match", &etag)
    };
    let mine = app.send(patch("mine.jpeg")).await;
    assert_eq!(mine.status, 200);
    assert_ne!(mine.header("etag"), etag);
    let theirs = app.send(patch("theirs.jpeg")).await;
    assert_eq!(theirs.status, 412);
    assert_eq!(app.get(&address).await.ok()["name"], "mine.jpeg");
    let gone = app
        .request(Method::DELETE, &address)
        .header("if-match", &etag);
    assert_eq!(app.send(gone).await.status, 412);
}

async fn pictures_are_deleted_with_their_bytes(shape: Shape) {
    let app = Pupila::of(shape)
        .with("images.sweep.grace_seconds", 0)
        .start()
        .await;
    let first = app.store(&File::x_ray()).await;
    let second = app.store(&File::x_ray()).await;
    app.get(&format!(
        "/v1/images/{}/rendition?width=50",
        text(&first, "id")
    ))
    .await;
    assert_eq!(
        app.delete(&format!("/v1/images/{}", text(&first, "id")))
            .await
            .status,
        204
    );
    let content = format!("/v1/images/{}/content", text(&second, "id"));
    assert_eq!(
        app.get(&content).await.status,
        200,
        "somebody else still has it"
    );
    assert_eq!(
        app.delete(&format!("/v1/images/{}", text(&second, "id")))
            .await
            .status,
        204
    );
    app.post("/v1/admin/storage:sweep").await.ok();
    let sweep = app.post("/v1/admin/storage:sweep").await.ok();
    assert_eq!(sweep["objects_seen"], 0, "{sweep}");
    assert_eq!(sweep["missing_sha256"], json!([]));
}

#[tokio::test]
async fn without_accounts_ones_own_pictures_are_still_there() {
    let mut app = Pupila::of(Shape::Services).with_accounts().start().await;
    let ana = User::register(&app, "ana").await;
    let image = ana.store(&File::x_ray()).await;
    app.program(Part::Accounts).kill().await;
    let address = format!("/v1/images/{}", text(&image, "id"));
    assert_eq!(ana.get(&address).await.status, 200);
    assert_eq!(ana.get("/v1/albums").await.status, 503);
    app.program(Part::Accounts).start().await;
}

#[tokio::test]
async fn a_list_does_not_move_while_pictures_arrive() {
    let app = Pupila::of(Shape::Standalone).start().await;
    for number in 0..10 {
        app.store(&File::numbered(number)).await;
    }
    let first = app.get("/v1/images?page_size=4").await.ok();
    app.store(&File::numbered(10)).await;
    let token = text(&first, "next_page_token");
    let rest = app
        .get(&format!("/v1/images?page_size=200&page_token={token}"))
        .await
        .ok();
    let pages = [&first["items"], &rest["items"]];
    let names: Vec<_> = pages
        .into_iter()
        .flat_map(|page| page.as_array().expect("items"))
        .collect();
    let ids: HashSet<_> = names.iter().map(|image| text(image, "id")).collect();
    assert_eq!(
        (names.len(), ids.len()),
        (10, 10),
        "none twice, none left out"
    );
}
