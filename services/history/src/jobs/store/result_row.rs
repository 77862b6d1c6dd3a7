//! Between a [`StepResult`] and the columns of its row.

use std::collections::HashMap;

use pupila_core::{ImageId, PredictionId, TaskId};
use pupila_db::{Dialect, Row, Statement};
use uuid::Uuid;

use super::job_row::{Cause, unreadable};
use crate::jobs::{DerivedImage, JobError, Product, RecordedPrediction, StepResult};

const SELECT: &str = "SELECT task_id, step, image_id, image_name, image_format, image_width, image_height, \
     prediction_id, model, version, label, score FROM results";

/// What came out of each of the tasks, in the order of the steps.
pub(super) async fn of_tasks<DB: Dialect>(
    connection: &mut DB::Connection,
    tasks: impl IntoIterator<Item = TaskId>,
) -> Result<HashMap<TaskId, Vec<StepResult>>, JobError> {
    let ids = tasks.into_iter().map(|task| task.as_uuid());
    let select = Statement::<DB>::new(SELECT)
        .push_list(" WHERE task_id IN", ids)
        .push(" ORDER BY task_id, step");
    let mut results: HashMap<_, Vec<_>> = HashMap::new();
    for row in select.fetch_all(connection).await? {
        let (task, result) = read(&row).map_err(unreadable)?;
        results.entry(task).or_default().push(result);
    }
    Ok(results)
}

fn read<DB: Dialect>(row: &Row<DB>) -> Result<(TaskId, StepResult), Cause> {
    let task = TaskId::from_uuid(row.get("task_id")?);
    let step = row.get::<i64>("step")?.try_into()?;
    let product = match row.get::<Option<Uuid>>("image_id")? {
        Some(id) => Product::Image(image(ImageId::from_uuid(id), row)?),
        None => Product::Prediction(prediction(row)?),
    };
    Ok((task, StepResult { step, product }))
}

fn image<DB: Dialect>(id: ImageId, row: &Row<DB>) -> Result<DerivedImage, Cause> {
    Ok(DerivedImage {
        id,
        name: there(row, "image_name")?,
        format: there(row, "image_format")?,
        width: there::<_, i64>(row, "image_width")?.try_into()?,
        height: there::<_, i64>(row, "image_height")?.try_into()?,
    })
}

fn prediction<DB: Dialect>(row: &Row<DB>) -> Result<RecordedPrediction, Cause> {
    Ok(RecordedPrediction {
        id: PredictionId::from_uuid(there(row, "prediction_id")?),
        model: there(row, "model")?,
        version: there::<_, i64>(row, "version")?.try_into()?,
        label: there(row, "label")?,
        score: there(row, "score")?,
    })
}

/// The value of a column that is not `NULL` here.
fn there<DB, T>(row: &Row<DB>, column: &'static str) -> Result<T, Cause>
where
    DB: Dialect + pupila_db::Holds<Option<T>>,
{
    Ok(row.get::<Option<T>>(column)?.ok_or(column)?)
}
