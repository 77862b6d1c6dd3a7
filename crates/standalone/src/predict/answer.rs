//! What `pupila predict` prints.

use std::{
    io::{self, Write as _},
    path::Path,
};

use comfy_table::CellAlignment;
use pupila_gateway::Prediction;
use pupila_runtime::{process::StartError, rpc::with_causes};
use serde::Serialize;

use crate::{
    table::{Medium, with_header},
    terminal::{self, printable},
};

/// What came of one file.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    file: String,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Prediction(Box<Prediction>),
    Error(String),
}

impl Answer {
    pub(super) fn new(file: &Path, result: Result<Prediction, StartError>) -> Self {
        let outcome = match result {
            Ok(prediction) => Outcome::Prediction(Box::new(prediction)),
            Err(error) => Outcome::Error(with_causes(&*error)),
        };
        Self {
            file: file.display().to_string(),
            outcome,
        }
    }

    pub(super) fn is_error(&self) -> bool {
        matches!(self.outcome, Outcome::Error(_))
    }

    fn row(&self, medium: Medium) -> [String; 3] {
        let file = medium.name(&self.file);
        match &self.outcome {
            Outcome::Prediction(prediction) => {
                let label = prediction.label().unwrap_or_default().to_owned();
                let probability = prediction.probability().unwrap_or_default();
                [file, label, format!("{probability:.4}")]
            }
            Outcome::Error(error) => [file, printable(&format!("error: {error}")), String::new()],
        }
    }
}

/// Prints a JSON object per line, or a table.
pub(super) fn print(answers: &[Answer], json: bool) -> io::Result<()> {
    if json {
        return terminal::answer(|out| {
            answers.iter().try_for_each(|answer| {
                serde_json::to_writer(&mut *out, answer)?;
                writeln!(out)
            })
        });
    }
    let medium = Medium::of_stdout();
    let mut table = with_header(["file", "prediction", "probability"]);
    table.add_rows(answers.iter().map(|answer| answer.row(medium)));
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    terminal::answer(|out| writeln!(out, "{table}"))
}
