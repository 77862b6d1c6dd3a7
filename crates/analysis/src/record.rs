//! What is written down of an answer.

use pupila_proto::{history::v1::Prediction, inference::v1::PredictResponse};
use pupila_runtime::context::RequestContext;

/// What is known of the image beside its bytes, and why it was asked about.
#[derive(Debug)]
pub(crate) struct Occasion {
    pub(crate) filename: String,
    pub(crate) image_id: String,
    pub(crate) replay_of: String,
}

/// The record of what a model answered on an occasion.
pub(crate) fn to_record(
    response: PredictResponse,
    occasion: Occasion,
    context: &RequestContext,
) -> Prediction {
    Prediction {
        request_id: context.request_id.to_string(),
        filename: occasion.filename,
        image_sha256: response.image_sha256,
        image_format: response.image_format,
        image_width: response.image_width,
        image_height: response.image_height,
        image_id: occasion.image_id,
        replay_of: occasion.replay_of,
        model: response.model,
        version: response.version,
        model_sha256: response.model_sha256,
        parameters: response.parameters,
        output: response.output,
        stage_times: response.stage_times,
        // History gives these.
        id: String::new(),
        create_time: None,
        caller: String::new(),
        review: None,
    }
}
