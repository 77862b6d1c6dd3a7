//! Ways to a page of predictions.

use crate::PredictionFilter;

/// Every prediction of a caller. Holds all that statistics count.
pub(super) const BY_CALLER: &str = "predictions_by_caller";
const BY_MODEL: &str = "predictions_by_caller_model";
const BY_LABEL: &str = "predictions_by_caller_label";
const BY_IMAGE: &str = "predictions_by_caller_image";
const BY_IMAGE_ID: &str = "predictions_by_caller_image_id";

/// The way to a page: the table that is read first, along an index whose order is that of the page. Chosen here,
/// because a planner that finds most rows to be one caller's reads and sorts them all.
pub(super) struct Path {
    pub(super) from: &'static str,
    pub(super) index: &'static str,
    /// How `predictions` is reached where another table is read first.
    pub(super) join: &'static str,
    pub(super) of_caller: &'static str,
    /// Starts after a row. The first condition gives the index its range, the second breaks ties. MariaDB narrows no
    /// range by `(create_time, id) < (?, ?)`.
    pub(super) after: &'static str,
    pub(super) newest_first: &'static str,
}

/// By the first reviews, of which each reviewed prediction has one. What people review is little beside the rest.
const REVIEWED: Path = Path {
    from: " FROM reviews AS first_review",
    index: "reviews_by_reviewer",
    join: " JOIN predictions ON predictions.id = first_review.prediction_id",
    of_caller: " WHERE first_review.reviewer = ? AND first_review.ordinal = 1",
    after: " AND first_review.prediction_time <= ? \
         AND (first_review.prediction_time < ? OR first_review.prediction_id < ?)",
    newest_first: " ORDER BY first_review.prediction_time DESC, first_review.prediction_id DESC LIMIT ?",
};

impl Path {
    /// The way to a page of the filter's predictions. One image has few, people review few, and one label has fewer
    /// than its model.
    pub(super) fn to(filter: &PredictionFilter) -> Self {
        if let Some(index) = image_index(filter) {
            return Self::along(index);
        }
        match filter {
            PredictionFilter {
                reviewed: Some(true),
                ..
            } => REVIEWED,
            PredictionFilter { label: Some(_), .. } => Self::along(BY_LABEL),
            PredictionFilter { model: Some(_), .. } => Self::along(BY_MODEL),
            _ => Self::along(BY_CALLER),
        }
    }

    /// Straight into `predictions`.
    const fn along(index: &'static str) -> Self {
        Self {
            from: " FROM predictions",
            index,
            join: "",
            of_caller: " WHERE predictions.caller = ?",
            after: " AND predictions.create_time <= ? \
                 AND (predictions.create_time < ? OR predictions.id < ?)",
            newest_first: " ORDER BY predictions.create_time DESC, predictions.id DESC LIMIT ?",
        }
    }
}

/// The index of the filter's image, where it names one.
pub(super) fn image_index(filter: &PredictionFilter) -> Option<&'static str> {
    match filter {
        PredictionFilter {
            image_id: Some(_), ..
        } => Some(BY_IMAGE_ID),
        PredictionFilter {
            image_sha256: Some(_),
            ..
        } => Some(BY_IMAGE),
        _ => None,
    }
}
