//! Handing a job to history.

use axum::extract::Multipart;
use pupila_core::{is_shaping, is_unseen};
use pupila_proto::{
    history::v1::{CreateJobRequest, Job, NewItem, Priority, Step},
    images::v1::DeleteArchiveRequest,
};

use super::{form, order::JobOrder, plan, selection::Selection};
use crate::{
    app::Gateway,
    authentication::LastingContext,
    dto::line::Line,
    extract::IdempotencyKey,
    problem::{Problem, message},
    upload,
};

/// One request for a job.
pub(super) struct Submission {
    pub(super) gateway: Gateway,
    pub(super) context: LastingContext,
    pub(super) key: IdempotencyKey,
}

/// What a job is to be.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
    pub(super) priority: Priority,
    pub(super) silent: bool,
    /// Empty where there is an archive.
    pub(super) items: Vec<NewItem>,
    /// A stored ZIP; empty for none.
    pub(super) archive_id: String,
    /// The digest of its bytes; empty for none.
    pub(super) archive_sha256: Vec<u8>,
}

impl Submission {
    /// A job over stored images.
    pub(super) async fn of_stored(self, order: JobOrder) -> Result<Job, Problem> {
        let selection = Selection::new(order.image_ids, order.album_id)?;
        let context = self.context.get().await?;
        let steps = plan::check(&self.gateway, &context, order.steps).await?;
        let field = selection.field();
        let items = selection.items(&self.gateway, &self.context).await?;
        let draft = Draft {
            name: order.name.map(|Line(name)| name).unwrap_or_default(),
            steps,
            priority: order.priority.map(Priority::from).unwrap_or_default(),
            items,
            archive_id: String::new(),
            archive_sha256: Vec::new(),
            silent: order.silent,
        };
        self.submit(draft, field).await
    }

    /// A job over the files of a form.
    pub(super) async fn of_form(self, form: Multipart) -> Result<Job, Problem> {
        let draft = form::read(&self, form).await?;
        self.submit(draft, upload::FILE).await
    }

    /// Hands over what came of the field `images`.
    async fn submit(&self, draft: Draft, images: &str) -> Result<Job, Problem> {
        let request = CreateJobRequest {
            name: readable(&draft.name),
            steps: draft.steps,
            items: draft.items,
            archive_id: draft.archive_id.clone(),
            archive_sha256: draft.archive_sha256.into(),
            priority: draft.priority.into(),
            silent: draft.silent,
            idempotency_key: self.key.clone().into_text(),
        };
        let created = async {
            let request = self
                .context
                .get()
                .await?
                .call(request, self.gateway.call_timeout);
            message(self.gateway.jobs.clone().create_job(request).await)
        };
        match created.await {
            Ok(created) => {
                let job = created.job.unwrap_or_default();
                // A job of before has its own.
                if job.archive_id != draft.archive_id {
                    self.discard(draft.archive_id).await;
                }
                Ok(job)
            }
            Err(problem) => {
                // Else it may be a job's already.
                if problem.is_refusal() {
                    self.discard(draft.archive_id).await;
                }
                Err(problem.rename_fields(|field| match field {
                    "items" => images.to_owned(),
                    field => field.to_owned(),
                }))
            }
        }
    }

    /// Deletes a ZIP that no job came of. Where that fails it goes with its time.
    pub(super) async fn discard(&self, archive_id: String) {
        if archive_id.is_empty() {
            return;
        }
        let deleted = async {
            let request = DeleteArchiveRequest { id: archive_id };
            let request = self
                .context
                .get()
                .await?
                .call(request, self.gateway.call_timeout);
            message(self.gateway.archives.clone().delete_archive(request).await)
        };
        if let Err(error) = deleted.await {
            tracing::warn!(%error, "a ZIP without a job was left behind");
        }
    }
}

/// A name as it is read: without letters that nobody sees or that turn the direction of others, but for those that shape them.
/// Control characters are for history to refuse.
fn readable(name: &str) -> String {
    let is_read = |&letter: &char| letter.is_control() || is_shaping(letter) || !is_unseen(letter);
    name.chars().filter(is_read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_turns_no_other_words_around() {
        assert_eq!(readable("Ward\u{202E} 7\u{200B}"), "Ward 7");
        for name in ["می\u{200C}خواهم", "Tórax 7\n"] {
            assert_eq!(readable(name), name);
        }
    }
}
