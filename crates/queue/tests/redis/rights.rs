//! A Redis user who may do no more than a queue must.

use pupila_core::{ErrorCode, Fault as _};
use pupila_queue::{QueueConfig, open};
use redis::{Client, RedisError};

use crate::{clock, server::Server, use_up};

const GUIDE: &str = include_str!("../../../../docs/operations.md");

/// The user as the guide for operators makes it.
fn user() -> String {
    let lines: Vec<_> = GUIDE
        .lines()
        .skip_while(|line| !line.starts_with("redis-cli ACL SETUSER"))
        .take_while(|line| !line.starts_with("```"))
        .collect();
    let line = lines.join(" ").replace(['\'', '\\'], "");
    let line = line.strip_prefix("redis-cli ").expect("the guide has it");
    line.replace("PASSWORD", "hunter2")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_of_the_guide_may_do_all_that_a_queue_does_and_no_more() {
    let (server, clock) = (Server::start(), clock());
    server.say::<()>(&user());
    let url = format!("redis://pupila:hunter2@127.0.0.1:{}", server.port());
    let queue = open(&QueueConfig::at(&url), clock.clone())
        .await
        .expect("open");
    use_up(&*queue, &clock).await.expect("all is done");

    let client = Client::open(url).expect("a client");
    let mut connection = client.get_connection().expect("it answers");
    for line in [
        "FLUSHALL",
        "KEYS *",
        "CONFIG GET *",
        "ACL LIST",
        "SET other 1",
        "HGET {other}:tasks x",
        "PUBLISH other x",
    ] {
        let mut words = line.split(' ');
        let mut command = redis::cmd(words.next().expect("a command"));
        words.for_each(|word| {
            command.arg(word);
        });
        let refused: Result<(), RedisError> = command.query(&mut connection);
        let refused = refused.expect_err(line);
        assert_eq!(refused.code(), Some("NOPERM"), "{line}: {refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_can_be_put_right_while_we_run() {
    let (server, clock) = (Server::start(), clock());
    server.say::<()>(&user());
    let url = format!("redis://pupila:swordfish@127.0.0.1:{}", server.port());
    let queue = open(&QueueConfig::at(url), clock.clone())
        .await
        .expect("open");
    let refused = queue.ping().await.expect_err("it is the wrong one");
    assert_eq!(refused.code(), ErrorCode::Unavailable, "{refused:?}");
    assert!(!format!("{refused:?}").contains("swordfish"));

    server.say::<()>("ACL SETUSER pupila >swordfish");
    while queue.ping().await.is_err() {
        tokio::task::yield_now().await;
    }
    use_up(&*queue, &clock).await.expect("all is done");
}
