//! Names and descriptions change, and nobody overwrites what they have not seen.

use jiff::SignedDuration;
use pupila_core::ErrorCode;
use pupila_proto::images::v1::{Image, ImageFilter, ListImagesRequest, UpdateImageRequest};

use crate::{harness::TestImages, pictures::colour};

crate::on_every_engine!(
    what_is_set_changes_and_the_rest_stays,
    a_change_of_what_has_changed_is_refused,
    changes_at_the_same_time_are_counted_each,
);

fn rename(image: &Image, name: &str) -> UpdateImageRequest {
    UpdateImageRequest {
        id: image.id.clone(),
        name: Some(name.to_owned()),
        ..Default::default()
    }
}

async fn what_is_set_changes_and_the_rest_stays(images: TestImages) {
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    images.clock.advance(SignedDuration::from_secs(5));
    let renamed = ana
        .update(rename(&stored, "Rodilla"))
        .await
        .expect("changed");
    assert_eq!((&*renamed.name, renamed.revision), ("Rodilla", 2));
    assert_ne!(renamed.update_time, stored.update_time);
    let described = UpdateImageRequest {
        id: stored.id.clone(),
        description: Some("izquierda".to_owned()),
        ..Default::default()
    };
    let described = ana.update(described).await.expect("changed");
    assert_eq!(
        (&*described.name, &*described.description),
        ("Rodilla", "izquierda")
    );
    assert_eq!(ana.get(&stored.id).await.expect("there"), described);

    // The search knows.
    let search = ListImagesRequest {
        filter: Some(ImageFilter {
            text: Some("rodilla izquierda".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let found = ana.list(search).await.expect("a page").images;
    assert_eq!(found, std::slice::from_ref(&described));

    let nothing = UpdateImageRequest {
        id: stored.id,
        ..Default::default()
    };
    assert_eq!(ana.update(nothing).await.expect("the same"), described);
}

async fn a_change_of_what_has_changed_is_refused(images: TestImages) {
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    let seen = Some(stored.revision);
    let first = UpdateImageRequest {
        expected_revision: seen,
        ..rename(&stored, "first")
    };
    ana.update(first).await.expect("changed");
    let second = UpdateImageRequest {
        expected_revision: seen,
        ..rename(&stored, "second")
    };
    let error = ana.update(second).await.expect_err("it has changed");
    assert_eq!(error.code, ErrorCode::PreconditionFailed);
    assert_eq!(error.reason, "REVISION_MISMATCH");
    let error = ana.delete_at(&stored.id, seen).await;
    assert_eq!(
        error.expect_err("it has changed").reason,
        "REVISION_MISMATCH"
    );
    assert_eq!(ana.get(&stored.id).await.expect("there").name, "first");
    ana.delete_at(&stored.id, Some(2)).await.expect("deleted");
}

async fn changes_at_the_same_time_are_counted_each(images: TestImages) {
    let ana = images.user("ana");
    let stored = ana.upload(colour([1; 3])).await.expect("stored");
    let names = ["a", "b", "c", "d", "e", "f"];
    let changes = names.map(|name| ana.update(rename(&stored, name)));
    let changed = futures_util::future::try_join_all(changes).await;
    assert_eq!(changed.expect("all changed").len(), names.len());
    let last = ana.get(&stored.id).await.expect("there");
    assert_eq!(last.revision, 1 + names.len() as i64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_picture_is_changed_by_its_own_methods_only() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let face = ana.put_avatar(colour([1; 3])).await.expect("stored");
    let error = ana.update(rename(&face, "me")).await.expect_err("no image");
    assert_eq!(error.reason, "IMAGE_NOT_FOUND");
    let error = ana.delete(&face.id).await.expect_err("no image");
    assert_eq!(error.reason, "IMAGE_NOT_FOUND");
    assert_eq!(ana.avatar().await.expect("there"), face);
}
