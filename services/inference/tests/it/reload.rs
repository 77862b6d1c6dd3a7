//! Loading models again, and taking them out of memory, while they answer.

use pupila_core::ErrorCode;
use pupila_inference::{Values, open, pipeline};
use pupila_proto::inference::v1::{ModelState, UnloadModelRequest};

use crate::{
    harness::{Repository, bright, client, config, predict, request, start},
    models::{load, states},
};

#[tokio::test]
async fn a_prediction_in_flight_finishes_on_the_version_that_it_began_with() {
    let repository = Repository::brightness();
    let service = open(&config(repository.path())).await.expect("a service");
    let taken = service.registry().ready("brightness", None).expect("ready");
    assert_eq!(taken.version(), 2);
    let mut client = client(service.clone());

    // Version 1 alone from now on.
    std::fs::remove_dir_all(repository.path().join("brightness/2")).expect("removed");
    let model = load(&mut client, "brightness").await.expect("loaded");
    assert_eq!(states(&model), [(1, ModelState::Ready)]);

    let values = Values::parse(&taken, &Default::default()).expect("defaults");
    let old = pipeline::predict(&taken, &bright(), &values, service.limits());
    assert_eq!(old.expect("an answer").output.label, "bright");
    let answer = predict(&mut client, request("brightness", bright()))
        .await
        .expect("an answer");
    assert_eq!(answer.version, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn predictions_go_on_while_a_model_is_reloaded_again_and_again() {
    let repository = Repository::brightness();
    let client = start(&config(repository.path())).await;
    let reloading = async {
        for _ in 0..10 {
            load(&mut client.clone(), "brightness")
                .await
                .expect("loaded");
        }
    };
    let predicting = async {
        for _ in 0..50 {
            let answer = predict(&mut client.clone(), request("brightness", bright())).await;
            assert_eq!(answer.expect("an answer").version, 2);
        }
    };
    tokio::join!(reloading, predicting);
}

#[tokio::test]
async fn an_unloaded_model_answers_again_once_it_is_loaded() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    let unload = UnloadModelRequest {
        name: "brightness".to_owned(),
    };
    let model = client
        .unload_model(unload)
        .await
        .expect("unloaded")
        .into_inner()
        .model;
    let model = model.expect("a model");
    assert_eq!(
        states(&model),
        [(2, ModelState::Unloaded), (1, ModelState::Unloaded)]
    );

    let error = predict(&mut client, request("brightness", bright()))
        .await
        .expect_err("unloaded");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::Unavailable, "MODEL_NOT_READY")
    );

    load(&mut client, "brightness").await.expect("loaded");
    predict(&mut client, request("brightness", bright()))
        .await
        .expect("an answer");
}

#[tokio::test]
async fn a_card_that_was_spoilt_leaves_the_loaded_model_at_work() {
    let repository = Repository::brightness();
    let mut client = start(&config(repository.path())).await;
    repository.card("brightness", "name = 3");
    let error = load(&mut client, "brightness")
        .await
        .expect_err("a bad card");
    assert_eq!(
        (error.code, error.reason.as_str()),
        (ErrorCode::Unprocessable, "MODEL_CARD_INVALID")
    );
    predict(&mut client, request("brightness", bright()))
        .await
        .expect("an answer");
}
