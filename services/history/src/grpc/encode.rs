//! From our words to messages.

use jiff::Timestamp;
use pupila_core::{ImageId, Listing};
use pupila_proto::{history::v1 as proto, inference::v1 as inference};

use crate::{Classification, NewPrediction, Prediction, Review, Statistics, Verdict};

pub(super) fn prediction(prediction: Prediction) -> proto::Prediction {
    let NewPrediction {
        request_id,
        filename,
        image,
        model,
        parameters,
        output,
        stage_times,
        replay_of,
    } = prediction.content;
    proto::Prediction {
        id: prediction.id.to_string(),
        create_time: Some(timestamp(prediction.create_time)),
        caller: prediction.caller.to_string(),
        request_id: request_id.to_string(),
        filename,
        image_sha256: image.sha256.to_string(),
        image_format: image.format,
        image_width: image.width,
        image_height: image.height,
        model: model.name,
        version: model.version,
        model_sha256: model.sha256.to_string(),
        parameters: parameters.into_iter().collect(),
        output: Some(inference::Output {
            kind: Some(inference::output::Kind::Classification(classification(
                output,
            ))),
        }),
        stage_times: Some(inference::StageTimes {
            queue_us: stage_times.queue_us,
            decode_us: stage_times.decode_us,
            preprocess_us: stage_times.preprocess_us,
            infer_us: stage_times.infer_us,
        }),
        image_id: image.id.map(|id| id.to_string()).unwrap_or_default(),
        replay_of: replay_of.map(|id| id.to_string()).unwrap_or_default(),
        review: prediction.review.map(review),
    }
}

pub(super) fn listing(listing: Listing<Prediction>) -> proto::ListPredictionsResponse {
    let next = listing.next.map(|cursor| cursor.to_token());
    proto::ListPredictionsResponse {
        predictions: listing.items.into_iter().map(prediction).collect(),
        next_page_token: next.unwrap_or_default(),
    }
}

pub(super) fn statistics(statistics: Statistics) -> proto::GetStatisticsResponse {
    proto::GetStatisticsResponse {
        total: statistics.total(),
        models: statistics
            .models
            .into_iter()
            .map(|count| proto::ModelCount {
                model: count.model,
                version: count.version,
                count: count.count,
                mean_infer_us: count.mean_infer_us,
            })
            .collect(),
        labels: statistics
            .labels
            .into_iter()
            .map(|count| proto::LabelCount {
                model: count.model,
                label: count.label,
                count: count.count,
                mean_score: count.mean_score,
            })
            .collect(),
        days: statistics
            .days
            .into_iter()
            .map(|count| proto::DayCount {
                date: count.date.to_string(),
                count: count.count,
            })
            .collect(),
    }
}

pub(super) fn images(listing: Listing<ImageId>) -> proto::ListLabelledImagesResponse {
    let next = listing.next.map(|cursor| cursor.to_token());
    proto::ListLabelledImagesResponse {
        image_ids: listing.items.iter().map(ImageId::to_string).collect(),
        next_page_token: next.unwrap_or_default(),
    }
}

fn review(review: Review) -> proto::Review {
    let verdict = match review.verdict {
        Verdict::Agree => proto::Verdict::Agree,
        Verdict::Disagree => proto::Verdict::Disagree,
    };
    proto::Review {
        id: review.id.to_string(),
        create_time: Some(timestamp(review.create_time)),
        reviewer: review.reviewer.to_string(),
        verdict: verdict.into(),
        label: review.label,
        comment: review.comment,
    }
}

fn classification(output: Classification) -> inference::Classification {
    inference::Classification {
        label: output.label,
        score: output.score,
        scores: output
            .scores
            .into_iter()
            .map(|entry| inference::LabelScore {
                label: entry.label,
                score: entry.score,
            })
            .collect(),
        positive_score: output.positive_score,
    }
}

pub(super) fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: time.as_second(),
        nanos: time.subsec_nanosecond(),
    }
}
