//! The bare pipeline: decode, preprocess, infer, and nothing around it. What the product is held against.

use std::{collections::HashMap, sync::Arc, time::Duration};

use pupila_imaging::Limits;
use pupila_inference::{InferenceConfig, Model, Values, pipeline};

use crate::{Failure, images::Image, round::Round, workers};

/// The pipeline with the default model.
pub(crate) struct Bare {
    model: Arc<Model>,
    values: Values,
    limits: Limits,
    images: Arc<[Image]>,
}

impl Bare {
    /// Loads the model as the server does.
    pub(crate) async fn open(images: Arc<[Image]>) -> Result<Self, Failure> {
        let service = pupila_inference::open(&InferenceConfig::default()).await?;
        let model = service.registry().ready("", None)?;
        let values = Values::parse(&model, &HashMap::new())?;
        Ok(Self {
            model,
            values,
            limits: *service.limits(),
            images,
        })
    }

    /// Predicts on so many threads until the time is over.
    pub(crate) fn round(&self, threads: usize, length: Duration) -> Result<Round, Failure> {
        workers::round(threads, length, |piece| {
            let image = &self.images[piece % self.images.len()];
            pipeline::predict(&self.model, &image.bytes, &self.values, &self.limits)?;
            Ok(())
        })
    }
}
