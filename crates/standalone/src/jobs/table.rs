//! Tables for people.

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

use super::job::{Item, Job, StepResult};

/// A row per image.
pub(super) fn items(items: &[Item]) -> Table {
    let mut table = empty(&["", "file", "state", "result"]);
    table.add_rows(items.iter().map(|item| {
        [
            item.position.to_string(),
            item.filename.clone(),
            item.state.word().to_owned(),
            outcome(item),
        ]
    }));
    table
}

/// A row per job.
pub(super) fn jobs(jobs: &[Job]) -> Table {
    let mut table = empty(&["id", "name", "state", "images", "errors", "made"]);
    table.add_rows(jobs.iter().map(|job| {
        [
            job.id.clone(),
            job.name.clone(),
            job.state.word().to_owned(),
            format!("{}/{}", job.counts.ended(), job.counts.total),
            job.counts.failed.to_string(),
            job.create_time.clone(),
        ]
    }));
    table
}

fn empty(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_header(header);
    table
}

fn outcome(item: &Item) -> String {
    if let Some(failure) = &item.failure {
        return format!("{} ({})", failure.detail, failure.code);
    }
    let results: Vec<_> = item.results.iter().map(result).collect();
    results.join("\n")
}

fn result(result: &StepResult) -> String {
    if let Some(prediction) = &result.prediction {
        return format!("{} {:.4}", prediction.label, prediction.score);
    }
    result.image.as_ref().map_or_else(String::new, |image| {
        format!(
            "{} {}x{} {}",
            image.image_id, image.width, image.height, image.format
        )
    })
}
