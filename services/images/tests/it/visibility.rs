//! The owner sees an image, and whom accounts says that the owner shares it with. For everybody else it does not exist.

use jiff::Timestamp;
use pupila_core::{AlbumId, ErrorCode};
use pupila_proto::images::v1::{
    BatchGetImagesRequest, Image, ImageFilter, ReadRenditionRequest, UpdateImageRequest,
};

use crate::{
    harness::TestImages,
    pictures::{colour, located, numbered},
    user::TestUser,
};

/// Asks for the image in every way there is, and answers the reasons for which nothing came.
async fn refusals(user: &TestUser, image: &Image) -> [Option<String>; 4] {
    let rendition = ReadRenditionRequest {
        id: image.id.clone(),
        ..Default::default()
    };
    let batch = BatchGetImagesRequest {
        ids: vec![image.id.clone()],
        filter: None,
    };
    let nothing = |images: Vec<Image>| images.is_empty().then(|| "IMAGE_NOT_FOUND".to_owned());
    [
        user.get(&image.id).await.err().map(|error| error.reason),
        user.content(&image.id)
            .await
            .err()
            .map(|error| error.reason),
        user.rendition(rendition)
            .await
            .err()
            .map(|error| error.reason),
        user.batch(batch)
            .await
            .map_or_else(|error| Some(error.reason), nothing),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_see_an_image() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    let hers = ana.upload(colour([1; 3])).await.expect("stored");
    let guest = images.guest(AlbumId::new(Timestamp::UNIX_EPOCH));
    for other in [images.user("luis"), images.admin(), guest] {
        let none = ["IMAGE_NOT_FOUND"; 4].map(|reason| Some(reason.to_owned()));
        assert_eq!(refusals(&other, &hers).await, none);
    }
    assert_eq!(refusals(&ana, &hers).await, [const { None }; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_it_is_shared_with_sees_it_and_changes_nothing() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let guest = images.guest(AlbumId::new(Timestamp::UNIX_EPOCH));
    let hers = ana.upload(colour([1; 3])).await.expect("stored");
    for viewer in [&luis, &guest] {
        images.accounts.share(&hers.id, viewer);
        assert_eq!(refusals(viewer, &hers).await, [const { None }; 4]);
        assert_eq!(viewer.get(&hers.id).await.expect("shared"), hers);
    }
    let rename = UpdateImageRequest {
        id: hers.id.clone(),
        name: Some("mine".to_owned()),
        ..Default::default()
    };
    let error = luis.update(rename).await.expect_err("it is hers");
    assert_eq!(error.reason, "IMAGE_NOT_FOUND");
    let error = luis.delete(&hers.id).await.expect_err("it is hers");
    assert_eq!(error.reason, "IMAGE_NOT_FOUND");
    assert_eq!(
        guest.delete(&hers.id).await.expect_err("a guest").code,
        ErrorCode::PermissionDenied
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_comes_in_its_order_and_asks_accounts_once() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let his = luis.upload(numbered(0)).await.expect("stored");
    let mut hers = Vec::new();
    for number in 1..=3 {
        hers.push(ana.upload(numbered(number)).await.expect("stored"));
    }
    images.accounts.share(&hers[0].id, &luis);
    images.accounts.share(&hers[2].id, &luis);
    let gone = uuid::Uuid::nil().to_string();
    let ids = [
        &hers[2].id,
        &gone,
        &his.id,
        &hers[1].id,
        &hers[0].id,
        &his.id,
    ];
    let batch = BatchGetImagesRequest {
        ids: ids.map(Clone::clone).into(),
        filter: None,
    };
    let seen = luis.batch(batch.clone()).await.expect("a batch");
    assert_eq!(seen, [hers[2].clone(), his.clone(), hers[0].clone()]);
    assert_eq!(images.accounts.asked(), [3]);

    // What the filter drops, accounts is not asked about.
    let none = BatchGetImagesRequest {
        filter: Some(ImageFilter {
            format: Some("png".to_owned()),
            ..Default::default()
        }),
        ..batch
    };
    assert_eq!(luis.batch(none).await.expect("a batch"), []);
    assert_eq!(images.accounts.asked(), [3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_accounts_about_images_of_their_own() {
    let images = TestImages::start().await;
    let ana = images.user("ana");
    images.accounts.go_away();
    let hers = ana.upload(located()).await.expect("stored");
    assert_eq!(refusals(&ana, &hers).await, [const { None }; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_accounts_is_away_others_are_told_to_come_back() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let hers = ana.upload(colour([1; 3])).await.expect("stored");
    images.accounts.share(&hers.id, &luis);
    images.accounts.go_away();
    let away = ["SHARES_UNAVAILABLE"; 4].map(|reason| Some(reason.to_owned()));
    assert_eq!(refusals(&luis, &hers).await, away);
    let error = luis.get(&hers.id).await.expect_err("unknown");
    assert_eq!(error.code, ErrorCode::Unavailable);
    images.accounts.come_back();
    assert_eq!(refusals(&luis, &hers).await, [const { None }; 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_picture_is_never_shared() {
    let images = TestImages::start().await;
    let (ana, luis) = (images.user("ana"), images.user("luis"));
    let face = ana.put_avatar(colour([1; 3])).await.expect("stored");
    images.accounts.share(&face.id, &luis);
    let none = ["IMAGE_NOT_FOUND"; 4].map(|reason| Some(reason.to_owned()));
    assert_eq!(refusals(&luis, &face).await, none);
}
