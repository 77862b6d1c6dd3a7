//! A store on a fresh database, and predictions to put into it.

use std::sync::Arc;

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use pupila_core::{Digest, Listing, Page, PredictionId, RequestId, SystemClock, UserId};
use pupila_db::TestDatabase;
use pupila_history::{
    Classification, History, HistoryError, ImageFacts, LabelScore, ModelFacts, NewPrediction,
    Prediction, PredictionFilter, PredictionStore, StageTimes, open_store,
};

pub(crate) const ANA: UserId = UserId::LOCAL;

pub(crate) struct TestStore {
    pub(crate) store: Arc<dyn PredictionStore>,
    pub(crate) database: TestDatabase,
}

impl TestStore {
    pub(crate) async fn sqlite() -> Self {
        Self::on(TestDatabase::sqlite().await).await
    }

    pub(crate) async fn mysql() -> Self {
        Self::on(TestDatabase::mysql().await).await
    }

    async fn on(database: TestDatabase) -> Self {
        let store = open_store(&database.database).await.expect("migrated");
        Self { store, database }
    }

    pub(crate) async fn record(&self, prediction: Prediction) -> Prediction {
        self.store.record(&prediction).await.expect("recorded");
        prediction
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
    }
}

pub(crate) fn content() -> NewPrediction {
    let scores = [("NORMAL", 0.75), ("PNEUMONIA", 0.25)];
    NewPrediction {
        request_id: RequestId::accept("req-1").expect("plain"),
        filename: "chest.jpeg".to_owned(),
        image: ImageFacts {
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
    }
}
