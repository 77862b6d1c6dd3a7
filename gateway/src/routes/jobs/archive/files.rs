//! What goes into the ZIP file of a job.

use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_proto::history::v1::{DerivedImage, Job, JobItem, Step, step, step_result::Kind};

use super::Packed;
use crate::{
    app::Gateway,
    authentication::LastingContext,
    dto::job::report::Report,
    error::RequestError,
    problem::Problem,
    routes::jobs::{report::table, walk},
    zip_file::{self, Entry, Images, Packing, UniqueNames},
};

/// What is in it beside images.
const REPORT: &str = "report.json";
const RESULTS: &str = "results.csv";

/// The images that were made, in the order of the items, then the table and the counts. Each is asked for when the one
/// before was taken. The table comes after the images, so that it names those that are there.
pub(super) fn of_job(
    gateway: Gateway,
    context: LastingContext,
    job: Job,
    report: &Report,
) -> Result<BoxStream<'static, Result<Packing, Problem>>, Problem> {
    let counts = serde_json::to_vec_pretty(report).map_err(|error| {
        tracing::error!(%error, "a report cannot be written");
        RequestError::Failed
    })?;
    let packed = Packed::default();
    let images = images(&gateway, &context, &job, packed.clone());
    let results = Entry {
        name: RESULTS.to_owned(),
        time: None,
        compress: true,
        contents: table::lines(gateway, context, job, Some(packed)).boxed(),
    };
    let last = [results, Entry::text(REPORT, counts)];
    let last = stream::iter(last.map(Packing::Entry).map(Ok));
    Ok(images.chain(last).boxed())
}

/// The images that were made. None is looked for where no step makes any.
fn images(
    gateway: &Gateway,
    context: &LastingContext,
    job: &Job,
    packed: Packed,
) -> BoxStream<'static, Result<Packing, Problem>> {
    let is_operation = |step: &Step| matches!(step.kind, Some(step::Kind::Operation(_)));
    if !job.steps.iter().any(is_operation) {
        return stream::empty().boxed();
    }
    let items = walk::items(gateway.clone(), context.clone(), job.id.clone());
    let images = Images::new(gateway, context.clone());
    let mut names = UniqueNames::beside(&[REPORT, RESULTS, zip_file::ERRORS]);
    items
        .map_ok(|item| {
            let source = item.filename.clone();
            let images = derived(item).map(move |image| Ok((source.clone(), image)));
            stream::iter(images)
        })
        .try_flatten()
        .map_ok(move |(source, image)| {
            let name = names.give(&source, &image.name, &image.format);
            (name, image.image_id)
        })
        .try_filter_map(move |(name, id)| {
            let (images, packed) = (images.clone(), packed.clone());
            async move {
                let packing = images.pack(id.clone(), name.clone()).await?;
                if let Some(Packing::Entry(_)) = packing {
                    packed.insert(id, name);
                }
                Ok(packing)
            }
        })
        .boxed()
}

/// The images that were made of an item.
fn derived(item: JobItem) -> impl Iterator<Item = DerivedImage> + Send {
    let results = item.results.into_iter();
    results.filter_map(|result| match result.kind {
        Some(Kind::Image(image)) => Some(image),
        _ => None,
    })
}
