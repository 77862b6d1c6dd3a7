//! Images change their places.

use proptest::{
    collection::vec,
    option,
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, TestRunner},
};
use pupila_core::{ErrorCode, ImageId};

use crate::{
    callers::{image, images},
    fixtures::{TestAlbums, blamed, reason},
    on_every_engine,
};

on_every_engine!(
    an_image_goes_to_the_front_the_end_and_between,
    a_gap_that_is_used_up_is_made_again,
    any_moves_leave_the_order_that_a_list_would_have,
    only_images_of_the_album_move,
);

async fn an_image_goes_to_the_front_the_end_and_between(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [a, b, c] = images();
    ana.add(&album, &[a, b, c]).await.expect("added");
    for (image, after, expected) in [
        (c, None, [c, a, b]),
        (c, None, [c, a, b]),
        (c, Some(b), [a, b, c]),
        (c, Some(b), [a, b, c]),
        (a, Some(b), [b, a, c]),
        (b, Some(a), [a, b, c]),
    ] {
        ana.put(&album, image, after).await.expect("moved");
        assert_eq!(ana.order(&album).await, expected);
    }
    let d = image();
    ana.add(&album, &[d]).await.expect("added");
    assert_eq!(ana.order(&album).await, [a, b, c, d]);
}

async fn a_gap_that_is_used_up_is_made_again(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let mut expected: [ImageId; 6] = images();
    ana.add(&album, &expected).await.expect("added");
    // Each halves the gap behind the first image, which is worth twenty.
    for _ in 0..50 {
        let last = expected[5];
        ana.put(&album, last, Some(expected[0]))
            .await
            .expect("moved");
        expected[1..].rotate_right(1);
        assert_eq!(ana.order(&album).await, expected);
    }
}

async fn any_moves_leave_the_order_that_a_list_would_have(test: TestAlbums) {
    let ana = test.user("ana").await;
    let mut runner = TestRunner::new(Config::default());
    let moves = vec((0..5_usize, option::of(0..5_usize)), 60);
    for _ in 0..4 {
        let album = ana.album("Lisbon").await;
        let images: [ImageId; 5] = images();
        ana.add(&album, &images).await.expect("added");
        let mut expected = images.to_vec();
        let moves = moves.new_tree(&mut runner).expect("moves").current();
        for (image, after) in &moves {
            let (image, after) = (images[*image], after.map(|after| images[after]));
            if after == Some(image) {
                continue;
            }
            ana.put(&album, image, after).await.expect("moved");
            expected.retain(|other| *other != image);
            let index = expected.iter().position(|other| Some(*other) == after);
            expected.insert(index.map_or(0, |index| index + 1), image);
        }
        assert_eq!(ana.order(&album).await, expected, "{moves:?}");
    }
}

async fn only_images_of_the_album_move(test: TestAlbums) {
    let ana = test.user("ana").await;
    let album = ana.album("Lisbon").await;
    let [one, two] = images();
    ana.add(&album, &[one, two]).await.expect("added");
    let other = image();
    let error = ana.put(&album, other, None).await.expect_err("not in");
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(error.reason, "IMAGE_NOT_IN_ALBUM");
    assert_eq!(
        reason(ana.put(&album, one, Some(other)).await),
        "IMAGE_NOT_IN_ALBUM"
    );
    assert_eq!(
        blamed(ana.put(&album, one, Some(one)).await),
        ["after_image_id"]
    );
    assert_eq!(ana.order(&album).await, [one, two]);
}
