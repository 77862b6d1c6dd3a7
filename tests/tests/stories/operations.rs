//! What can be done to an image.

use pupila_tests::{File, Pupila, Shape, text};
use serde_json::{Map, Value, json};

/// A line for each operation and one for each of its parameters.
fn told(operations: &[Value]) -> String {
    let mut lines = Vec::new();
    for operation in operations {
        lines.push(text(operation, "name").to_owned());
        for parameter in operation["parameters"].as_array().expect("parameters") {
            let [name, kind] = ["name", "type"].map(|field| text(parameter, field));
            let range = ["minimum", "maximum", "choices", "default"].map(|field| {
                let value = &parameter[field];
                // 1 and 1.0 are the same number.
                let number = value.as_f64().map(|number| number.to_string());
                let value = number.unwrap_or_else(|| value.to_string());
                (value != "null").then(|| format!(" {field} {value}"))
            });
            let mut rest: String = range.into_iter().flatten().collect();
            if parameter["required"] == true {
                rest += " required";
            }
            lines.push(format!("    {name}: {kind}{rest}"));
        }
    }
    lines.join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_are_listed_with_what_may_be_set() {
    let app = Pupila::of(Shape::Standalone).start().await;
    let operations = app.all_pages("/v1/operations").await;
    let described = |thing: &Value| !text(thing, "description").is_empty();
    assert!(operations.iter().all(described), "{operations:?}");
    insta::assert_snapshot!(told(&operations), @r#"
    resize
        width: integer minimum 1 maximum 8192
        height: integer minimum 1 maximum 8192
        fit: choice choices ["fit","cover","contain","exact"] default "fit"
        gravity: choice choices ["center","north","north-east","east","south-east","south","south-west","west","north-west"] default "center"
        enlarge: boolean default false
        background: colour default "ffffff"
    crop
        left: number minimum 0 maximum 1 default 0
        top: number minimum 0 maximum 1 default 0
        width: number minimum 0.0001 maximum 1 default 1
        height: number minimum 0.0001 maximum 1 default 1
    crop_to_size
        width: integer minimum 1 maximum 65535 required
        height: integer minimum 1 maximum 65535 required
        gravity: choice choices ["center","north","north-east","east","south-east","south","south-west","west","north-west"] default "center"
    crop_to_shape
        width: integer minimum 1 maximum 65535 required
        height: integer minimum 1 maximum 65535 required
        gravity: choice choices ["center","north","north-east","east","south-east","south","south-west","west","north-west"] default "center"
    rotate
        angle: number minimum -360 maximum 360 required
        background: colour default "ffffff"
    flip
        direction: choice choices ["horizontal","vertical","both"] default "horizontal"
    grayscale
    sepia
        amount: number minimum 0 maximum 1 default 1
    brightness
        factor: number minimum 0 maximum 10 default 1.2
    contrast
        factor: number minimum 0 maximum 10 default 1.2
    saturation
        factor: number minimum 0 maximum 10 default 1.2
    auto_contrast
        cutoff: number minimum 0 maximum 49 default 0.5
        preserve_tone: boolean default false
    blur
        sigma: number minimum 0.3 maximum 100 default 2
    sharpen
        amount: number minimum 0 maximum 10 default 1
        sigma: number minimum 0.3 maximum 10 default 1
    edges
    pixelate
        size: integer minimum 2 maximum 1000 default 16
    watermark_text
        text: text required
        gravity: choice choices ["center","north","north-east","east","south-east","south","south-west","west","north-west"] default "south-east"
        size: number minimum 0.01 maximum 1 default 0.3
        margin: number minimum 0 maximum 0.4 default 0.02
        colour: colour default "ffffff"
        opacity: number minimum 0.05 maximum 1 default 0.7
    watermark_image
        image: image required
        gravity: choice choices ["center","north","north-east","east","south-east","south","south-west","west","north-west"] default "south-east"
        size: number minimum 0.01 maximum 1 default 0.2
        margin: number minimum 0 maximum 0.4 default 0.02
        opacity: number minimum 0.05 maximum 1 default 1
    convert
        format: choice choices ["jpeg","png","webp"] required
        quality: integer minimum 1 maximum 100 default 85
        background: colour default "ffffff"
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_them_works_as_it_comes() {
    let app = Pupila::of(Shape::Standalone).start().await;
    let stamp = app.store(&File::sample("grey-8-bit.png")).await;
    for operation in app.all_pages("/v1/operations").await {
        let name = text(&operation, "name");
        // What has no default and has to be said.
        let required = match name {
            "resize" => json!({"width": 100}),
            "crop_to_size" => json!({"width": 100, "height": 50}),
            "crop_to_shape" => json!({"width": 16, "height": 9}),
            "rotate" => json!({"angle": 30}),
            "watermark_text" => json!({"text": "Hospital Universitario, 2026 ©"}),
            "watermark_image" => json!({"image": stamp["id"]}),
            "convert" => json!({"format": "webp"}),
            _ => Value::Object(Map::new()),
        };
        let steps = json!([{"operation": name, "parameters": required}]);
        let id = app.submit(&steps, &[File::x_ray()]).await;
        let job = app.ended(&id).await;
        let item = app.items(&id).await.remove(0);
        assert_eq!(job["state"], "SUCCEEDED", "{name}: {item}");
        let made = text(&item["results"][0]["image"], "image_id");
        let content = app.get(&format!("/v1/images/{made}/content")).await;
        assert!(
            content.header("content-type").starts_with("image/"),
            "{name}"
        );
        assert_ne!(content.body, File::x_ray().bytes, "{name}");
    }
}
