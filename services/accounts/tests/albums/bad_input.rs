//! What cannot be is refused, by field.

use pupila_core::ImageId;
use pupila_proto::accounts::v1 as proto;

use crate::{
    callers::images,
    fixtures::{TestAlbums, blamed, reason},
};

#[tokio::test]
async fn an_album_that_cannot_be_is_refused_with_every_fault() {
    let test = TestAlbums::sqlite().await;
    let ana = test.user("ana").await;
    let message = |name: &str, description: String, key: &str| proto::CreateAlbumRequest {
        name: name.to_owned(),
        description,
        idempotency_key: key.to_owned(),
    };
    let long = "🫁".repeat(101);
    let faults = ana.create_album(message(&long, "ñ".repeat(2001), "")).await;
    assert_eq!(blamed(faults), ["name", "description"]);
    for name in ["", "  ", "\u{3000}"] {
        let answer = ana.create_album(message(name, String::new(), "")).await;
        assert_eq!(blamed(answer), ["name"], "{name:?}");
    }
    for key in ["a b", "ñ", "a\n", &"k".repeat(201)] {
        let answer = ana
            .create_album(message("Lisbon", String::new(), key))
            .await;
        assert_eq!(blamed(answer), ["idempotency_key"]);
    }
    let widest = message(&"🫁".repeat(100), "🫁".repeat(2000), &"k".repeat(200));
    let made = ana
        .create_album(widest)
        .await
        .expect("made")
        .album
        .expect("it");
    assert_eq!(made.description.chars().count(), 2000);

    let change = proto::UpdateAlbumRequest {
        id: made.id,
        name: Some(" ".to_owned()),
        description: Some("ñ".repeat(2001)),
        ..Default::default()
    };
    assert_eq!(
        blamed(ana.update_album(change).await),
        ["name", "description"]
    );
}

#[tokio::test]
async fn an_id_that_is_none_is_blamed_and_not_repeated() {
    let test = TestAlbums::sqlite().await;
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    for garbage in ["", "42", "'; DROP TABLE albums; --", &"f".repeat(1_000_000)] {
        let bad = proto::Album {
            id: garbage.to_owned(),
            ..Default::default()
        };
        let [image] = images();
        assert_eq!(blamed(ana.get(&bad).await), ["id"]);
        assert_eq!(blamed(ana.delete(&bad).await), ["id"]);
        assert_eq!(blamed(ana.places(&bad).await), ["album_id"]);
        assert_eq!(blamed(ana.add(&bad, &[image]).await), ["album_id"]);
        assert_eq!(blamed(ana.remove(&bad, image).await), ["album_id"]);
        assert_eq!(blamed(ana.put(&bad, image, None).await), ["album_id"]);
        assert_eq!(blamed(ana.members(&bad).await), ["album_id"]);
        assert_eq!(blamed(ana.links(&bad).await), ["album_id"]);
        assert_eq!(blamed(ana.expel(&album, garbage).await), ["member_id"]);
        let link = proto::Link {
            id: garbage.to_owned(),
            ..Default::default()
        };
        assert_eq!(blamed(ana.unlink(&album, &link).await), ["link_id"]);
        let add = proto::AddImagesRequest {
            album_id: album.id.clone(),
            image_ids: vec![image.to_string(), garbage.to_owned()],
        };
        assert_eq!(blamed(ana.add_images(add).await), ["image_ids/1"]);
    }
}

#[tokio::test]
async fn too_many_or_no_images_are_refused() {
    let test = TestAlbums::sqlite().await;
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let many: [ImageId; 201] = images();
    for images in [&[][..], &many] {
        assert_eq!(blamed(ana.add(&album, images).await), ["image_ids"]);
    }
    assert_eq!(ana.order(&album).await, []);
}

#[tokio::test]
async fn a_member_that_cannot_be_is_refused() {
    let test = TestAlbums::sqlite().await;
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let viewer = proto::AlbumRole::Viewer;
    for email in [
        "",
        "luis",
        "@example.com",
        "luís@example.com",
        &"a".repeat(100_000),
    ] {
        assert_eq!(blamed(ana.invite(&album, email, viewer).await), ["email"]);
    }
    for role in [0, 3, 4, -1, i32::MAX] {
        let message = proto::AddMemberRequest {
            album_id: album.id.clone(),
            email: "luis@example.com".to_owned(),
            role,
        };
        assert_eq!(blamed(ana.add_member(message).await), ["role"]);
    }
}

#[tokio::test]
async fn a_made_up_page_is_refused() {
    let test = TestAlbums::sqlite().await;
    let ana = test.user("ana").await;
    for (page_size, page_token, field) in [(201, "", "page_size"), (0, "made up", "page_token")] {
        let message = proto::ListAlbumsRequest {
            page_size,
            page_token: page_token.to_owned(),
        };
        assert_eq!(blamed(ana.list_albums(message).await), [field]);
    }
}

#[tokio::test]
async fn a_call_without_a_token_is_refused() {
    let test = TestAlbums::sqlite().await;
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let made_up = crate::callers::Caller::new(&test.transport, "made.up.token");
    assert_eq!(reason(made_up.get(&album).await), "TOKEN_INVALID");
}
