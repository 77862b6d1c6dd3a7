//! Tables of jobs and of their images.

use comfy_table::{ColumnConstraint, Table, Width};
use jiff::tz::TimeZone;

use super::job::{Item, Job, StepResult};
use crate::{
    table::{Medium, with_header},
    terminal::printable,
};

/// An id, such as that of an image, with a space on both sides: cut in two it is of no use.
const ID: ColumnConstraint = ColumnConstraint::LowerBoundary(Width::Fixed(38));

/// A row per image.
pub(super) fn items(items: &[Item], medium: Medium) -> Table {
    let mut table = with_header(["", "file", "state", "result"]);
    table.add_rows(items.iter().map(|item| {
        [
            item.position.to_string(),
            medium.name(&item.filename),
            item.state.word().to_owned(),
            outcome(item, medium),
        ]
    }));
    let whole = |item: &Item| item.results.iter().any(|result| result.image.is_some());
    if items.iter().any(whole) {
        constrain(&mut table, 3);
    }
    table
}

/// A row per job.
pub(super) fn jobs(jobs: &[Job], medium: Medium) -> Table {
    match medium {
        Medium::Terminal => narrow(jobs),
        Medium::Pipe => wide(jobs),
    }
}

/// A job is one line.
fn wide(jobs: &[Job]) -> Table {
    let mut table = with_header(["id", "name", "state", "images", "errors", "made"]);
    table.add_rows(jobs.iter().map(|job| {
        [
            job.id.to_string(),
            Medium::Pipe.name(&job.name),
            job.state.word().to_owned(),
            ended(job),
            job.counts.failed.to_string(),
            // Without fractions of a second.
            format!("{:.0}", job.create_time),
        ]
    }));
    table
}

/// A job is two lines, of 79 characters at most: an id alone takes half of a terminal.
fn narrow(jobs: &[Job]) -> Table {
    let mut table = with_header(["job", "state", "images", "made"]);
    table.add_rows(jobs.iter().map(|job| {
        let errors = match job.counts.failed {
            0 => String::new(),
            1 => "1 error".to_owned(),
            failed => format!("{failed} errors"),
        };
        let made = job.create_time.to_zoned(TimeZone::UTC);
        [
            format!("{}\n{}", job.id, Medium::Terminal.name(&job.name)),
            job.state.word().to_owned(),
            format!("{}\n{errors}", ended(job)),
            format!("{}\n{}", made.strftime("%F"), made.strftime("%TZ")),
        ]
    }));
    constrain(&mut table, 0);
    table
}

fn ended(job: &Job) -> String {
    format!("{}/{}", job.counts.ended(), job.counts.total)
}

/// Keeps the ids of a column whole.
fn constrain(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_constraint(ID);
    }
}

fn outcome(item: &Item, medium: Medium) -> String {
    if let Some(failure) = &item.failure {
        return printable(&failure.to_string());
    }
    let results: Vec<_> = item.results.iter().map(result).collect();
    results.join(match medium {
        Medium::Terminal => "\n",
        Medium::Pipe => ", ",
    })
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

#[cfg(test)]
mod tests {
    use std::iter;

    use serde_json::json;

    use super::*;

    const TERMINAL: u16 = 80;

    fn job(name: &str) -> Job {
        let job = json!({
            "id": "01890000-0000-7000-8000-000000000000", "name": name, "state": "RUNNING",
            "counts": {"total": 10_000, "succeeded": 9_000, "failed": 12, "cancelled": 0},
            "create_time": "2026-11-23T14:00:00.123456Z",
        });
        serde_json::from_value(job).expect("a job")
    }

    fn item(file: &str) -> Item {
        let made = json!({"image_id": "01890000-0000-7000-8000-000000000001", "width": 1024, "height": 1024, "format": "jpeg"});
        let item = json!({
            "position": 9_999, "filename": file, "state": "SUCCEEDED",
            "results": [{"image": made}, {"prediction": {"label": "PNEUMONIA", "score": 0.97}}],
        });
        serde_json::from_value(item).expect("an item")
    }

    fn on_a_terminal(mut table: Table) -> String {
        table.set_width(TERMINAL).to_string()
    }

    #[test]
    fn a_table_fits_an_ordinary_terminal() {
        let long = "n".repeat(200);
        let jobs = on_a_terminal(jobs(&[job(""), job(&long)], Medium::Terminal));
        let items = on_a_terminal(items(&[item("a.png"), item(&long)], Medium::Terminal));
        for table in [&jobs, &items] {
            let widest = table.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(80), "{widest:?}\n{table}");
            assert!(table.lines().count() < 20, "{table}");
        }
        let told = [
            "01890000-0000-7000-8000-000000000000",
            "9012/10000",
            "12 errors",
            "2026-11-23",
            "14:00:00Z",
        ];
        assert!(told.iter().all(|word| jobs.contains(word)), "{jobs}");
        assert!(
            items.contains("01890000-0000-7000-8000-000000000001"),
            "{items}"
        );
    }

    #[test]
    fn in_a_pipe_a_row_is_a_line_and_nothing_is_left_out() {
        let table = items(&[item("a.png")], Medium::Pipe)
            .force_no_tty()
            .to_string();
        let row = table.lines().find(|line| line.contains("a.png"));
        let row = row.expect("a row");
        assert!(row.contains("1024x1024 jpeg, PNEUMONIA 0.9700"), "{table}");
        let long: String = iter::repeat_n("name ", 40).collect();
        let table = jobs(&[job(&long)], Medium::Pipe).force_no_tty().to_string();
        assert!(
            table
                .lines()
                .any(|line| line.contains(&long) && line.contains("2026-11-23T14:00:00Z")),
            "{table}"
        );
    }
}
