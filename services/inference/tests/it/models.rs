//! Which models and versions there are, and which of them answers.

use pupila_core::ErrorCode;
use pupila_inference::open;
use pupila_proto::inference::v1::{
    GetModelRequest, ListModelsRequest, LoadModelRequest, Model, ModelState,
};
use pupila_runtime::{config::Validate as _, rpc::RpcError};

use crate::harness::{
    Client, Repository, bright, brightness_card, config, decision, fixture, predict, request, start,
};

async fn get(client: &mut Client, name: &str) -> Model {
    let request = GetModelRequest {
        name: name.to_owned(),
    };
    let answer = client.get_model(request).await.expect("a model");
    answer.into_inner().model.expect("a model")
}

pub(crate) async fn load(client: &mut Client, name: &str) -> Result<Model, RpcError> {
    let request = LoadModelRequest {
        name: name.to_owned(),
    };
    let answer = client.load_model(request).await?;
    Ok(answer.into_inner().model.expect("a model"))
}

pub(crate) fn states(model: &Model) -> Vec<(u32, ModelState)> {
    let versions = model.versions.iter();
    versions
        .map(|version| (version.version, version.state()))
        .collect()
}

#[tokio::test]
async fn the_newest_version_answers_unless_another_is_asked_for() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;

    let newest = predict(&mut client, request("brightness", bright()))
        .await
        .expect("an answer");
    assert_eq!(newest.version, 2);

    let mut first = request("brightness", bright());
    first.version = Some(1);
    let first = predict(&mut client, first).await.expect("an answer");
    assert_eq!(first.version, 1);
    // Twice the logit, so surer.
    assert!(decision(&newest).1 > decision(&first).1);

    let mut third = request("brightness", bright());
    third.version = Some(3);
    let error = predict(&mut client, third)
        .await
        .expect_err("no such version");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::NotFound, "VERSION_NOT_FOUND")
    );
    assert_eq!(
        error.message,
        "model `brightness` has no version 3; there are: `1`, `2`"
    );
}

#[tokio::test]
async fn a_file_that_is_not_the_cards_is_never_parsed() {
    let repository = Repository::brightness();
    repository.file("brightness", 2, b"not the file that was released");
    let mut client = start(&config(repository.path())).await;

    let model = get(&mut client, "brightness").await;
    assert_eq!(
        states(&model),
        [(2, ModelState::Failed), (1, ModelState::Ready)]
    );
    assert!(
        model.versions[0].failure.contains("SHA-256"),
        "{}",
        model.versions[0].failure
    );

    let answer = predict(&mut client, request("brightness", bright()))
        .await
        .expect("an answer");
    assert_eq!(answer.version, 1);
    let mut broken = request("brightness", bright());
    broken.version = Some(2);
    let error = predict(&mut client, broken)
        .await
        .expect_err("a failed version");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::Unavailable, "MODEL_NOT_READY")
    );
    assert!(error.message.contains("SHA-256"), "{}", error.message);
}

#[tokio::test]
async fn a_version_that_the_card_does_not_list_tells_what_to_add() {
    let repository = Repository::brightness();
    repository.file("brightness", 3, &fixture("brightness-1.onnx"));
    let mut client = start(&config(repository.path())).await;
    let model = get(&mut client, "brightness").await;
    assert!(
        model.versions[0].failure.contains("[versions.3]"),
        "{}",
        model.versions[0].failure
    );
}

#[tokio::test]
async fn a_broken_model_stops_no_other() {
    let repository = Repository::brightness();
    let garbage = b"\x08\x07garbage".as_slice();
    let card = brightness_card(&[(1, garbage)]).replace("\"brightness\"", "\"garbage\"");
    repository.card("garbage", &card);
    repository.file("garbage", 1, garbage);
    // Three outputs for two labels.
    let colour = fixture("colour.onnx");
    let card = brightness_card(&[(1, &colour)])
        .replace("\"brightness\"", "\"misfit\"")
        .replace("\"gray\"", "\"rgb\"");
    repository.card("misfit", &card);
    repository.file("misfit", 1, &colour);
    repository.card("illegible", "name = ");
    repository.file("illegible", 1, &colour);

    let mut client = start(&config(repository.path())).await;
    let models = client
        .list_models(ListModelsRequest {})
        .await
        .expect("models")
        .into_inner()
        .models;
    let summary: Vec<_> = models
        .iter()
        .map(|model| (model.name.as_str(), states(model)))
        .collect();
    assert_eq!(
        summary,
        [
            (
                "brightness",
                vec![(2, ModelState::Ready), (1, ModelState::Ready)]
            ),
            ("garbage", vec![(1, ModelState::Failed)]),
            ("illegible", vec![(1, ModelState::Failed)]),
            ("misfit", vec![(1, ModelState::Failed)]),
        ]
    );
    let failure = &models[3].versions[0].failure;
    assert!(failure.contains("3 numbers for 2 labels"), "{failure}");
}

#[tokio::test]
async fn names_that_are_paths_lead_nowhere() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path().join("brightness"))).await;
    for name in [
        "..",
        "../brightness",
        "/etc",
        "brightness/1",
        "",
        "a\0b",
        &"x".repeat(100_000),
    ] {
        let error = load(&mut client, name).await.expect_err("no such model");
        assert_eq!(
            (error.code, error.reason.as_str()),
            (ErrorCode::NotFound, "MODEL_NOT_FOUND")
        );
        assert!(error.message.len() < 200, "{}", error.message.len());
    }
}

#[tokio::test]
async fn a_path_to_one_file_pins_its_version() {
    let repository = Repository::brightness();
    let mut config = config(repository.path().join("brightness/1/model.onnx"));
    config.models.bundled = true;
    let mut client = start(&config).await;
    assert_eq!(
        states(&get(&mut client, "brightness").await),
        [(1, ModelState::Ready)]
    );
    // It is also the default, before the bundled one.
    let answer = predict(&mut client, request("", bright()))
        .await
        .expect("an answer");
    assert_eq!((answer.model.as_str(), answer.version), ("brightness", 1));
}

#[tokio::test]
async fn a_path_that_leads_to_no_model_is_a_fault_of_the_configuration() {
    let repository = Repository::empty();
    std::fs::write(repository.path().join("model.onnx"), b"").expect("a file");
    for path in ["", "model.onnx", "missing"] {
        let config = config(repository.path().join(path));
        let faults = config.faults();
        assert!(
            faults[0].starts_with("inference.models.path: `"),
            "{faults:?}"
        );
        assert!(open(&config).await.is_err(), "{path}");
    }
}

#[tokio::test]
async fn who_names_no_model_is_told_the_choices() {
    let repository = Repository::brightness();
    let card = brightness_card(&[(1, &fixture("brightness-1.onnx"))]);
    repository.card("other", &card.replace("\"brightness\"", "\"other\""));
    let mut client = start(&config(repository.path())).await;
    let error = predict(&mut client, request("", bright()))
        .await
        .expect_err("which?");
    assert_eq!(error.code, ErrorCode::InvalidArgument);
    assert_eq!(error.violations[0].field, "model");
    assert_eq!(
        error.message,
        "which model? There are: `brightness`, `other`"
    );
}

#[tokio::test]
async fn a_default_model_that_is_not_there_is_told_at_the_start() {
    let repository = Repository::brightness();
    let mut config = config(repository.path());
    config.models.default_model = Some("cats".to_owned());
    let error = open(&config).await.err().expect("refused");
    assert_eq!(
        error.to_string(),
        "inference: model `cats` does not exist; there are: `brightness`"
    );
}

#[tokio::test]
async fn the_bundled_model_needs_no_files() {
    let mut client = start(&Default::default()).await;
    let model = get(&mut client, "pneumonia").await;
    assert_eq!(
        model.versions[0].state(),
        ModelState::Ready,
        "{:?}",
        model.versions
    );
    let answer = predict(&mut client, request("", bright()))
        .await
        .expect("an answer");
    assert_eq!(answer.model, "pneumonia");
}
