//! Hostile input costs nothing that stays.

use pupila_tests::{File, Part, Pupila, Shape};
use reqwest::{Method, multipart::Form};

/// What may be held more after the bad requests than before: allocator's slack, no leak of images.
const MAX_GROWTH: u64 = 16 << 20;

#[tokio::test]
async fn bad_requests_leave_no_memory_behind() {
    let mut app = Pupila::of(Shape::Standalone).start().await;
    let files = [
        File::new("empty.jpeg", []),
        File::new("letter.jpeg", "This is a letter.".repeat(1000)),
        File::new("noise.jpeg", vec![7; 3 << 20]),
        File::truncated_jpeg(),
        File::corrupt_png(),
        File::heic(),
        File::png_bomb(),
    ];
    assail(&app, &files, 200).await;
    let before = app.program(Part::Gateway).resident_memory();
    assail(&app, &files, 600).await;
    let after = app.program(Part::Gateway).resident_memory();
    let grown = after.saturating_sub(before);
    assert!(
        grown < MAX_GROWTH,
        "{grown} bytes, from {before} to {after}"
    );
    assert!(!app.program(Part::Gateway).log().contains("panicked"));
    app.predict(&File::x_ray()).await.ok();
}

/// Sends so many bad requests, of every kind in turn.
async fn assail(app: &Pupila, files: &[File], count: usize) {
    for turn in 0..count {
        let file = &files[turn % files.len()];
        let request = match turn % 4 {
            0 => app.upload("/predict?threshold=9", &File::x_ray(), &[]),
            1 => app
                .request(Method::POST, "/predict")
                .multipart(Form::new().text("x", "y")),
            _ => app.upload("/predict", file, &[]),
        };
        let status = app.send(request).await.status;
        assert!(
            (400..500).contains(&status),
            "{status} for {} at {turn}",
            file.name
        );
    }
}
