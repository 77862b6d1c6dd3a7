//! A call that is repeated with its idempotency key finds what the first one made.

use futures_util::future::join_all;
use pupila_core::ErrorCode;
use pupila_proto::images::v1::ImageHeader;

use crate::{
    harness::TestImages,
    pictures::{SIZE, colour, located},
    user::header,
};

crate::on_every_engine!(
    a_repeated_upload_finds_the_first,
    repeats_at_the_same_time_make_one_image,
);

fn keyed(key: &str) -> ImageHeader {
    ImageHeader {
        idempotency_key: key.to_owned(),
        ..header("a.bmp")
    }
}

async fn a_repeated_upload_finds_the_first(images: TestImages) {
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let file = located();
    let first = ana.upload_as(keyed("k-1"), &file).await.expect("stored");
    let again = ana.upload_as(keyed("k-1"), &file).await.expect("found");
    assert_eq!(again, first);
    assert_eq!(ana.usage().await.expect("counted").images, 1);

    let different = [
        ana.upload_as(keyed("k-1"), colour([1; 3])).await,
        ana.upload_as(
            ImageHeader {
                name: "b.bmp".into(),
                ..keyed("k-1")
            },
            &file,
        )
        .await,
        ana.upload_as(
            ImageHeader {
                description: "b".into(),
                ..keyed("k-1")
            },
            &file,
        )
        .await,
        ana.upload_as(
            ImageHeader {
                keep_location: true,
                ..keyed("k-1")
            },
            &file,
        )
        .await,
    ];
    for answer in different {
        let error = answer.expect_err("another call");
        assert_eq!(error.code, ErrorCode::Conflict);
        assert_eq!(error.reason, "IDEMPOTENCY_KEY_REUSED");
    }
    // Other keys, and other people's.
    let another = ana.upload_as(keyed("K-1"), &file).await.expect("stored");
    let his = luis.upload_as(keyed("k-1"), &file).await.expect("stored");
    assert!(another.id != first.id && his.id != first.id);

    // A full quota does not make a repeat fail.
    let admin = images.admin();
    admin.set_quota(&ana, Some(1)).await.expect("set");
    let again = ana.upload_as(keyed("k-1"), &file).await.expect("found");
    assert_eq!(again, first);

    ana.delete(&first.id).await.expect("deleted");
    admin.set_quota(&ana, None).await.expect("set");
    let anew = ana.upload_as(keyed("k-1"), &file).await.expect("stored");
    assert_ne!(anew.id, first.id);
}

async fn repeats_at_the_same_time_make_one_image(images: TestImages) {
    let ana = images.user("ana");
    let file = colour([1; 3]);
    let uploads = (0..8).map(|_| ana.upload_as(keyed("k"), &file));
    let answers = join_all(uploads).await;
    let ids: std::collections::HashSet<_> = answers
        .into_iter()
        .map(|answer| answer.expect("one or the same").id)
        .collect();
    assert_eq!(ids.len(), 1);
    let usage = ana.usage().await.expect("counted");
    assert_eq!((usage.images, usage.bytes), (1, SIZE));
    assert_eq!(images.originals().await.len(), 1);
}
