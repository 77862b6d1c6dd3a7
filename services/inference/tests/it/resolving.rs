//! What would run, asked without an image: the same words as a prediction's.

use pupila_core::{Role, Scope};
use pupila_inference::open;
use pupila_proto::inference::v1::{ResolveModelRequest, ResolveModelResponse, UnloadModelRequest};
use pupila_runtime::rpc::RpcError;

use crate::harness::{
    Client, Repository, bright, brightness_card, client_of, config, fixture, predict, request,
    start,
};

async fn resolve(
    client: &mut Client,
    question: ResolveModelRequest,
) -> Result<ResolveModelResponse, RpcError> {
    let answer = client.resolve_model(question).await;
    answer
        .map(tonic::Response::into_inner)
        .map_err(RpcError::from)
}

fn question(model: &str, version: Option<u32>, parameters: &[(&str, &str)]) -> ResolveModelRequest {
    let parameters = parameters.iter();
    ResolveModelRequest {
        model: model.to_owned(),
        version,
        parameters: parameters
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

#[tokio::test]
async fn what_would_run_is_what_runs() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    for (model, version, parameters) in [
        ("", None, &[] as &[_]),
        ("brightness", Some(1), &[("threshold", "0.9")]),
    ] {
        let question = question(model, version, parameters);
        let mut prediction = request(model, bright());
        prediction.version = version;
        prediction.parameters.clone_from(&question.parameters);
        let told = resolve(&mut client, question).await.expect("resolved");
        let ran = predict(&mut client, prediction).await.expect("an answer");
        assert_eq!(
            (told.model, told.version, told.parameters),
            (ran.model, ran.version, ran.parameters)
        );
    }
}

#[tokio::test]
async fn what_would_be_refused_is_refused_in_the_same_words() {
    let repository = Repository::brightness();
    let (one, broken) = (fixture("brightness-1.onnx"), b"no model".to_vec());
    let card = brightness_card(&[(1, &one), (2, &broken), (3, &one)]);
    repository.card("brightness", &card);
    repository.file("brightness", 1, &one);
    repository.file("brightness", 2, &broken);
    let mut client = start(&config(repository.path())).await;
    let long = "x".repeat(100_000);
    let cases = [
        question("cats", None, &[]),
        question(&long, None, &[]),
        question("brightness", Some(2), &[]),
        question("brightness", Some(9), &[]),
        question("brightness", Some(0), &[]),
        question("brightness", None, &[("cats", "1")]),
        question("brightness", None, &[("threshold", "2")]),
        question("brightness", None, &[("threshold", &long)]),
    ];
    for case in cases {
        let mut prediction = request(&case.model, bright());
        prediction.version = case.version;
        prediction.parameters.clone_from(&case.parameters);
        let told = resolve(&mut client, case).await.expect_err("refused");
        let ran = predict(&mut client, prediction).await.expect_err("refused");
        assert_eq!(told.reason, ran.reason);
        assert_eq!(told.message, ran.message);
        assert_eq!(told.violations, ran.violations);
    }

    let name = "brightness".to_owned();
    let unload = client.unload_model(UnloadModelRequest { name }).await;
    unload.expect("unloaded");
    let told = resolve(&mut client, question("", None, &[])).await;
    let ran = predict(&mut client, request("", bright())).await;
    let (told, ran) = (told.expect_err("unloaded"), ran.expect_err("unloaded"));
    assert_eq!((told.reason, told.message), (ran.reason, ran.message));
}

#[tokio::test]
async fn only_who_may_predict_may_ask() {
    let repository = Repository::brightness();
    let service = open(&config(repository.path())).await.expect("a service");
    let mut reader = client_of(service, Role::User, &[Scope::ModelsRead]);
    let refused = resolve(&mut reader, question("", None, &[])).await;
    assert_eq!(refused.expect_err("no scope").reason, "SCOPE_MISSING");
}
