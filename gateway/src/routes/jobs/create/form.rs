//! The files of a job, and what is to be done to them, in one form.

use axum::extract::Multipart;
use pupila_core::is_zip;
use pupila_proto::{
    history::v1::{NewItem, Priority},
    images::v1::{ArchiveHeader, ImageHeader},
};
use utoipa::ToSchema;

use super::{
    foreign_archive,
    plan::{self, STEPS},
    step::StepOrder,
    submission::{Draft, Submission},
};
use crate::{
    dto::job,
    error::RequestError,
    extract,
    problem::Problem,
    upload::{self, Failure, Fields, FormField, Uploader},
};

/// Of a file that is too large, as many bytes are read on for the files after it.
const MOST_SKIPPED: usize = 1 << 30;

/// A form with files and what is done to them. The files come last.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only described; `read` reads it")]
pub(crate) struct JobForm {
    /// What to call it.
    #[schema(max_length = 200, nullable = false)]
    name: Option<String>,
    /// Before whom it comes.
    #[schema(nullable = false)]
    priority: Option<job::Priority>,
    /// Nobody is told when it ends, whatever its owner chose.
    #[schema(default = false, nullable = false)]
    silent: Option<bool>,
    /// A JSON array with what is done to each image, in order; as in the JSON of this call.
    #[schema(
        content_media_type = "application/json",
        example = r#"[{"operation": "resize", "parameters": {"width": 300}}]"#
    )]
    steps: String,
    /// Images (PNG, JPEG, GIF, WebP, BMP or TIFF), up to 1000 of them; or one ZIP of images.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// A form on its way.
struct Reader<'a> {
    submission: &'a Submission,
    uploader: Uploader,
    draft: Draft,
    seen: Vec<String>,
    /// What came of each image.
    images: Vec<(String, Result<String, Problem>)>,
}

/// Reads the form, and stores its files as they come.
///
/// # Errors
/// A form that is not as it should be, or no file that can be worked on. Images that were stored before stay.
pub(super) async fn read(submission: &Submission, form: Multipart) -> Result<Draft, Problem> {
    let mut fields = submission.gateway.fields(form);
    let mut reader = Reader {
        submission,
        uploader: Uploader::new(&submission.gateway, submission.context.clone()),
        draft: Draft::default(),
        seen: Vec::new(),
        images: Vec::new(),
    };
    let read = match reader.take_fields(&mut fields).await {
        Ok(()) => reader.items(),
        Err(problem) => Err(problem),
    };
    match read {
        Ok(items) => Ok(Draft {
            items,
            ..reader.draft
        }),
        Err(problem) => {
            submission.discard(reader.draft.archive_id).await;
            Err(problem)
        }
    }
}

impl Reader<'_> {
    async fn take_fields(&mut self, fields: &mut Fields) -> Result<(), Problem> {
        while let Some(field) = fields.next().await? {
            if field.name() == upload::FILE {
                self.take_file(field).await?;
            } else {
                self.take_option(field).await?;
            }
        }
        Ok(())
    }

    /// Reads a field about the files.
    async fn take_option(&mut self, field: FormField<'_>) -> Result<(), Problem> {
        let name = field.name();
        if !["name", "priority", "silent", STEPS].contains(&&*name) {
            return Err(RequestError::unknown(&name).into());
        }
        if self.seen.contains(&name) {
            return Err(RequestError::repeated(&name).into());
        }
        if self.has_files() {
            return Err(RequestError::invalid(name, "must come before the files").into());
        }
        let text = field.text().await?;
        match name.as_str() {
            "name" => self.draft.name = text,
            "priority" => self.draft.priority = priority(&text)?,
            "silent" => self.draft.silent = flag(name.clone(), &text)?,
            _ => {
                let orders: Vec<StepOrder> = extract::parse_field(STEPS, &text)?;
                let context = self.submission.context.get().await?;
                self.draft.steps = plan::check(&self.submission.gateway, &context, orders).await?;
            }
        }
        self.seen.push(name);
        Ok(())
    }

    async fn take_file(&mut self, mut file: FormField<'_>) -> Result<(), Problem> {
        if self.draft.steps.is_empty() {
            let description = "must be there, before the files";
            return Err(RequestError::invalid(STEPS, description).into());
        }
        let start = file.peek(foreign_archive::SIGNATURE_LEN).await?;
        let (is_zip, foreign) = (is_zip(start), foreign_archive::kind(start));
        if !self.draft.archive_id.is_empty() || (is_zip && self.has_files()) {
            let description = "must be the only one where it is a ZIP";
            return Err(RequestError::invalid(upload::FILE, description).into());
        }
        if self.images.len() == upload::MAX_FILES {
            let description = format!("must not be sent more than {} times", upload::MAX_FILES);
            return Err(RequestError::invalid(upload::FILE, description).into());
        }
        let filename = file.filename();
        let filename = match filename.as_str() {
            "" => upload::NAMELESS.to_owned(),
            _ => filename,
        };
        match foreign {
            _ if is_zip => self.take_zip(file, filename).await,
            None => self.take_image(file, filename).await,
            Some(kind) => {
                file.skip(MOST_SKIPPED).await?;
                let refusal = RequestError::ForeignArchive { kind };
                self.images.push((filename, Err(refusal.into())));
                Ok(())
            }
        }
    }

    async fn take_zip(&mut self, mut file: FormField<'_>, name: String) -> Result<(), Problem> {
        file.widen(self.submission.gateway.max_archive_bytes);
        file.hash();
        let stored = self
            .uploader
            .archive(&mut file, ArchiveHeader { name })
            .await?;
        self.draft.archive_id = stored.id;
        self.draft.archive_sha256 = file.digest().unwrap_or_default().to_vec();
        Ok(())
    }

    async fn take_image(&mut self, mut file: FormField<'_>, name: String) -> Result<(), Problem> {
        let key = self.submission.key.of_job_image(self.images.len());
        let header = ImageHeader {
            name: name.clone(),
            idempotency_key: key.into_text(),
            ..ImageHeader::default()
        };
        let stored = match self.uploader.image(&mut file, header).await {
            Ok(image) => Ok(image.id),
            Err(Failure::Refused(problem)) if problem.is_lasting() => Err(problem),
            Err(Failure::Oversized(problem)) => {
                file.skip(MOST_SKIPPED).await?;
                Err(problem)
            }
            // The same form may do another time: its files are no worse than others.
            Err(Failure::Refused(problem) | Failure::Broken(problem)) => return Err(problem),
        };
        self.images.push((name, stored));
        Ok(())
    }

    fn has_files(&self) -> bool {
        !self.images.is_empty() || !self.draft.archive_id.is_empty()
    }

    /// What came of the images.
    fn items(&mut self) -> Result<Vec<NewItem>, Problem> {
        if !self.has_files() {
            return Err(match self.draft.steps.is_empty() {
                true => RequestError::invalid(STEPS, "is missing").into(),
                false => RequestError::MissingFile.into(),
            });
        }
        let images = std::mem::take(&mut self.images);
        if !images.is_empty() && images.iter().all(|(_, stored)| stored.is_err()) {
            let problem = images.into_iter().find_map(|(_, stored)| stored.err());
            return Err(problem.unwrap_or_else(|| RequestError::MissingFile.into()));
        }
        Ok(images.into_iter().map(item).collect())
    }
}

fn item((filename, stored): (String, Result<String, Problem>)) -> NewItem {
    let (image_id, failure) = match stored {
        Ok(id) => (id, None),
        Err(problem) => (String::new(), Some(problem.into_failure())),
    };
    NewItem {
        filename,
        image_id,
        failure,
    }
}

fn flag(name: String, text: &str) -> Result<bool, RequestError> {
    let flag = text.parse();
    flag.map_err(|_| RequestError::invalid(name, "must be `true` or `false`"))
}

fn priority(text: &str) -> Result<Priority, RequestError> {
    match text {
        "interactive" => Ok(Priority::Interactive),
        "batch" => Ok(Priority::Batch),
        _ => Err(RequestError::invalid(
            "priority",
            "must be `interactive` or `batch`",
        )),
    }
}
