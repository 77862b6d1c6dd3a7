//! What is written into Redis, and read back.

use std::{str::FromStr, time::Duration};

use redis::{FromRedisValue, ParsingError, Value};

use crate::{Change, Delivery, Depth, Priority, Ticket, admission::Fill};

/// A priority in one letter.
pub(super) const fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Interactive => "i",
        Priority::Batch => "b",
    }
}

/// What is known of a task while it is handed out, as in `records.lua`.
pub(super) fn record(delivery: &Delivery) -> String {
    let Ticket {
        priority: its,
        owner,
        ..
    } = delivery.ticket;
    format!("{}{owner}{}", priority(its), delivery.receipt)
}

/// What `take.lua` answers.
pub(super) struct Taken {
    /// What was handed out.
    pub(super) deliveries: Vec<Delivery>,
    /// Where nothing was: in what time something is due that no bell rings for.
    pub(super) wait: Option<Duration>,
}

impl FromRedisValue for Taken {
    fn from_redis_value(value: Value) -> Result<Self, ParsingError> {
        let Value::Array(parts) = value else {
            return Err("a list was expected".into());
        };
        let mut parts = parts.into_iter();
        let wait: i64 = FromRedisValue::from_redis_value(parts.next().unwrap_or(Value::Nil))?;
        let parts: Vec<String> = parts
            .map(FromRedisValue::from_redis_value)
            .collect::<Result<_, _>>()?;
        let deliveries = parts.chunks(4).map(delivery).collect::<Result<_, _>>()?;
        Ok(Self {
            deliveries,
            wait: u64::try_from(wait).ok().map(Duration::from_micros),
        })
    }
}

fn delivery(parts: &[String]) -> Result<Delivery, ParsingError> {
    let [task, priority, owner, receipt] = parts else {
        return Err("four parts of a delivery were expected".into());
    };
    let priority = match priority.as_str() {
        "i" => Priority::Interactive,
        "b" => Priority::Batch,
        other => return Err(format!("`{other}` is no priority").into()),
    };
    let ticket = Ticket {
        task: parse(task)?,
        owner: parse(owner)?,
        priority,
    };
    Ok(Delivery {
        ticket,
        receipt: receipt.clone(),
    })
}

fn parse<T: FromStr<Err: ToString>>(text: &str) -> Result<T, ParsingError> {
    text.parse()
        .map_err(|error: T::Err| error.to_string().into())
}

/// The answers to what [`RedisQueue::depth`](super::RedisQueue) asks.
pub(super) type Depths = (Option<u64>, Option<u64>, u64, u64, u64);

pub(super) fn depth((interactive, batch, delayed, unsettled, dead): Depths) -> Depth {
    Depth {
        interactive: interactive.unwrap_or(0),
        batch: batch.unwrap_or(0),
        delayed,
        unsettled,
        dead,
    }
}

/// The answers to what [`RedisQueue::admit`](super::RedisQueue) asks.
pub(super) type Held = (Option<usize>, Option<usize>, usize, usize, usize, usize);

/// What is not there any more does not count, whatever else is known of it: the places are asked, not the records.
pub(super) fn fill((i, b, delayed, unsettled, owner_i, owner_b): Held) -> Fill {
    let waiting = i.unwrap_or(0).saturating_add(b.unwrap_or(0));
    Fill {
        whole: waiting.saturating_add(delayed).saturating_add(unsettled),
        owner: owner_i.saturating_add(owner_b),
    }
}

/// Changes as one message: a line each.
pub(super) fn message(changes: &[Change]) -> String {
    let lines = changes
        .iter()
        .map(|change| format!("{} {}\n", change.job, change.owner));
    lines.collect()
}

/// The changes in a message. A line that is not understood, such as one of a later version, is left out.
pub(super) fn changes(message: &str) -> impl Iterator<Item = Change> {
    message.lines().filter_map(|line| {
        let (job, owner) = line.split_once(' ')?;
        Some(Change {
            job: job.parse().ok()?,
            owner: owner.parse().ok()?,
        })
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use pupila_core::{JobId, UserId};

    use super::*;

    #[test]
    fn changes_travel_in_lines() {
        let change = || Change {
            job: JobId::new(Timestamp::UNIX_EPOCH),
            owner: UserId::new(Timestamp::UNIX_EPOCH),
        };
        let sent = [change(), change()];
        assert_eq!(changes(&message(&sent)).collect::<Vec<_>>(), sent);
    }

    #[test]
    fn what_is_no_change_is_left_out() {
        let owner = UserId::LOCAL;
        for message in [
            "",
            "\n\n",
            "hello",
            "a b",
            &format!("{owner}"),
            "\u{0} \u{0}",
        ] {
            assert_eq!(changes(message).count(), 0, "{message:?}");
        }
    }

    #[test]
    fn an_answer_that_is_no_delivery_is_an_error() {
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        for value in [
            Value::Nil,
            Value::Array(vec![]),
            Value::Array(vec![text("soon")]),
            Value::Array(vec![Value::Int(0), text("a task alone")]),
            Value::Array(vec![
                Value::Int(0),
                text("a"),
                text("i"),
                text("b"),
                text("1-0"),
            ]),
        ] {
            assert!(Taken::from_redis_value(value).is_err());
        }
    }
}
