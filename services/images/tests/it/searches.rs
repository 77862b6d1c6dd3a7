//! What is found whatever way it was written.

use pupila_proto::images::v1::{ImageFilter, ListImagesRequest};

use crate::{
    harness::TestImages,
    pictures::numbered,
    user::{TestUser, header},
};

crate::on_every_engine!(
    accents_are_found_however_they_are_written,
    texts_of_an_older_release_are_folded_anew,
);

/// As Windows and Linux write it, and as a Mac does.
const WORDS: [&str; 2] = ["t\u{f3}rax", "to\u{301}rax"];

async fn names(user: &TestUser, text: &str) -> Vec<String> {
    let request = ListImagesRequest {
        filter: Some(ImageFilter {
            text: Some(text.to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let found = user.list(request).await.expect("a page").images;
    let mut names: Vec<_> = found.into_iter().map(|image| image.name).collect();
    names.sort();
    names
}

async fn accents_are_found_however_they_are_written(images: TestImages) {
    let ana = images.user("ana");
    for (number, word) in (0..).zip(WORDS) {
        let header = header(&format!("{word}.bmp"));
        ana.upload_as(header, numbered(number))
            .await
            .expect("stored");
    }
    for word in WORDS {
        // Each keeps the name that it came with.
        assert_eq!(
            names(&ana, word).await,
            ["to\u{301}rax.bmp", "t\u{f3}rax.bmp"]
        );
    }
    assert_eq!(names(&ana, "torax").await, [""; 0]);
}

async fn texts_of_an_older_release_are_folded_anew(images: TestImages) {
    let ana = images.user("ana");
    let [word, apart] = WORDS;
    for number in 0..3 {
        let stored = ana
            .upload_as(header(&format!("{apart}.bmp")), numbered(number))
            .await;
        stored.expect("stored");
    }
    images.execute("UPDATE images SET search_text = name").await;
    images.execute("UPDATE installation SET folding = 1").await;
    assert_eq!(names(&ana, word).await, [""; 0]);

    let _keeping = images.keep_house();
    while images.rows("installation WHERE folding = 1").await > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(names(&ana, word).await.len(), 3);
}
