//! Pages and filters.

use jiff::SignedDuration;
use pupila_core::{Digest, ImageId, Page};
use pupila_history::{Prediction, PredictionFilter};
use uuid::Uuid;

use crate::fixtures::{ANA, LUIS, TestStore, at, prediction, prediction_of, review};

crate::on_every_engine!(
    the_newest_comes_first,
    pages_neither_skip_nor_repeat_while_rows_arrive,
    predictions_of_the_same_microsecond_have_an_order,
    each_filter_finds_its_own,
    filters_hold_together,
    labels_differ_by_case_and_accent,
    an_export_is_the_whole_list,
);

async fn the_newest_comes_first(test: TestStore) {
    let old = test.record(prediction(at(1))).await;
    let new = test.record(prediction(at(2))).await;
    assert_eq!(test.list(&PredictionFilter::default()).await, [new, old]);
}

async fn pages_neither_skip_nor_repeat_while_rows_arrive(test: TestStore) {
    let mut expected = Vec::new();
    for second in 0..7 {
        expected.insert(0, test.record(prediction(at(second))).await);
    }
    let everything = PredictionFilter::default();
    let mut page = Page::new(3, "").expect("valid");
    let mut seen = Vec::new();
    loop {
        let listing = test.page(&everything, page).await;
        seen.extend(listing.items);
        test.record(prediction(at(100))).await;
        match listing.next {
            Some(last) => page = page.following(last),
            None => break,
        }
    }
    assert_eq!(seen, expected);
}

async fn predictions_of_the_same_microsecond_have_an_order(test: TestStore) {
    let mut expected = Vec::new();
    for _ in 0..5 {
        expected.push(test.record(prediction(at(0))).await);
    }
    expected.sort_by_key(|prediction| std::cmp::Reverse(prediction.id));
    let everything = PredictionFilter::default();
    let mut page = Page::new(2, "").expect("valid");
    let mut seen = Vec::new();
    while seen.len() < 5 {
        let listing = test.page(&everything, page).await;
        seen.extend(listing.items);
        page = listing.next.map_or(page, |last| page.following(last));
    }
    assert_eq!(seen, expected);
}

/// The image that the first of [`two`] looked at.
fn stored() -> ImageId {
    ImageId::from_uuid(Uuid::from_u128(7))
}

/// Two predictions that differ in everything that can be asked for.
async fn two(test: &TestStore) -> [Prediction; 2] {
    let one = test.record(prediction_of(stored(), at(0))).await;
    let one = test.review(&one, review(&one, at(1), "NORMAL")).await;
    let mut other = prediction(at(60));
    other.content.model.name = "digits".to_owned();
    other.content.model.version = 2;
    other.content.output.label = "7".to_owned();
    other.content.output.score = 0.95;
    other.content.image.sha256 = Digest::of(b"another image");
    [one, test.record(other).await]
}

async fn each_filter_finds_its_own(test: TestStore) {
    let [one, other] = two(&test).await;
    let any = PredictionFilter::default;
    let first = [
        PredictionFilter {
            model: Some("pneumonia".into()),
            ..any()
        },
        PredictionFilter {
            version: Some(1),
            ..any()
        },
        PredictionFilter {
            label: Some("NORMAL".into()),
            ..any()
        },
        PredictionFilter {
            maximum_score: Some(0.75),
            ..any()
        },
        PredictionFilter {
            image_sha256: Some(Digest::of(b"an image")),
            ..any()
        },
        PredictionFilter {
            until_time: Some(at(60)),
            ..any()
        },
        PredictionFilter {
            image_id: Some(stored()),
            ..any()
        },
        PredictionFilter {
            reviewed: Some(true),
            ..any()
        },
    ];
    for filter in first {
        let found = test.list(&filter).await;
        assert_eq!(found, std::slice::from_ref(&one), "{filter:?}");
    }
    let second = [
        PredictionFilter {
            minimum_score: Some(0.95),
            ..any()
        },
        PredictionFilter {
            from_time: Some(at(60)),
            ..any()
        },
        PredictionFilter {
            reviewed: Some(false),
            ..any()
        },
    ];
    for filter in second {
        let found = test.list(&filter).await;
        assert_eq!(found, std::slice::from_ref(&other), "{filter:?}");
    }
    for filter in [
        PredictionFilter {
            label: Some("' OR '1'='1".into()),
            ..any()
        },
        PredictionFilter {
            model: Some("%".into()),
            ..any()
        },
        PredictionFilter {
            from_time: Some(at(61)),
            ..any()
        },
        PredictionFilter {
            image_id: Some(ImageId::new(at(0))),
            ..any()
        },
    ] {
        assert_eq!(test.list(&filter).await, [], "{filter:?}");
    }
}

async fn filters_hold_together(test: TestStore) {
    let [one, _] = two(&test).await;
    let all = PredictionFilter {
        model: Some("pneumonia".to_owned()),
        version: Some(1),
        label: Some("NORMAL".to_owned()),
        minimum_score: Some(0.75),
        maximum_score: Some(0.75),
        image_sha256: Some(Digest::of(b"an image")),
        from_time: Some(at(0)),
        until_time: Some(at(0) + SignedDuration::from_micros(1)),
        image_id: Some(stored()),
        reviewed: Some(true),
    };
    assert_eq!(test.list(&all).await, [one]);
    for contradiction in [
        PredictionFilter {
            version: Some(2),
            ..all.clone()
        },
        PredictionFilter {
            reviewed: Some(false),
            ..all
        },
    ] {
        assert_eq!(test.list(&contradiction).await, []);
    }
}

async fn labels_differ_by_case_and_accent(test: TestStore) {
    for label in ["normal", "Normal", "NORMAL", "nórmal"] {
        let mut labelled = prediction(at(0));
        labelled.content.output.label = label.to_owned();
        test.record(labelled).await;
    }
    let filter = PredictionFilter {
        label: Some("Normal".to_owned()),
        ..PredictionFilter::default()
    };
    assert_eq!(test.list(&filter).await.len(), 1);
    let everything = PredictionFilter::default();
    let statistics = test.store.statistics(ANA, &everything).await;
    assert_eq!(statistics.expect("counted").labels.len(), 4);
}

async fn an_export_is_the_whole_list(test: TestStore) {
    // More than two of the longest pages.
    let mut expected = Vec::new();
    for second in 0..450 {
        expected.push(test.record(prediction(at(second))).await);
    }
    expected.reverse();
    let mut strangers = prediction(at(0));
    strangers.caller = LUIS;
    test.record(strangers).await;

    let everything = PredictionFilter::default();
    let exported = test.export(everything).await.expect("a whole stream");
    assert_eq!(exported, expected);
    let newest = PredictionFilter {
        from_time: Some(at(440)),
        ..PredictionFilter::default()
    };
    let exported = test.export(newest).await.expect("a whole stream");
    assert_eq!(exported, expected[..10]);
}
