//! Many callers at once.

use tokio::{sync::mpsc, task::JoinSet};

use crate::{Api, File, Reply};

/// Callers that post X-rays, each one after the other, until something other than an answer with 200 comes.
#[derive(Debug)]
pub struct Load {
    callers: JoinSet<()>,
    answers: mpsc::Receiver<reqwest::Result<Reply>>,
}

impl Load {
    /// Sends so many callers to `POST /predict`.
    #[must_use]
    pub fn start(api: &Api, callers: usize) -> Self {
        let (sender, answers) = mpsc::channel(1);
        let callers = (0..callers).map(|_| call(api.clone(), sender.clone()));
        Self {
            callers: callers.collect(),
            answers,
        }
    }

    /// The next so many answers.
    ///
    /// # Panics
    /// One is missing, or not 200.
    pub async fn answers(&mut self, count: usize) -> Vec<Reply> {
        let mut answers = Vec::new();
        while answers.len() < count {
            let answer = self.answers.recv().await.expect("somebody calls");
            let answer = answer.expect("an answer");
            assert_eq!(answer.status, 200, "{}", answer.text());
            answers.push(answer);
        }
        answers
    }

    /// All that is left once every caller has met something other than 200.
    pub async fn rest(mut self) -> Vec<reqwest::Result<Reply>> {
        let mut rest = Vec::new();
        while let Some(answer) = self.answers.recv().await {
            rest.push(answer);
        }
        self.callers.join_all().await;
        rest
    }
}

async fn call(api: Api, answers: mpsc::Sender<reqwest::Result<Reply>>) {
    let file = File::x_ray();
    loop {
        let answer = api
            .try_send(api.upload("/predict?detail=true", &file, &[]))
            .await;
        let well = answer.as_ref().is_ok_and(|answer| answer.status == 200);
        if answers.send(answer).await.is_err() || !well {
            return;
        }
    }
}
