use std::sync::Mutex;

use pupila_db::DatabaseError;
use tokio::sync::Semaphore;

use super::*;

/// Serves numbers, of which 13 cannot be stored and 99 is a defect; writes down which were served together.
struct Numbers {
    permits: Semaphore,
    batches: Mutex<Vec<Vec<u32>>>,
}

#[async_trait]
impl Together for Numbers {
    type Request = u32;
    type Reply = u32;

    fn weight(number: &u32) -> usize {
        if *number >= 1_000 { MOST } else { 1 }
    }

    async fn serve(&self, numbers: &[u32]) -> Result<Vec<u32>, JobError> {
        let permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| JobError::Stopping)?;
        permit.forget();
        if numbers.contains(&13) {
            return Err(DatabaseError::Url("13").into());
        }
        assert!(!numbers.contains(&99), "a defect");
        self.batches
            .lock()
            .expect("unpoisoned")
            .push(numbers.to_vec());
        Ok(numbers.iter().map(|number| number * 2).collect())
    }
}

/// The replies to numbers that came while the first of them was being served.
async fn served(numbers: &[u32]) -> (Vec<Result<u32, JobError>>, Vec<Vec<u32>>) {
    let together = Arc::new(Numbers {
        permits: Semaphore::new(0),
        batches: Mutex::default(),
    });
    let gate = Gate::open(together.clone());
    let calls = numbers.iter().map(|number| gate.call(*number));
    let release = async {
        // All calls have been made once everybody else waits.
        tokio::task::yield_now().await;
        together.permits.add_permits(numbers.len() + 2);
    };
    let (replies, ()) = tokio::join!(futures_util::future::join_all(calls), release);
    let batches = together.batches.lock().expect("unpoisoned").clone();
    (replies, batches)
}

#[tokio::test]
async fn what_comes_meanwhile_goes_together() {
    let (replies, batches) = served(&[1, 2, 3, 4]).await;
    let replies: Vec<_> = replies
        .into_iter()
        .map(|reply| reply.expect("served"))
        .collect();
    assert_eq!(replies, [2, 4, 6, 8]);
    assert!(batches.len() <= 2, "{batches:?}");
    assert_eq!(batches.concat(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_request_that_cannot_be_stored_fails_alone() {
    let (replies, batches) = served(&[1, 13, 3]).await;
    let served: Vec<_> = replies
        .iter()
        .map(|reply| reply.as_ref().ok().copied())
        .collect();
    assert_eq!(served, [Some(2), None, Some(6)]);
    assert_eq!(batches.concat(), [1, 3]);
}

#[tokio::test]
async fn a_request_that_panics_fails_alone_and_whoever_comes_after_it_is_served() {
    let (replies, batches) = served(&[1, 99, 3]).await;
    assert!(matches!(replies[1], Err(JobError::Panicked)));
    assert!(replies[0].is_ok() && replies[2].is_ok());
    assert_eq!(batches.concat(), [1, 3]);
}

#[tokio::test]
async fn a_large_request_does_not_hold_others_up() {
    let (replies, batches) = served(&[1, 1_000, 2]).await;
    assert!(replies.iter().all(Result::is_ok));
    assert!(batches.contains(&vec![2]), "{batches:?}");
}

#[tokio::test]
async fn while_the_database_is_away_nobody_waits_one_after_the_other() {
    struct Away(Mutex<u32>);

    #[async_trait]
    impl Together for Away {
        type Request = u32;
        type Reply = u32;

        fn weight(_: &u32) -> usize {
            1
        }

        async fn serve(&self, _: &[u32]) -> Result<Vec<u32>, JobError> {
            *self.0.lock().expect("unpoisoned") += 1;
            tokio::task::yield_now().await;
            Err(DatabaseError::MigrationLock.into())
        }
    }

    let away = Arc::new(Away(Mutex::new(0)));
    let gate = Gate::open(away.clone());
    let calls = (0..100).map(|number| gate.call(number));
    let replies = futures_util::future::join_all(calls).await;
    assert!(
        replies
            .iter()
            .all(|reply| matches!(reply, Err(JobError::Unavailable(_))))
    );
    assert!(*away.0.lock().expect("unpoisoned") <= 2);
}
