//! Jobs, from being asked for to their end.

use reqwest::{
    Method, RequestBuilder,
    multipart::{Form, Part as Field},
};
use serde_json::{Value, json};

use super::Api;
use crate::{EventStream, File, eventually, text};

impl Api {
    /// A form that asks for a job over files: the steps, other fields, and the files.
    pub fn job_form(
        &self,
        steps: &Value,
        fields: &[(&str, &str)],
        files: &[File],
    ) -> RequestBuilder {
        let form = Form::new().text("steps", steps.to_string());
        let form = fields.iter().fold(form, |form, (name, value)| {
            form.text((*name).to_owned(), (*value).to_owned())
        });
        let form = files.iter().fold(form, |form, file| {
            let content = Field::bytes(file.bytes.clone()).file_name(file.name.clone());
            form.part("file", content)
        });
        self.request(Method::POST, "/v1/jobs").multipart(form)
    }

    /// Asks for a job over files, and answers its id.
    ///
    /// # Panics
    /// There is none.
    pub async fn submit(&self, steps: &Value, files: &[File]) -> String {
        let answer = self.send(self.job_form(steps, &[], files)).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        text(&answer.json(), "id").to_owned()
    }

    /// Asks for a job over stored images, and answers its id.
    ///
    /// # Panics
    /// There is none.
    pub async fn submit_stored(&self, steps: &Value, images: &[&str]) -> String {
        let job = json!({"image_ids": images, "steps": steps});
        let answer = self.post_json("/v1/jobs", &job).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        text(&answer.json(), "id").to_owned()
    }

    /// The job as it is now.
    ///
    /// # Panics
    /// There is none.
    pub async fn job(&self, id: &str) -> Value {
        self.get(&format!("/v1/jobs/{id}")).await.ok()
    }

    /// The job once it is as wanted: however long that takes, as long as it goes on. The server may be away meanwhile.
    ///
    /// # Panics
    /// Nothing happened for 30 s.
    pub async fn job_when(&self, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut revision = 0;
        let mut last = format!("job {id}");
        loop {
            let job = eventually(&format!("what comes after {last}"), async || {
                let request = self.request(Method::GET, &format!("/v1/jobs/{id}"));
                let answer = self.try_send(request).await.ok()?;
                let job = (answer.status == 200).then(|| answer.json())?;
                (job["revision"].as_i64()? > revision).then_some(job)
            })
            .await;
            if wanted(&job) {
                return job;
            }
            revision = job["revision"].as_i64().unwrap_or_default();
            last = job.to_string();
        }
    }

    /// The job once it has ended.
    pub async fn ended(&self, id: &str) -> Value {
        let ends = ["SUCCEEDED", "FAILED", "CANCELLED"];
        self.job_when(id, |job| ends.contains(&text(job, "state")))
            .await
    }

    /// The job once so many of its images are ready.
    pub async fn job_at(&self, id: &str, succeeded: u64) -> Value {
        let enough = |job: &Value| job["counts"]["succeeded"].as_u64() >= Some(succeeded);
        self.job_when(id, enough).await
    }

    /// All items of a job.
    pub async fn items(&self, id: &str) -> Vec<Value> {
        self.all_pages(&format!("/v1/jobs/{id}/items?page_size=200"))
            .await
    }

    /// Begins to listen to the events at `path`, after the one with that id.
    pub async fn listen(&self, path: &str, last: Option<&str>) -> EventStream {
        let request = self.request(Method::GET, path);
        let request = match last {
            Some(id) => request.header("last-event-id", id),
            None => request,
        };
        EventStream::new(request.send().await.expect("an answer"))
    }
}
