//! What `pupila predict` prints.

use std::{
    io::{self, Write as _},
    path::Path,
};

use comfy_table::{CellAlignment, Table, presets::UTF8_FULL_CONDENSED};
use pupila_gateway::Prediction;
use pupila_runtime::{process::StartError, rpc::with_causes};
use serde::Serialize;

use crate::terminal::printable;

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

    fn row(&self) -> [String; 3] {
        let file = printable(&self.file);
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
    let mut out = io::stdout().lock();
    if json {
        for answer in answers {
            serde_json::to_writer(&mut out, answer)?;
            writeln!(out)?;
        }
        return Ok(());
    }
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_header(["file", "prediction", "probability"])
        .add_rows(answers.iter().map(Answer::row));
    if let Some(column) = table.column_mut(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{table}")
}
