//! Who may do what with an album.

use pupila_core::ErrorCode;
use pupila_proto::accounts::v1::{self as proto, AlbumRole};

use crate::{
    callers::{Caller, image},
    fixtures::{TestAlbums, reason},
    on_every_engine,
};

on_every_engine!(
    a_viewer_cannot_change_an_album,
    an_editor_cannot_share_or_delete_an_album,
    a_stranger_is_told_that_an_album_does_not_exist,
    a_guest_sees_one_album_and_changes_nothing,
    an_administrator_sees_no_more_than_others,
    each_is_told_what_they_may_do,
);

const READ: &str = "read";
const CHANGE: &str = "change";
const OWN: &str = "own";

/// What there is to do with an album, as one of which right it needs, and what came of it.
async fn tries(caller: &Caller, album: &proto::Album) -> Vec<(&'static str, &'static str, String)> {
    let update = proto::UpdateAlbumRequest {
        id: album.id.clone(),
        name: Some("renamed".to_owned()),
        ..Default::default()
    };
    let link = proto::CreateLinkRequest {
        album_id: album.id.clone(),
        ..Default::default()
    };
    let mine = image();
    vec![
        (READ, "get", reason(caller.get(album).await)),
        (READ, "list", reason(caller.places(album).await)),
        (CHANGE, "update", reason(caller.update_album(update).await)),
        (CHANGE, "add", reason(caller.add(album, &[mine]).await)),
        (CHANGE, "move", reason(caller.put(album, mine, None).await)),
        (CHANGE, "remove", reason(caller.remove(album, mine).await)),
        (OWN, "members", reason(caller.members(album).await)),
        (OWN, "invite", reason(invite(caller, album).await)),
        (OWN, "links", reason(caller.links(album).await)),
        (OWN, "link", reason(caller.create_link(link).await)),
        (
            OWN,
            "unlink",
            reason(caller.unlink(album, &no_link()).await),
        ),
        (OWN, "delete", reason(caller.delete(album).await)),
    ]
}

async fn invite(
    caller: &Caller,
    album: &proto::Album,
) -> Result<proto::Member, pupila_runtime::rpc::RpcError> {
    caller
        .invite(album, "eve@example.com", AlbumRole::Viewer)
        .await
}

/// One that does not exist.
fn no_link() -> proto::Link {
    proto::Link {
        id: image().to_string(),
        ..Default::default()
    }
}

async fn shared(test: &TestAlbums) -> ([Caller; 4], proto::Album) {
    let people @ [ana, eva, vera, _] = &test.users(["ana", "eva", "vera", "luis"]).await;
    let album = ana.album("Lisbon").await;
    ana.add(&album, &[image()]).await.expect("added");
    for (member, role) in [(eva, AlbumRole::Editor), (vera, AlbumRole::Viewer)] {
        ana.invite(&album, &member.email, role)
            .await
            .expect("added");
    }
    (people.clone(), album)
}

async fn a_viewer_cannot_change_an_album(test: TestAlbums) {
    let ([ana, _, vera, _], album) = shared(&test).await;
    for (right, what, reason) in tries(&vera, &album).await {
        let expected = match right {
            READ => "OK",
            CHANGE => "NOT_ALBUM_EDITOR",
            _ => "NOT_ALBUM_OWNER",
        };
        assert_eq!(reason, expected, "{what}");
    }
    let error = vera.delete(&album).await.expect_err("not hers");
    assert_eq!(error.code, ErrorCode::PermissionDenied);
    let untouched = ana.get(&album).await.expect("there");
    assert_eq!((&*untouched.name, untouched.image_count), ("Lisbon", 1));
}

async fn an_editor_cannot_share_or_delete_an_album(test: TestAlbums) {
    let ([_, eva, ..], album) = shared(&test).await;
    for (right, what, reason) in tries(&eva, &album).await {
        let expected = if right == OWN {
            "NOT_ALBUM_OWNER"
        } else {
            "OK"
        };
        assert_eq!(reason, expected, "{what}");
    }
}

async fn a_stranger_is_told_that_an_album_does_not_exist(test: TestAlbums) {
    let ([.., luis], album) = shared(&test).await;
    let none = proto::Album {
        id: image().to_string(),
        ..Default::default()
    };
    for (_, what, reason) in tries(&luis, &album).await {
        assert_eq!(reason, "ALBUM_NOT_FOUND", "{what}");
    }
    // Word for word what there is to say of one that never was.
    let one = luis.get(&album).await.expect_err("not his");
    let other = luis.get(&none).await.expect_err("none");
    assert_eq!(one.message.replace(&album.id, &none.id), other.message);
    assert_eq!(one.code, ErrorCode::NotFound);
    let error = luis.expel(&album, "me").await.expect_err("no member");
    assert_eq!(error.reason, "ALBUM_NOT_FOUND");
}

async fn a_guest_sees_one_album_and_changes_nothing(test: TestAlbums) {
    let ([ana, ..], album) = shared(&test).await;
    let guest = test.guest(&ana, &album).await;
    for (right, what, reason) in tries(&guest, &album).await {
        let expected = if right == READ {
            "OK"
        } else {
            "PERMISSION_DENIED"
        };
        assert_eq!(reason, expected, "{what}");
    }
    let seen = guest.get(&album).await.expect("shown");
    assert_eq!(seen.role(), AlbumRole::Viewer);
    let other = ana.album("Porto").await;
    assert_eq!(reason(guest.get(&other).await), "ALBUM_NOT_FOUND");
    assert_eq!(reason(guest.places(&other).await), "ALBUM_NOT_FOUND");
}

async fn an_administrator_sees_no_more_than_others(test: TestAlbums) {
    // The first account is the administrator's.
    let [admin, ana] = test.users(["admin", "ana"]).await;
    let album = ana.album("Lisbon").await;
    for (_, what, reason) in tries(&admin, &album).await {
        assert_eq!(reason, "ALBUM_NOT_FOUND", "{what}");
    }
}

async fn each_is_told_what_they_may_do(test: TestAlbums) {
    let ([ana, eva, vera, _], album) = shared(&test).await;
    for (caller, role) in [
        (ana, AlbumRole::Owner),
        (eva, AlbumRole::Editor),
        (vera, AlbumRole::Viewer),
    ] {
        assert_eq!(caller.get(&album).await.expect("shown").role(), role);
        let listed = caller
            .list_albums(proto::ListAlbumsRequest::default())
            .await;
        assert_eq!(listed.expect("listed").albums[0].role(), role);
    }
}
