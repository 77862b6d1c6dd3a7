//! Albums are made, found, changed and deleted.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1 as proto;

use crate::{
    callers::{Caller, image, images},
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    an_album_is_what_its_owner_made_of_it,
    any_text_names_an_album,
    the_newest_album_comes_first_whoever_owns_it,
    albums_of_the_same_microsecond_have_an_order,
    a_change_changes_what_it_names,
    a_change_of_what_has_changed_is_refused,
    a_cover_is_an_image_of_the_album,
    a_deleted_album_is_gone_with_all_that_is_in_it,
    a_repeated_creation_finds_what_the_first_one_made,
    whoever_was_deleted_makes_no_albums,
    the_local_user_has_albums_like_anybody,
);

async fn an_album_is_what_its_owner_made_of_it(test: TestAlbums) {
    let ana = test.user("ana").await;
    let made = ana.album("Lisbon").await;
    let noon = prost_types::Timestamp {
        seconds: 1_795_435_200,
        nanos: 123_456_000,
    };
    let expected = proto::Album {
        id: made.id.clone(),
        owner: ana.id.clone(),
        name: "Lisbon".to_owned(),
        role: proto::AlbumRole::Owner.into(),
        create_time: Some(noon),
        update_time: Some(noon),
        revision: 1,
        ..Default::default()
    };
    assert_eq!(made, expected);
    assert_eq!(ana.get(&made).await.expect("found"), expected);
    assert_eq!(list(&ana, 0).await, [expected]);
}

async fn any_text_names_an_album(test: TestAlbums) {
    let ana = test.user("ana").await;
    for name in [
        "\u{202e}mubla",
        "'; DROP TABLE albums; --",
        &"🫁".repeat(100),
    ] {
        let made = ana.album(name).await;
        assert_eq!(ana.get(&made).await.expect("found").name, name);
    }
}

async fn the_newest_album_comes_first_whoever_owns_it(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let mut expected = Vec::new();
    for n in 0..7 {
        test.pass(1);
        let owner = if n % 2 == 0 { &ana } else { &luis };
        let album = owner.album(&format!("{n}")).await;
        if n % 2 == 1 {
            let role = proto::AlbumRole::Viewer;
            luis.invite(&album, &ana.email, role).await.expect("added");
        }
        // Nobody shows her this one.
        luis.album("secret").await;
        expected.insert(0, album.id);
    }
    for size in [0, 1, 2, 3, 7] {
        let listed: Vec<_> = list(&ana, size)
            .await
            .into_iter()
            .map(|album| album.id)
            .collect();
        assert_eq!(listed, expected, "pages of {size}");
    }
}

async fn albums_of_the_same_microsecond_have_an_order(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let mut expected = Vec::new();
    for _ in 0..4 {
        expected.push(ana.album("hers").await.id);
        let his = luis.album("his").await;
        let role = proto::AlbumRole::Editor;
        luis.invite(&his, &ana.email, role).await.expect("added");
        expected.push(his.id);
    }
    expected.sort_unstable_by(|one, other| other.cmp(one));
    let listed: Vec<_> = list(&ana, 3)
        .await
        .into_iter()
        .map(|album| album.id)
        .collect();
    assert_eq!(listed, expected);
}

async fn a_change_changes_what_it_names(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    test.pass(1);
    let message = proto::UpdateAlbumRequest {
        description: Some("August".to_owned()),
        ..change(&album)
    };
    let changed = ana
        .update_album(message)
        .await
        .expect("changed")
        .album
        .expect("it");
    assert_eq!(
        (&*changed.name, &*changed.description),
        ("Lisbon", "August")
    );
    assert_eq!(changed.revision, 2);
    assert_ne!(changed.update_time, album.update_time);
    assert_eq!(changed.create_time, album.create_time);
    assert_eq!(ana.get(&album).await.expect("found"), changed);

    // Nothing named, nothing changed.
    let same = ana.update_album(change(&album)).await.expect("answered");
    assert_eq!(same.album, Some(changed));
}

async fn a_change_of_what_has_changed_is_refused(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let rename = |name: &str, revision| proto::UpdateAlbumRequest {
        name: Some(name.to_owned()),
        expected_revision: Some(revision),
        ..change(&album)
    };
    ana.update_album(rename("Porto", 1)).await.expect("changed");
    let error = ana.update_album(rename("Faro", 1)).await.expect_err("late");
    assert_eq!(error.code, ErrorCode::PreconditionFailed);
    assert_eq!(error.reason, "REVISION_MISMATCH");
    for revision in [0, -1, i64::MAX] {
        let answer = ana.update_album(rename("Faro", revision)).await;
        assert_eq!(reason(answer), "REVISION_MISMATCH");
    }
    let deletion = |revision| proto::DeleteAlbumRequest {
        id: album.id.clone(),
        expected_revision: Some(revision),
    };
    assert_eq!(
        reason(ana.delete_album(deletion(1)).await),
        "REVISION_MISMATCH"
    );
    assert_eq!(ana.get(&album).await.expect("there").name, "Porto");
    ana.delete_album(deletion(2)).await.expect("deleted");
}

async fn a_cover_is_an_image_of_the_album(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [one, other] = images();
    ana.add(&album, &[one, other]).await.expect("added");
    let cover = |image: String| proto::UpdateAlbumRequest {
        cover_image_id: Some(image),
        ..change(&album)
    };
    let foreign = ana.update_album(cover(image().to_string())).await;
    assert_eq!(blamed(foreign), ["cover_image_id"]);
    ana.update_album(cover(one.to_string())).await.expect("set");
    assert_eq!(
        ana.get(&album).await.expect("there").cover_image_id,
        one.to_string()
    );

    // It goes with its image, and with no other.
    ana.remove(&album, other).await.expect("removed");
    let covered = ana.get(&album).await.expect("there");
    assert_eq!(
        (&*covered.cover_image_id, covered.revision),
        (&*one.to_string(), 2)
    );
    ana.remove(&album, one).await.expect("removed");
    let bare = ana.get(&album).await.expect("there");
    assert_eq!((&*bare.cover_image_id, bare.revision), ("", 3));

    ana.add(&album, &[one]).await.expect("added");
    ana.update_album(cover(one.to_string())).await.expect("set");
    ana.update_album(cover(String::new()))
        .await
        .expect("taken away");
    assert_eq!(ana.get(&album).await.expect("there").cover_image_id, "");
}

async fn a_deleted_album_is_gone_with_all_that_is_in_it(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let hers = image();
    ana.add(&album, &[hers]).await.expect("added");
    let role = proto::AlbumRole::Viewer;
    ana.invite(&album, &luis.email, role).await.expect("added");
    let guest = test.guest(&ana, &album).await;
    assert_eq!(luis.shared(&ana, &[hers]).await, [hers]);

    ana.delete(&album).await.expect("deleted");
    for caller in [&ana, &luis] {
        assert_eq!(reason(caller.get(&album).await), "ALBUM_NOT_FOUND");
        assert_eq!(list(caller, 0).await, []);
    }
    assert_eq!(reason(guest.get(&album).await), "LINK_NOT_FOUND");
    assert_eq!(luis.shared(&ana, &[hers]).await, []);
    assert_eq!(reason(ana.delete(&album).await), "ALBUM_NOT_FOUND");
}

async fn a_repeated_creation_finds_what_the_first_one_made(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let message = |name: &str| proto::CreateAlbumRequest {
        name: name.to_owned(),
        description: String::new(),
        idempotency_key: "key-1".to_owned(),
    };
    let first = ana.create_album(message("Lisbon")).await.expect("made");
    test.pass(60);
    let again = ana.create_album(message("Lisbon")).await.expect("found");
    assert_eq!(again, first);
    let error = ana
        .create_album(message("Porto"))
        .await
        .expect_err("another");
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.reason, "IDEMPOTENCY_KEY_REUSED");
    // Keys are each user's own.
    let his = luis.create_album(message("Porto")).await.expect("made");
    assert_ne!(his, first);
    // Without a key every album is a new one.
    assert_ne!(ana.album("Lisbon").await.id, ana.album("Lisbon").await.id);
}

async fn whoever_was_deleted_makes_no_albums(test: TestAlbums) {
    let [_admin, ana, luis] = test.users(["admin", "ana", "luis"]).await;
    let his = luis.album("his").await;
    let role = proto::AlbumRole::Editor;
    luis.invite(&his, &ana.email, role).await.expect("added");
    test.delete_me(&ana).await;
    let message = proto::CreateAlbumRequest {
        name: "too late".to_owned(),
        ..Default::default()
    };
    let error = ana.create_album(message).await.expect_err("gone");
    assert_eq!(error.code, ErrorCode::Unauthenticated);
    assert!(ana.add(&his, &images::<1>()).await.is_err());
}

async fn the_local_user_has_albums_like_anybody(test: TestAlbums) {
    let local = test.local_user().await;
    let album = local.album("Lisbon").await;
    assert_eq!(album.owner, local.id);
    let one = image();
    local.add(&album, &[one]).await.expect("added");
    let guest = test.guest(&local, &album).await;
    assert_eq!(guest.shared(&local, &[one]).await, [one]);
    local.delete(&album).await.expect("deleted");
}

/// A change of nothing.
fn change(album: &proto::Album) -> proto::UpdateAlbumRequest {
    proto::UpdateAlbumRequest {
        id: album.id.clone(),
        ..Default::default()
    }
}

/// All albums that a user sees, read in pages of `size`.
async fn list(caller: &Caller, size: u32) -> Vec<proto::Album> {
    let mut message = proto::ListAlbumsRequest {
        page_size: size,
        ..Default::default()
    };
    let mut albums = Vec::new();
    loop {
        let page = caller.list_albums(message.clone()).await.expect("a page");
        albums.extend(page.albums);
        message.page_token = page.next_page_token;
        if message.page_token.is_empty() {
            return albums;
        }
    }
}
