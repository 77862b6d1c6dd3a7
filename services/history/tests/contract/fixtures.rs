//! A store on a fresh database, and predictions to put into it.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use pupila_core::{
    Digest, ImageId, Listing, Page, PredictionId, RequestId, ReviewId, SystemClock, UserId,
};
use pupila_db::TestDatabase;
use pupila_history::{
    Classification, History, HistoryError, ImageFacts, LabelScore, ModelFacts, NewPrediction,
    Prediction, PredictionFilter, PredictionStore, Review, StageTimes, Verdict, open_store,
};
use uuid::Uuid;

/// Whose predictions these are.
pub(crate) const ANA: UserId = UserId::from_uuid(Uuid::from_u128(1));
/// Somebody else.
pub(crate) const LUIS: UserId = UserId::from_uuid(Uuid::from_u128(2));
/// Who has never recorded anything.
pub(crate) const NOBODY: UserId = UserId::from_uuid(Uuid::from_u128(3));

pub(crate) struct TestStore {
    pub(crate) store: Arc<dyn PredictionStore>,
    pub(crate) database: TestDatabase,
}

impl TestStore {
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    pub(crate) async fn mysql() -> Self {
        Self::on(TestDatabase::mysql_for("history").await).await
    }

    async fn on(database: TestDatabase) -> Self {
        let store = open_store(&database.database).await.expect("migrated");
        Self { store, database }
    }

    pub(crate) async fn record(&self, prediction: Prediction) -> Prediction {
        let before = self.store.record(&prediction, None).await;
        assert_eq!(before.expect("recorded"), None);
        prediction
    }

    /// Writes down what is said of a prediction, and answers it with that.
    pub(crate) async fn review(&self, prediction: &Prediction, review: Review) -> Prediction {
        let written = self.store.review(prediction, &review).await;
        written.expect("written");
        Prediction {
            review: Some(review),
            ..prediction.clone()
        }
    }

    /// One of Ana's predictions.
    pub(crate) async fn find(&self, id: PredictionId) -> Option<Prediction> {
        self.store.find(ANA, id).await.expect("readable")
    }

    /// A page of Ana's predictions.
    pub(crate) async fn page(&self, filter: &PredictionFilter, page: Page) -> Listing<Prediction> {
        self.store.list(ANA, filter, page).await.expect("a page")
    }

    /// The first page, of any size, of Ana's predictions.
    pub(crate) async fn list(&self, filter: &PredictionFilter) -> Vec<Prediction> {
        self.page(filter, Page::LONGEST).await.items
    }

    /// All of Ana's predictions, as a stream brings them.
    pub(crate) async fn export(
        &self,
        filter: PredictionFilter,
    ) -> Result<Vec<Prediction>, HistoryError> {
        let history = History::new(Arc::clone(&self.store), Arc::new(SystemClock));
        history.export(ANA, filter).await?.try_collect().await
    }
}

/// Second `second` of an arbitrary day.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).expect("in range")
}

/// Ana's prediction of that time.
pub(crate) fn prediction(time: Timestamp) -> Prediction {
    Prediction {
        id: PredictionId::new(time),
        create_time: time,
        caller: ANA,
        content: content(),
        review: None,
    }
}

/// Ana's prediction of that time, of a stored image.
pub(crate) fn prediction_of(image: ImageId, time: Timestamp) -> Prediction {
    let mut prediction = prediction(time);
    prediction.content.image.id = Some(image);
    prediction
}

/// What Ana says of a prediction at that time: the right label, which may be the predicted one.
pub(crate) fn review(prediction: &Prediction, time: Timestamp, label: &str) -> Review {
    let agrees = prediction.content.output.label == label;
    Review {
        id: ReviewId::new(time),
        create_time: time,
        reviewer: prediction.caller,
        verdict: if agrees {
            Verdict::Agree
        } else {
            Verdict::Disagree
        },
        label: label.to_owned(),
        comment: String::new(),
    }
}

pub(crate) fn content() -> NewPrediction {
    let scores = [("NORMAL", 0.75), ("PNEUMONIA", 0.25)];
    NewPrediction {
        request_id: RequestId::accept("req-1").expect("plain"),
        filename: "chest.jpeg".to_owned(),
        image: ImageFacts {
            id: None,
            sha256: Digest::of(b"an image"),
            format: "jpeg".to_owned(),
            width: 1_857,
            height: 1_317,
        },
        model: ModelFacts {
            name: "pneumonia".to_owned(),
            version: 1,
            sha256: Digest::of(b"a model"),
        },
        parameters: [("threshold".to_owned(), 0.5)].into(),
        output: Classification {
            label: "NORMAL".to_owned(),
            score: 0.75,
            scores: scores
                .map(|(label, score)| LabelScore {
                    label: label.to_owned(),
                    score,
                })
                .into(),
            positive_score: Some(0.25),
        },
        stage_times: StageTimes {
            queue_us: 1,
            decode_us: 20_000,
            preprocess_us: 300,
            infer_us: 500,
        },
        replay_of: None,
    }
}
