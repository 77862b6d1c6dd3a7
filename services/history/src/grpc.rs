//! History over gRPC: translates messages, decides nothing.

mod decode;
mod encode;
mod jobs;
mod tasks;

use std::sync::Arc;

use futures_util::{StreamExt as _, stream::BoxStream};
use pupila_core::{Clock, Page};
use pupila_proto::history::v1::{
    self as proto, history_service_server::HistoryService as HistoryApi,
};
use pupila_runtime::{identity, rpc};
use tonic::{Request, Response, Status};

use crate::{History, HistoryError, PredictionStore};

pub(crate) use jobs::JobService;
pub(crate) use tasks::TaskService;

/// `pupila.history.v1.HistoryService`.
#[derive(Clone)]
pub struct HistoryService {
    history: History,
}

impl HistoryService {
    /// A service over `store`.
    #[must_use]
    pub fn new(store: Arc<dyn PredictionStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            history: History::new(store, clock),
        }
    }
}

#[tonic::async_trait]
impl HistoryApi for HistoryService {
    type ExportPredictionsStream =
        BoxStream<'static, Result<proto::ExportPredictionsResponse, Status>>;

    async fn record_prediction(
        &self,
        request: Request<proto::RecordPredictionRequest>,
    ) -> Result<Response<proto::RecordPredictionResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let content = decode::new_prediction(request.prediction).map_err(rpc::into_status)?;
        let key = decode::optional_key(&request.idempotency_key).map_err(rpc::into_status)?;
        let prediction = self
            .history
            .record(caller, content, key.as_ref())
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(proto::RecordPredictionResponse {
            prediction: Some(encode::prediction(prediction)),
        }))
    }

    async fn get_prediction(
        &self,
        request: Request<proto::GetPredictionRequest>,
    ) -> Result<Response<proto::GetPredictionResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let id = decode::id(&request.into_inner().id).map_err(rpc::into_status)?;
        let prediction = self
            .history
            .find(caller, id)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(proto::GetPredictionResponse {
            prediction: Some(encode::prediction(prediction)),
        }))
    }

    async fn list_predictions(
        &self,
        request: Request<proto::ListPredictionsRequest>,
    ) -> Result<Response<proto::ListPredictionsResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let filter = decode::filter(request.filter).map_err(rpc::into_status)?;
        let page = Page::new(request.page_size, &request.page_token).map_err(rpc::into_status)?;
        let listing = self
            .history
            .list(caller, &filter, page)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(encode::listing(listing)))
    }

    async fn export_predictions(
        &self,
        request: Request<proto::ExportPredictionsRequest>,
    ) -> Result<Response<Self::ExportPredictionsStream>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let filter = decode::filter(request.into_inner().filter).map_err(rpc::into_status)?;
        let predictions = self
            .history
            .export(caller, filter)
            .await
            .map_err(rpc::into_status)?;
        let messages = predictions.map(|prediction| match prediction {
            Ok(prediction) => Ok(proto::ExportPredictionsResponse {
                prediction: Some(encode::prediction(prediction)),
            }),
            Err(error) => Err(rpc::into_status::<HistoryError>(error)),
        });
        Ok(Response::new(messages.boxed()))
    }

    async fn get_statistics(
        &self,
        request: Request<proto::GetStatisticsRequest>,
    ) -> Result<Response<proto::GetStatisticsResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let filter = decode::filter(request.into_inner().filter).map_err(rpc::into_status)?;
        let statistics = self
            .history
            .statistics(caller, &filter)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(encode::statistics(statistics)))
    }

    async fn find_prediction(
        &self,
        request: Request<proto::FindPredictionRequest>,
    ) -> Result<Response<proto::FindPredictionResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let key = decode::key(&request.into_inner().idempotency_key).map_err(rpc::into_status)?;
        let prediction = self
            .history
            .find_by_key(caller, &key)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(proto::FindPredictionResponse {
            prediction: Some(encode::prediction(prediction)),
        }))
    }

    async fn review_prediction(
        &self,
        request: Request<proto::ReviewPredictionRequest>,
    ) -> Result<Response<proto::ReviewPredictionResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let id = decode::id(&request.id).map_err(rpc::into_status)?;
        let content = decode::new_review(request).map_err(rpc::into_status)?;
        let prediction = self
            .history
            .review(caller, id, content)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(proto::ReviewPredictionResponse {
            prediction: Some(encode::prediction(prediction)),
        }))
    }

    async fn list_labelled_images(
        &self,
        request: Request<proto::ListLabelledImagesRequest>,
    ) -> Result<Response<proto::ListLabelledImagesResponse>, Status> {
        let caller = identity::user(request.extensions())?.id;
        let request = request.into_inner();
        let page = Page::new(request.page_size, &request.page_token).map_err(rpc::into_status)?;
        let listing = self
            .history
            .labelled_images(caller, &request.label, page)
            .await
            .map_err(rpc::into_status)?;
        Ok(Response::new(encode::images(listing)))
    }

    async fn erase_user(
        &self,
        request: Request<proto::EraseUserRequest>,
    ) -> Result<Response<proto::EraseUserResponse>, Status> {
        let user = decode::user_id(&request.into_inner().user_id).map_err(rpc::into_status)?;
        self.history.erase(user).await.map_err(rpc::into_status)?;
        Ok(Response::new(proto::EraseUserResponse {}))
    }
}
