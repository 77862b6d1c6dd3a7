//! tract, an ONNX engine in Rust.

use std::{io::Cursor, sync::Arc};

use bytes::Bytes;
use tract_onnx::prelude::*;

use super::{Engine, EngineError, Network};

/// The engine of the default build.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tract;

struct Plan {
    plan: Arc<TypedRunnableModel>,
    shape: [usize; 4],
    outputs: usize,
}

impl Engine for Tract {
    fn load(&self, file: Bytes, shape: [usize; 4]) -> Result<Arc<dyn Network>, EngineError> {
        let mut plan = Plan {
            plan: optimise(file, shape)?,
            shape,
            outputs: 0,
        };
        // The first run pages in and lays out what every later one needs.
        let zeroes = vec![0.0; shape.iter().product()];
        plan.outputs = plan.run(&zeroes)?.len();
        Ok(Arc::new(plan))
    }
}

fn optimise(file: Bytes, shape: [usize; 4]) -> TractResult<Arc<TypedRunnableModel>> {
    // Files declare symbolic batches and stale shapes; tract is 8 times slower with a symbol in the shape,
    // so ours alone counts, and the rest is worked out from it.
    let model = tract_onnx::onnx()
        .with_ignore_value_info(true)
        .with_ignore_output_shapes(true)
        .model_for_read(&mut Cursor::new(file))?;
    if model.inputs.len() != 1 {
        tract_onnx::tract_core::internal::bail!(
            "it has {} inputs instead of one",
            model.inputs.len()
        );
    }
    model
        .with_input_fact(0, f32::fact(shape).into())?
        .into_optimized()?
        .into_runnable()
}

impl Network for Plan {
    fn outputs(&self) -> usize {
        self.outputs
    }

    fn run(&self, input: &[f32]) -> Result<Vec<f32>, EngineError> {
        let input = Tensor::from_shape(&self.shape, input)?;
        let outputs = self.plan.run(tvec!(input.into_tvalue()))?;
        let first = outputs
            .first()
            .ok_or_else(|| EngineError("it has no output".to_owned()))?;
        let numbers = first.cast_to::<f32>()?;
        Ok(numbers
            .to_plain_array_view::<f32>()?
            .iter()
            .copied()
            .collect())
    }
}

impl From<TractError> for EngineError {
    fn from(error: TractError) -> Self {
        // With the causes: the outermost text says only at which stage it failed.
        Self(format!("{error:#}"))
    }
}
