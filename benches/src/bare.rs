//! The bare pipeline: decode, preprocess, infer, and nothing around it. What the product is held against.

use std::{
    collections::HashMap,
    process,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use pupila_imaging::Limits;
use pupila_inference::{InferenceConfig, Model, Values, pipeline};

use crate::{Failure, images::Image, process::cpu_time, round::Round};

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
        let cpu = cpu_time(process::id())?;
        let start = Instant::now();
        let latencies: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|first| scope.spawn(move || self.predict_until(first, start + length)))
                .collect();
            let done = workers.into_iter().map(|worker| {
                let latencies = worker.join();
                latencies.unwrap_or_else(|_| Err("the pipeline panicked".into()))
            });
            done.collect::<Result<_, Failure>>()
        })?;
        Ok(Round {
            elapsed: start.elapsed(),
            cpu: cpu_time(process::id())? - cpu,
            latencies: latencies.concat(),
        })
    }

    fn predict_until(&self, first: usize, end: Instant) -> Result<Vec<Duration>, Failure> {
        let mut latencies = Vec::new();
        for image in self.images.iter().cycle().skip(first) {
            let start = Instant::now();
            if start >= end {
                break;
            }
            pipeline::predict(&self.model, &image.bytes, &self.values, &self.limits)?;
            latencies.push(start.elapsed());
        }
        Ok(latencies)
    }
}
