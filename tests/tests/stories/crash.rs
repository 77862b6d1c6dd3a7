//! What was answered is recorded, however the process ends.

use std::collections::HashSet;

use pupila_tests::{File, Load, Part, Pupila, Reply, Shape, Wire, stories};

stories!(
    what_was_answered_survives_a_crash,
    what_was_accepted_is_answered_before_the_end,
);

async fn what_was_answered_survives_a_crash(shape: Shape) {
    let mut app = Pupila::of(shape).start().await;
    let mut answered = HashSet::new();
    for _ in 0..3 {
        let mut load = Load::start(&app, 8);
        answered.extend(load.answers(12).await.iter().map(id));
        app.program(Part::History).kill().await;
        let rest = load.rest().await;
        let well = rest.iter().flatten().filter(|answer| answer.status == 200);
        answered.extend(well.map(id));
        app.program(Part::History).start().await;
    }
    let recorded: HashSet<_> = recorded(&app).await;
    let lost: Vec<_> = answered.difference(&recorded).collect();
    assert!(
        lost.is_empty(),
        "answered, but not in the history: {lost:?}"
    );
    app.predict(&File::x_ray()).await.ok();
}

async fn what_was_accepted_is_answered_before_the_end(shape: Shape) {
    let mut app = Pupila::of(shape).start().await;
    let mut accepted = Vec::new();
    for _ in 0..4 {
        accepted.push(begin_upload(&app).await);
    }
    let mut load = Load::start(&app, 8);
    let mut answered: HashSet<_> = load.answers(12).await.iter().map(id).collect();

    let (end, rest) = tokio::join!(app.program(Part::Gateway).terminate(), async {
        for wire in &mut accepted {
            finish_upload(wire).await;
        }
        load.rest().await
    });
    assert_eq!(end.code(), Some(0), "{}", app.program(Part::Gateway).log());
    for answer in rest.into_iter().flatten() {
        assert_eq!(answer.status, 200, "{}", answer.text());
        answered.insert(id(&answer));
    }
    app.program(Part::Gateway).start().await;
    let unseen = recorded(&app).await.difference(&answered).count();
    assert_eq!(
        unseen,
        accepted.len(),
        "only the uploads by hand were recorded without our noting their ids"
    );
}

const BOUNDARY: &str = "----pupila";

/// Sends the head of an upload, and waits for the server to ask for its body: the request is accepted.
async fn begin_upload(app: &Pupila) -> Wire {
    let length = upload_body().len();
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    );
    let mut wire = app.wire().await;
    wire.send(head.as_bytes()).await;
    let answer = wire.read_until("\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 100 "), "{answer}");
    wire
}

async fn finish_upload(wire: &mut Wire) {
    wire.send(&upload_body()).await;
    let answer = wire.read_until("}").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

fn upload_body() -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"by-hand.jpeg\"\r\n\r\n"
    );
    [
        head.as_bytes(),
        &File::x_ray().bytes,
        format!("\r\n--{BOUNDARY}--\r\n").as_bytes(),
    ]
    .concat()
}

fn id(answer: &Reply) -> String {
    answer.json()["detail"]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

async fn recorded(app: &Pupila) -> HashSet<String> {
    let records = app.all_pages("/v1/predictions?page_size=200").await;
    records
        .iter()
        .map(|record| record["id"].as_str().expect("an id").to_owned())
        .collect()
}
