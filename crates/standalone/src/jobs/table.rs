//! Tables for people.

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

use super::job::{Item, Job, StepResult};
use crate::terminal::printable;

/// A row per image.
pub(super) fn items(items: &[Item]) -> Table {
    let mut table = empty(&["", "file", "state", "result"]);
    table.add_rows(items.iter().map(|item| {
        [
            item.position.to_string(),
            printable(&item.filename),
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
            printable(&job.name),
            job.state.word().to_owned(),
            format!("{}/{}", job.counts.ended(), job.counts.total),
            job.counts.failed.to_string(),
            // Without fractions of a second.
            format!("{:.0}", job.create_time),
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
        return printable(&failure.to_string());
    }
    let results: Vec<_> = item.results.iter().map(result).collect();
    results.join("\n")
}

fn result(result: &StepResult) -> String {
    if let Some(prediction) = &result.prediction {
        return format!("{} {:.4}", printable(&prediction.label), prediction.score);
    }
    result.image.as_ref().map_or_else(String::new, |image| {
        format!(
            "{} {}x{} {}",
            image.image_id, image.width, image.height, image.format
        )
    })
}
