//! What goes wrong while the jobs run.

use pupila_tests::{Api, OwnServers, Part, Pupila, eventually};

use super::WORKERS;

/// How often a worker is killed.
const KILLS: usize = 8;

/// A thing that goes wrong.
#[derive(Clone, Copy)]
enum Mishap {
    WorkerKilled,
    RedisEmptied,
    DatabaseRestarted,
}

/// Lets things go wrong as the jobs go on, and returns when all have ended.
pub(crate) async fn until_all_ended(app: &mut Pupila, servers: &OwnServers, jobs: usize) {
    let mut mishaps = vec![Mishap::WorkerKilled; KILLS];
    mishaps.insert(KILLS / 3, Mishap::RedisEmptied);
    mishaps.insert(2 * KILLS / 3, Mishap::DatabaseRestarted);
    for (number, mishap) in mishaps.iter().enumerate() {
        // One after the other, from the first jobs to the last.
        reach(app, jobs * number / mishaps.len()).await;
        match mishap {
            Mishap::WorkerKilled => {
                let program = app.program(Part::Worker(number % WORKERS));
                program.kill().await;
                program.start().await;
            }
            Mishap::RedisEmptied => servers.restart_redis_empty().await,
            Mishap::DatabaseRestarted => servers.restart_mariadb().await,
        }
    }
    reach(app, jobs).await;
}

/// Waits until so many jobs have ended: as long as it takes, if only some do all the time.
async fn reach(api: &Api, goal: usize) {
    let mut ended = 0;
    while ended < goal {
        ended = eventually("more jobs end", async || {
            let now = count_ended(api).await?;
            (now > ended).then_some(now)
        })
        .await;
    }
}

/// How many jobs have ended; `None` while that cannot be known.
async fn count_ended(api: &Api) -> Option<usize> {
    let mut count = 0;
    let mut token = String::new();
    loop {
        let path = format!("/v1/jobs?state=SUCCEEDED&page_size=200&page_token={token}");
        let request = api.request(reqwest::Method::GET, &path);
        let page = api.try_send(request).await.ok()?;
        if page.status != 200 {
            return None;
        }
        let page = page.json();
        count += page["items"].as_array()?.len();
        page["next_page_token"].as_str()?.clone_into(&mut token);
        if token.is_empty() {
            return Some(count);
        }
    }
}
