//! Images by the label that they count under.

use pupila_core::{ImageId, Listing, Page, UserId};
use uuid::Uuid;

use crate::fixtures::{ANA, LUIS, TestStore, at, prediction, prediction_of, review};

crate::on_every_engine!(
    an_image_counts_under_what_was_said_of_it_last,
    an_image_is_once_on_a_page,
    pages_of_images_neither_skip_nor_end_early,
    an_image_that_is_not_stored_is_not_listed,
);

fn image(n: u128) -> ImageId {
    ImageId::from_uuid(Uuid::from_u128(n))
}

async fn page(test: &TestStore, caller: UserId, label: &str, page: Page) -> Listing<ImageId> {
    let listing = test.store.labelled_images(caller, label, page).await;
    listing.expect("readable")
}

async fn images(test: &TestStore, label: &str) -> Vec<ImageId> {
    page(test, ANA, label, Page::LONGEST).await.items
}

async fn an_image_counts_under_what_was_said_of_it_last(test: TestStore) {
    let first = test.record(prediction_of(image(1), at(1))).await;
    test.record(prediction_of(image(2), at(2))).await;
    assert_eq!(images(&test, "NORMAL").await, [image(2), image(1)]);

    test.review(&first, review(&first, at(3), "FRACTURE")).await;
    assert_eq!(images(&test, "NORMAL").await, [image(2)]);
    assert_eq!(images(&test, "FRACTURE").await, [image(1)]);

    test.review(&first, review(&first, at(4), "NORMAL")).await;
    assert_eq!(images(&test, "NORMAL").await, [image(2), image(1)]);
    assert_eq!(images(&test, "FRACTURE").await, []);
    assert_eq!(images(&test, "normal").await, []);
}

async fn an_image_is_once_on_a_page(test: TestStore) {
    for (n, second) in [(1, 1), (2, 2), (1, 3), (1, 4)] {
        test.record(prediction_of(image(n), at(second))).await;
    }
    assert_eq!(images(&test, "NORMAL").await, [image(1), image(2)]);
}

async fn pages_of_images_neither_skip_nor_end_early(test: TestStore) {
    for n in 0..7 {
        // All of one moment, so that only their ids order them.
        test.record(prediction_of(image(n), at(0))).await;
    }
    let mut next = Page::new(3, "").expect("valid");
    let mut sizes = Vec::new();
    let mut seen = Vec::new();
    loop {
        let listing = page(&test, ANA, "NORMAL", next).await;
        sizes.push(listing.items.len());
        seen.extend(listing.items);
        match listing.next {
            Some(last) => next = next.following(last),
            None => break,
        }
    }
    assert_eq!(sizes, [3, 3, 1]);
    seen.sort();
    assert_eq!(seen, (0..7).map(image).collect::<Vec<_>>());
}

async fn an_image_that_is_not_stored_is_not_listed(test: TestStore) {
    let sent_along = test.record(prediction(at(0))).await;
    test.review(&sent_along, review(&sent_along, at(1), "NORMAL"))
        .await;
    test.record(prediction_of(image(1), at(0))).await;
    assert_eq!(images(&test, "NORMAL").await, [image(1)]);
    let his = page(&test, LUIS, "NORMAL", Page::LONGEST).await;
    assert_eq!(his.items, []);
}
