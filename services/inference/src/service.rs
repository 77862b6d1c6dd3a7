//! The gRPC face: handlers translate, the registry and the pipeline decide.

mod wire;

use std::{collections::HashMap, sync::Arc};

use pupila_imaging::Limits;
use pupila_proto::inference::v1::{
    GetModelRequest, GetModelResponse, ListModelsRequest, ListModelsResponse, LoadModelRequest,
    LoadModelResponse, PredictRequest, PredictResponse, ResolveModelRequest, ResolveModelResponse,
    UnloadModelRequest, UnloadModelResponse,
    inference_service_server::{InferenceService, InferenceServiceServer},
};
use pupila_runtime::{grpc::RpcServices, rpc::into_status};
use tonic::{Request, Response, Status};

use crate::{
    config::InferenceConfig,
    engine::Tract,
    model::Model,
    parameters::Values,
    pipeline::{self, Prediction},
    pool::Pool,
    registry::{Registry, RegistryError},
    repository::{
        BundledRepository, FolderRepository, LayeredRepository, ModelRepository, NotARepository,
    },
};

/// What a request may hold beside the image, in bytes.
const REQUEST_SLACK: u64 = 1024 * 1024;

/// The inference service. Clones share everything.
#[derive(Clone)]
pub struct Service {
    registry: Arc<Registry>,
    pool: Pool,
    limits: Limits,
}

/// The service cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// `models.path` leads to no models.
    #[error("inference.models.path: {0}")]
    Path(#[from] NotARepository),
    /// The models cannot be read.
    #[error("inference: {0}")]
    Registry(#[from] RegistryError),
}

/// Opens the repository and loads every model. Once it returns the service is ready: every version has been
/// tried, and those that failed tell why.
///
/// # Errors
/// [`OpenError`]; a single broken model is none.
pub async fn open(config: &InferenceConfig) -> Result<Service, OpenError> {
    let mut layers: Vec<Arc<dyn ModelRepository>> = Vec::new();
    let mut default_model = config.models.default_model.clone();
    if let Some(path) = &config.models.path {
        let folder = FolderRepository::open(path)?;
        default_model = default_model.or_else(|| folder.only().map(str::to_owned));
        layers.push(Arc::new(folder));
    }
    if config.models.bundled {
        layers.push(Arc::new(BundledRepository));
    }
    let repository = Arc::new(LayeredRepository::new(layers));
    let registry = Registry::open(repository, Arc::new(Tract), default_model).await?;
    Ok(Service::new(registry, config))
}

impl Service {
    /// A service over an open registry.
    #[must_use]
    pub fn new(registry: Arc<Registry>, config: &InferenceConfig) -> Self {
        Self {
            registry,
            pool: Pool::new(&config.pool),
            limits: config.limits.image(),
        }
    }

    /// Its gRPC services, which take messages as long as an image may be.
    #[must_use]
    pub fn into_services(self) -> RpcServices {
        let longest = self.limits.max_bytes.saturating_add(REQUEST_SLACK);
        let longest = usize::try_from(longest).unwrap_or(usize::MAX);
        let server = InferenceServiceServer::new(self).max_decoding_message_size(longest);
        RpcServices::default().with(server)
    }

    /// The models.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// What would run, and with which values: what a prediction is refused for before it has an image.
    fn resolve(
        &self,
        model: &str,
        version: Option<u32>,
        parameters: &HashMap<String, String>,
    ) -> Result<(Arc<Model>, Values), Status> {
        let model = self.registry.ready(model, version).map_err(into_status)?;
        let values = Values::parse(&model, parameters).map_err(into_status)?;
        Ok((model, values))
    }

    /// The pool that predictions run on.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// What an image may cost.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

#[tonic::async_trait]
impl InferenceService for Service {
    async fn list_models(
        &self,
        _: Request<ListModelsRequest>,
    ) -> Result<Response<ListModelsResponse>, Status> {
        let models = self.registry.list();
        let models = models.iter().map(|entry| wire::model(entry)).collect();
        Ok(Response::new(ListModelsResponse { models }))
    }

    async fn get_model(
        &self,
        request: Request<GetModelRequest>,
    ) -> Result<Response<GetModelResponse>, Status> {
        let name = request.into_inner().name;
        let entry = self.registry.get(&name).map_err(into_status)?;
        let model = Some(wire::model(&entry));
        Ok(Response::new(GetModelResponse { model }))
    }

    async fn load_model(
        &self,
        request: Request<LoadModelRequest>,
    ) -> Result<Response<LoadModelResponse>, Status> {
        let name = request.into_inner().name;
        let entry = self.registry.load(&name).await.map_err(into_status)?;
        let model = Some(wire::model(&entry));
        Ok(Response::new(LoadModelResponse { model }))
    }

    async fn unload_model(
        &self,
        request: Request<UnloadModelRequest>,
    ) -> Result<Response<UnloadModelResponse>, Status> {
        let name = request.into_inner().name;
        let entry = self.registry.unload(&name).await.map_err(into_status)?;
        let model = Some(wire::model(&entry));
        Ok(Response::new(UnloadModelResponse { model }))
    }

    async fn predict(
        &self,
        request: Request<PredictRequest>,
    ) -> Result<Response<PredictResponse>, Status> {
        let request = request.into_inner();
        let (model, values) = self.resolve(&request.model, request.version, &request.parameters)?;
        let limits = self.limits;
        let job = move || {
            let prediction: Prediction =
                pipeline::predict(&model, &request.image, &values, &limits).map_err(into_status)?;
            Ok::<_, Status>((prediction, model, values))
        };
        let (done, waited) = self.pool.run(job).await.map_err(into_status)?;
        let (prediction, model, values) = done?;
        Ok(Response::new(wire::prediction(
            &model, &values, prediction, waited,
        )))
    }

    async fn resolve_model(
        &self,
        request: Request<ResolveModelRequest>,
    ) -> Result<Response<ResolveModelResponse>, Status> {
        let request = request.into_inner();
        let (model, values) = self.resolve(&request.model, request.version, &request.parameters)?;
        Ok(Response::new(wire::resolution(&model, &values)))
    }
}
