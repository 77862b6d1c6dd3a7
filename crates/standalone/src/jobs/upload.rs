//! Files on their way to the server, with a bar.

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures_util::{TryFutureExt as _, TryStreamExt as _};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pupila_runtime::process::StartError;
use reqwest::{
    Body,
    multipart::{Form, Part},
};
use tokio::{fs::File, io::AsyncReadExt as _, sync::Notify};
use tokio_util::io::ReaderStream;

use crate::{files, terminal::printable};

/// Most files of one form, as `POST /v1/jobs` takes them.
const MOST_FILES: usize = 1000;

/// Files that are there, to be read while they are sent.
pub(super) struct Upload {
    files: Vec<(PathBuf, u64)>,
    /// How much of them is sent.
    pub(super) bar: ProgressBar,
    /// Told of each piece that is sent.
    pub(super) sent: Arc<Notify>,
}

/// A file could not be read when its turn came.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {cause}")]
struct Unreadable {
    file: String,
    cause: io::Error,
}

impl Upload {
    /// An upload of these files. None is opened yet.
    ///
    /// # Errors
    /// More than a server takes, or one that is no file.
    pub(super) async fn of(
        paths: &[PathBuf],
        target: ProgressDrawTarget,
    ) -> Result<Self, StartError> {
        if paths.len() > MOST_FILES {
            let count = paths.len();
            return Err(format!(
                "{count} images: at most {MOST_FILES} are taken at once; pack them into a ZIP"
            )
            .into());
        }
        let mut files = Vec::with_capacity(paths.len());
        for path in paths {
            let size = files::size(path).await;
            let size = size.map_err(|error| format!("{}: {error}", shown(path)))?;
            files.push((path.clone(), size));
        }
        let total = files.iter().map(|(_, size)| size).sum();
        Ok(Self {
            files,
            bar: ProgressBar::with_draw_target(Some(total), target).with_style(style()),
            sent: Arc::new(Notify::new()),
        })
    }

    /// A form with the fields and, after them, the files.
    pub(super) fn form(&self, fields: Form) -> Form {
        self.files.iter().fold(fields, |form, (path, size)| {
            form.part("file", self.part(path, *size))
        })
    }

    fn part(&self, path: &Path, size: u64) -> Part {
        let (bar, sent) = (self.bar.clone(), Arc::clone(&self.sent));
        let unreadable = {
            let file = shown(path);
            move |cause| Unreadable {
                file: file.clone(),
                cause,
            }
        };
        // Opened when its turn comes: a process has room for some hundred open files.
        let opened = File::open(path.to_owned()).map_ok(move |file| {
            // No more than was announced, should it have grown.
            ReaderStream::new(file.take(size))
        });
        let bytes = opened
            .try_flatten_stream()
            .map_err(unreadable)
            .inspect_ok(move |piece| {
                bar.inc(piece.len() as u64);
                sent.notify_one();
            });
        let name = path.file_name().unwrap_or_default();
        // A line break would end the header that it stands in.
        Part::stream_with_length(Body::wrap_stream(bytes), size)
            .file_name(printable(&name.to_string_lossy()))
    }
}

/// What is wrong with one of the files, where that is why an upload failed.
pub(super) fn unreadable(error: &(dyn Error + 'static)) -> Option<String> {
    let mut error = Some(error);
    while let Some(cause) = error {
        if let Some(file) = cause.downcast_ref::<Unreadable>() {
            return Some(file.to_string());
        }
        error = cause.source();
    }
    None
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("uploading  {wide_bar} {bytes}/{total_bytes}, {eta} left")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_file_that_is_gone_when_its_turn_comes_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.png");
        std::fs::write(&path, b"picture").expect("written");
        let upload = Upload::of(std::slice::from_ref(&path), ProgressDrawTarget::hidden()).await;
        let form = upload.expect("it is there").form(Form::new());
        std::fs::remove_file(&path).expect("removed");

        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let request = reqwest::Client::new().post(format!("http://{address}"));
        let error = request.multipart(form).send().await.expect_err("no file");
        let told = unreadable(&error).expect("the file's fault");
        assert!(told.contains("a.png: No such file"), "{told}");
    }
}
