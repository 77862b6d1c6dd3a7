//! Somebody who gets letters, and what there is to write of.

use mail_parser::{Message, MessageParser};
use pupila_proto::{
    accounts::v1::{EmailTarget, resolve_route_response::Target},
    history::v1::{
        DerivedImage, GetReportResponse, Job, JobItem, JobState, LabelTally, ReasonTally,
        RecordedPrediction, StepResult, step_result::Kind,
    },
};

use crate::{
    Outcome,
    notify::tests::{harness::Around, mail_server::MailServer},
};

/// Somebody who gets letters.
pub(super) struct Reader {
    pub(super) server: MailServer,
    pub(super) around: Around,
}

impl Reader {
    pub(super) async fn start() -> Self {
        let server = MailServer::start().await;
        let around = Around::configured(&format!(
            "public_url = 'https://pupila.example.org'
            [smtp]
            url = 'smtp://localhost:{}'
            starttls = 'never'
            from = 'Pupila <pupila@example.org>'",
            server.port
        ));
        Self { server, around }
    }

    /// The letter about a job, in that language.
    pub(super) async fn read(
        &self,
        language: &str,
        change: impl FnOnce(&mut Job),
    ) -> Message<'static> {
        let target = Target::Email(EmailTarget {
            address: "ana@example.org".to_owned(),
            unsubscribe_token: "token&more".to_owned(),
        });
        let job = self.around.job(change);
        let outcome = self.around.tell(target, language, job).await;
        assert_eq!(outcome, Outcome::done());
        let mail = self.server.mails().pop().expect("a letter");
        let message = MessageParser::default().parse(&mail.content);
        message.expect("a message").into_owned()
    }

    /// So many items succeeded, each with a picture that was made and one label.
    pub(super) fn found(&self, items: usize) {
        let mut script = self.around.services.script();
        script.items = (0..items).map(item).collect();
        script.pictures = (0..items)
            .map(|index| (format!("made-{index}"), picture(index)))
            .collect();
        script.report = Some(GetReportResponse {
            labels: vec![tally("NORMAL", 341), tally("PNEUMONIA", 157)],
            failures: vec![ReasonTally {
                reason: "IMAGE_UNREADABLE".to_owned(),
                count: 2,
            }],
            ..GetReportResponse::default()
        });
    }
}

pub(super) fn item(index: usize) -> JobItem {
    let made = Kind::Image(DerivedImage {
        image_id: format!("made-{index}"),
        ..DerivedImage::default()
    });
    let label = Kind::Prediction(RecordedPrediction {
        label: if index == 1 { "NORMAL" } else { "PNEUMONIA" }.to_owned(),
        score: 0.97,
        ..RecordedPrediction::default()
    });
    let results = [made, label].map(|kind| StepResult {
        step: 0,
        kind: Some(kind),
    });
    JobItem {
        filename: format!("patient-{index}.png"),
        image_id: format!("original-{index}"),
        state: JobState::Succeeded.into(),
        results: results.into(),
        ..JobItem::default()
    }
}

fn tally(label: &str, count: u64) -> LabelTally {
    LabelTally {
        label: label.to_owned(),
        count,
        ..LabelTally::default()
    }
}

/// Stands for a JPEG.
pub(super) fn picture(index: usize) -> Vec<u8> {
    vec![0xff; 3000 + index]
}
