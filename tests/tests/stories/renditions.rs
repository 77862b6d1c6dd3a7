//! Pictures in other sizes and forms.

use pupila_tests::{File, Pupila, Shape, stories, text};
use reqwest::Method;
use serde_json::json;

stories!(
    a_rendition_is_what_was_asked_for,
    pictures_come_out_upright,
    a_profile_picture_is_no_image_of_the_library,
);

async fn a_rendition_is_what_was_asked_for(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let image = app.store(&File::x_ray()).await;
    let (width, height) = (&image["width"], &image["height"]);
    let rendition = format!("/v1/images/{}/rendition", text(&image, "id"));
    let small = app
        .get(&format!(
            "{rendition}?width=100&height=80&fit=cover&format=png"
        ))
        .await;
    assert_eq!(small.header("content-type"), "image/png");
    assert_eq!(size(&small.body), (100, 80));
    let etag = small.header("etag").to_owned();
    let again = app
        .get(&format!(
            "{rendition}?width=100&height=80&fit=cover&format=png"
        ))
        .await;
    assert!(again.body == small.body && again.header("etag") == etag);
    let known = app.request(
        Method::GET,
        &format!("{rendition}?width=100&height=80&fit=cover&format=png"),
    );
    assert_eq!(
        app.send(known.header("if-none-match", etag)).await.status,
        304
    );

    let large = app.get(&format!("{rendition}?width=5000&format=png")).await;
    let (w, h) = size(&large.body);
    assert_eq!(
        (&json!(w), &json!(h)),
        (width, height),
        "it is not enlarged"
    );
    let taken = app
        .request(Method::GET, &rendition)
        .header("accept", "image/webp,*/*;q=0.1");
    let taken = app.send(taken).await;
    assert_eq!(taken.header("content-type"), "image/webp");
    assert!(taken.header("vary").to_lowercase().contains("accept"));
    let preset = app.get(&format!("{rendition}?preset=thumbnail")).await;
    assert_eq!(preset.status, 200);

    let wrong = app
        .get(&format!(
            "{rendition}?width=0&quality=101&rotate=45&fit=around"
        ))
        .await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
    let wrong = app.get(&format!("{rendition}?preset=poster")).await;
    assert_eq!(wrong.status, 400, "{}", wrong.text());
}

async fn pictures_come_out_upright(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    let upright = File::x_ray_of_pneumonia();
    let image = app.store(&upright).await;
    let (width, height) = (image["width"].clone(), image["height"].clone());
    for orientation in 1..=8 {
        let image = app.store(&upright.turned(orientation)).await;
        let (w, h) = (image["width"].clone(), image["height"].clone());
        let expected = if orientation < 5 {
            (&width, &height)
        } else {
            (&height, &width)
        };
        assert_eq!((&w, &h), expected, "{orientation}");
        let path = format!("/v1/images/{}/rendition?format=png", text(&image, "id"));
        let (w2, h2) = size(&app.get(&path).await.body);
        assert_eq!((json!(w2), json!(h2)), (w, h), "{orientation}");
    }
}

async fn a_profile_picture_is_no_image_of_the_library(shape: Shape) {
    let app = Pupila::of(shape).start().await;
    assert_eq!(app.get("/v1/me/avatar").await.status, 404);
    for number in 0..2 {
        let form = app.form(Method::PUT, "/v1/me/avatar", &File::numbered(number));
        app.send(form).await.ok();
    }
    let picture = app
        .get("/v1/me/avatar?width=32&height=32&fit=cover&format=png")
        .await;
    assert_eq!(size(&picture.body), (32, 32));
    assert!(app.all_pages("/v1/images").await.is_empty());
    assert_eq!(app.get("/v1/me/usage").await.ok()["images"], 1);
    assert_eq!(app.delete("/v1/me/avatar").await.status, 204);
    assert_eq!(app.get("/v1/me/avatar").await.status, 404);
}

/// Width and height of a PNG (PNG specification, 11.2.1).
fn size(png: &[u8]) -> (u32, u32) {
    assert!(
        png.starts_with(b"\x89PNG"),
        "{}",
        String::from_utf8_lossy(png)
    );
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("4 bytes"));
    (number(16), number(20))
}
