//! Files on their way to the server, with a bar.

use std::path::Path;

use futures_util::TryStreamExt as _;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pupila_runtime::process::StartError;
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use tokio::fs::File;
use tokio_util::io::ReaderStream;

use crate::terminal::printable;

/// A form with the fields and, after them, the files, which are read while they are sent.
///
/// # Errors
/// A file that cannot be read.
pub(super) async fn form(
    fields: Form,
    files: &[impl AsRef<Path>],
    target: ProgressDrawTarget,
) -> Result<(Form, ProgressBar), StartError> {
    let bar = ProgressBar::with_draw_target(Some(0), target).with_style(style());
    let mut form = fields;
    for path in files {
        form = form.part("file", part(path.as_ref(), &bar).await?);
    }
    Ok((form, bar))
}

async fn part(path: &Path, bar: &ProgressBar) -> Result<Part, StartError> {
    let shown = printable(&path.to_string_lossy());
    let unreadable = |error| format!("{shown}: {error}");
    let file = File::open(path).await.map_err(unreadable)?;
    let metadata = file.metadata().await.map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(format!("{shown}: is a folder; name the files in it, or a ZIP of them").into());
    }
    if !metadata.is_file() {
        return Err(format!("{shown}: is no file").into());
    }
    bar.inc_length(metadata.len());
    let bar = bar.clone();
    let bytes = ReaderStream::new(file).inspect_ok(move |piece| bar.inc(piece.len() as u64));
    let name = path.file_name().unwrap_or_default();
    let part = Part::stream_with_length(Body::wrap_stream(bytes), metadata.len());
    // A line break would end the header that it stands in.
    Ok(part.file_name(printable(&name.to_string_lossy())))
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("uploading  {wide_bar} {bytes}/{total_bytes}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}
