//! Images come into albums and go out again.

use pupila_core::{ErrorCode, ImageId};
use pupila_proto::accounts::v1::{self as proto, AlbumRole};

use crate::{
    callers::{image, images, timestamp},
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    images_stand_in_the_order_they_came,
    an_image_that_is_in_stays_where_it_is,
    pages_neither_skip_nor_repeat_while_images_arrive,
    some_images_are_found_by_name,
    coming_and_going_dates_the_album_and_leaves_its_revision,
    an_image_that_is_not_in_cannot_go,
    an_album_takes_no_more_than_it_holds,
    what_two_added_goes_when_both_take_it_back,
    what_was_added_can_be_taken_back_from_outside,
);

async fn images_stand_in_the_order_they_came(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let first: [ImageId; 3] = images();
    // The order of the call, not of the ids.
    let first = [first[2], first[0], first[1]];
    let second: [ImageId; 200] = images();
    assert_eq!(ana.add(&album, &first).await.expect("added").image_count, 3);
    test.pass(1);
    assert_eq!(
        ana.add(&album, &second).await.expect("added").image_count,
        203
    );
    let expected: Vec<_> = first.iter().chain(&second).copied().collect();
    assert_eq!(ana.order(&album).await, expected[..200]);

    let places = ana.places(&album).await.expect("listed");
    assert!(places.iter().all(|place| place.added_by == ana.id));
    assert_eq!(places[0].add_time, album.create_time);
    assert_eq!(places[3].add_time, Some(timestamp(test.now())));
}

async fn an_image_that_is_in_stays_where_it_is(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [one, two, three] = images();
    ana.add(&album, &[one, two, two, one]).await.expect("added");
    let again = ana.add(&album, &[three, one]).await.expect("added");
    assert_eq!(again.image_count, 3);
    assert_eq!(ana.order(&album).await, [one, two, three]);
    test.pass(1);
    let nothing = ana.add(&album, &[two]).await.expect("answered");
    assert_eq!(nothing.update_time, again.update_time);
}

async fn pages_neither_skip_nor_repeat_while_images_arrive(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let expected: [ImageId; 7] = images();
    ana.add(&album, &expected).await.expect("added");
    let mut message = proto::ListAlbumImagesRequest {
        album_id: album.id.clone(),
        page_size: 3,
        ..Default::default()
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = ana
            .list_album_images(message.clone())
            .await
            .expect("a page");
        seen.extend(page.images.into_iter().map(|place| place.image_id));
        message.page_token = page.next_page_token;
        let arrived = image();
        ana.add(&album, &[arrived]).await.expect("added");
        ana.put(&album, arrived, None).await.expect("moved");
    }
    assert_eq!(seen, expected.map(|image| image.to_string()));
    assert_eq!(message.page_token, "");
}

async fn some_images_are_found_by_name(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [one, two, three] = images();
    ana.add(&album, &[one, two, three]).await.expect("added");
    let of = |ids: Vec<ImageId>, size| proto::ListAlbumImagesRequest {
        album_id: album.id.clone(),
        page_size: size,
        image_ids: ids.iter().map(ToString::to_string).collect(),
        ..Default::default()
    };
    let found = ana
        .list_album_images(of(vec![three, image(), one], 0))
        .await;
    let found = found.expect("found").images;
    let found: Vec<_> = found.into_iter().map(|place| place.image_id).collect();
    assert_eq!(found, [one.to_string(), three.to_string()]);

    let page = ana
        .list_album_images(of(vec![three, one], 1))
        .await
        .expect("found");
    let rest = proto::ListAlbumImagesRequest {
        page_token: page.next_page_token,
        ..of(vec![three, one], 1)
    };
    let rest = ana.list_album_images(rest).await.expect("found");
    assert_eq!(rest.images[0].image_id, three.to_string());
    assert_eq!(rest.next_page_token, "");

    let many: [ImageId; 201] = images();
    assert_eq!(
        blamed(ana.list_album_images(of(many.into(), 0)).await),
        ["image_ids"]
    );
}

async fn coming_and_going_dates_the_album_and_leaves_its_revision(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [one, two] = images();
    let mut before = album.clone();
    for step in 0..3 {
        test.pass(1);
        match step {
            0 => drop(ana.add(&album, &[one, two]).await.expect("added")),
            1 => ana.put(&album, two, None).await.expect("moved"),
            _ => ana.remove(&album, one).await.expect("removed"),
        }
        let after = ana.get(&album).await.expect("there");
        assert_eq!(
            after.update_time,
            Some(timestamp(test.now())),
            "step {step}"
        );
        assert_eq!(after.revision, before.revision, "step {step}");
        before = after;
    }
    assert_eq!(before.image_count, 1);
}

async fn an_image_that_is_not_in_cannot_go(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let one = image();
    let error = ana.remove(&album, one).await.expect_err("not in");
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.reason, "IMAGE_NOT_IN_ALBUM");
    ana.add(&album, &[one]).await.expect("added");
    ana.remove(&album, one).await.expect("removed");
    assert_eq!(reason(ana.remove(&album, one).await), "IMAGE_NOT_IN_ALBUM");
    assert_eq!(ana.get(&album).await.expect("there").image_count, 0);
}

async fn an_album_takes_no_more_than_it_holds(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [one, two, three] = images();
    ana.add(&album, &[one]).await.expect("added");
    test.sql("UPDATE albums SET image_count = 99999").await;
    let error = ana.add(&album, &[two, three]).await.expect_err("too many");
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.reason, "ALBUM_FULL");
    assert_eq!(error.message, "an album has at most 100000 images");
    assert_eq!(ana.order(&album).await, [one]);
    ana.add(&album, &[one, two]).await.expect("one more fits");
}

async fn what_two_added_goes_when_both_take_it_back(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    let member = ana
        .invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("added");
    let [both, his] = images();
    luis.add(&album, &[both, his]).await.expect("added");
    ana.add(&album, &[both]).await.expect("added");
    ana.expel(&album, &member.id).await.expect("removed");

    luis.remove(&album, both).await.expect("taken back");
    let places = ana.places(&album).await.expect("listed");
    assert_eq!(places.len(), 2);
    assert_eq!(places[0].image_id, both.to_string());
    assert_eq!(places[0].added_by, ana.id);
    assert_eq!(reason(luis.remove(&album, both).await), "ALBUM_NOT_FOUND");
    assert_eq!(ana.get(&album).await.expect("there").image_count, 2);

    // For those who may change the album it goes whoever added it.
    ana.remove(&album, both).await.expect("removed");
    ana.remove(&album, his).await.expect("removed");
    assert_eq!(ana.order(&album).await, []);
}

async fn what_was_added_can_be_taken_back_from_outside(test: TestAlbums) {
    let [ana, luis] = test.users(["ana", "luis"]).await;
    let album = ana.album("Lisbon").await;
    ana.invite(&album, &luis.email, AlbumRole::Editor)
        .await
        .expect("added");
    let [hers, his] = images();
    ana.add(&album, &[hers]).await.expect("added");
    luis.add(&album, &[his]).await.expect("added");
    luis.expel(&album, "me").await.expect("left");
    assert_eq!(ana.shared(&luis, &[his]).await, [his]);

    assert_eq!(reason(luis.remove(&album, hers).await), "ALBUM_NOT_FOUND");
    luis.remove(&album, his).await.expect("taken back");
    assert_eq!(ana.shared(&luis, &[his]).await, []);
    assert_eq!(ana.order(&album).await, [hers]);
}
