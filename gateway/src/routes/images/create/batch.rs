//! The files of one form, stored one after the other.

use axum::extract::Multipart;
use pupila_proto::images::v1::ImageHeader;

use crate::{
    app::Gateway,
    authentication::LastingContext,
    dto::image::{Image, StoredFile},
    error::RequestError,
    extract::IdempotencyKey,
    problem::Problem,
    upload::{self, Failure, Fields, FormField, Uploader},
};

/// The files of one form, and what came of them.
pub(super) struct Batch {
    gateway: Gateway,
    uploader: Uploader,
    key: IdempotencyKey,
    description: Option<String>,
    keep_location: Option<bool>,
    results: Vec<(String, Result<Image, Problem>)>,
}

/// Whether more of a form can be read.
enum Next {
    Field,
    End,
}

impl Batch {
    pub(super) fn new(gateway: Gateway, context: LastingContext, key: IdempotencyKey) -> Self {
        let uploader = Uploader::new(&gateway, context);
        Self {
            gateway,
            uploader,
            key,
            description: None,
            keep_location: None,
            results: Vec::new(),
        }
    }

    /// Stores the files of `form`, as far as it can be read.
    pub(super) async fn store(&mut self, form: Multipart) {
        let mut fields = self.gateway.fields(form);
        loop {
            match self.take_field(&mut fields).await {
                Ok(Next::Field) => {}
                Ok(Next::End) => return,
                Err(error) => {
                    self.results.push((String::new(), Err(error.into())));
                    return;
                }
            }
        }
    }

    /// What came of each file.
    ///
    /// # Errors
    /// The first problem, where nothing was stored.
    pub(super) fn into_results(self) -> Result<Vec<StoredFile>, Problem> {
        if self.results.iter().any(|(_, outcome)| outcome.is_ok()) {
            let results = self.results.into_iter();
            return Ok(results.map(StoredFile::from).collect());
        }
        let mut problems = self
            .results
            .into_iter()
            .filter_map(|(_, outcome)| outcome.err());
        Err(problems
            .next()
            .unwrap_or_else(|| RequestError::MissingFile.into()))
    }

    async fn take_field(&mut self, fields: &mut Fields) -> Result<Next, RequestError> {
        let Some(field) = fields.next().await? else {
            return Ok(Next::End);
        };
        if field.name() != upload::FILE {
            self.take_option(field).await?;
            return Ok(Next::Field);
        }
        if self.results.len() == upload::MAX_FILES {
            let description = format!("must not be sent more than {} times", upload::MAX_FILES);
            return Err(RequestError::invalid(upload::FILE, description));
        }
        Ok(self.take_file(field).await)
    }

    async fn take_file(&mut self, mut file: FormField<'_>) -> Next {
        let filename = file.filename();
        match self.store_file(&mut file, &filename).await {
            Ok(image) => {
                self.results.push((filename, Ok(image)));
                Next::Field
            }
            Err(Failure::Refused(problem)) => {
                self.results.push((filename, Err(problem)));
                Next::Field
            }
            Err(Failure::Oversized(problem) | Failure::Broken(problem)) => {
                self.results.push((filename, Err(problem)));
                Next::End
            }
        }
    }

    async fn store_file(&self, file: &mut FormField<'_>, name: &str) -> Result<Image, Failure> {
        let name = if name.is_empty() {
            upload::NAMELESS
        } else {
            name
        };
        let header = ImageHeader {
            name: name.to_owned(),
            description: self.description.clone().unwrap_or_default(),
            keep_location: self.keep_location.unwrap_or_default(),
            idempotency_key: self.key.of_part(self.results.len()).into_text(),
        };
        let image = self.uploader.image(file, header).await?;
        Ok(image.into())
    }

    /// Reads a field about the files.
    async fn take_option(&mut self, field: FormField<'_>) -> Result<(), RequestError> {
        let name = field.name();
        let repeated = match name.as_str() {
            "description" => self.description.is_some(),
            "keep_location" => self.keep_location.is_some(),
            _ => return Err(RequestError::unknown(&name)),
        };
        if repeated {
            return Err(RequestError::repeated(&name));
        }
        if !self.results.is_empty() {
            return Err(RequestError::invalid(name, "must come before the files"));
        }
        let text = field.text().await?;
        if name == "description" {
            self.description = Some(text);
            return Ok(());
        }
        let keep = text.parse();
        let keep = keep.map_err(|_| RequestError::invalid(name, "must be `true` or `false`"))?;
        self.keep_location = Some(keep);
        Ok(())
    }
}
