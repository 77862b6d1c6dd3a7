//! What goes into the ZIP file of a job.

use futures_util::{
    StreamExt as _, TryStreamExt as _,
    stream::{self, BoxStream},
};
use pupila_proto::history::v1::{DerivedImage, Job, JobItem, step_result::Kind};

use crate::{
    app::Gateway,
    authentication::LastingContext,
    dto::job::report::Report,
    error::RequestError,
    problem::Problem,
    routes::jobs::{report::table, walk},
    zip_file::{Entry, Images, Packing, UniqueNames},
};

/// The counts, the table, and the images that were made, in the order of the items. Each is asked for when the one before
/// was taken.
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
    let items = walk::items(gateway.clone(), context.clone(), job.id.clone());
    let images = Images::new(&gateway, context.clone());
    let results = Entry {
        name: "results.csv".to_owned(),
        time: None,
        compress: true,
        contents: table::lines(gateway, context, job).boxed(),
    };
    let first = [Entry::text("report.json", counts), results];
    let first = stream::iter(first.map(Packing::Entry).map(Ok));
    let mut names = UniqueNames::default();
    let derived = items
        .map_ok(|item| stream::iter(derived(item).map(Ok)))
        .try_flatten()
        .map_ok(move |image| (names.give(&image.name, &image.format), image.image_id))
        .try_filter_map(move |(name, id)| {
            let images = images.clone();
            async move { images.pack(id, name).await }
        });
    Ok(first.chain(derived).boxed())
}

/// The images that were made of an item.
fn derived(item: JobItem) -> impl Iterator<Item = DerivedImage> + Send {
    let results = item.results.into_iter();
    results.filter_map(|result| match result.kind {
        Some(Kind::Image(image)) => Some(image),
        _ => None,
    })
}
