//! Who may call.

use pupila_core::{Role, Scope};
use pupila_inference::open;
use pupila_proto::inference::v1::GetModelRequest;

use crate::{
    harness::{Repository, bright, client_of, config, predict, request},
    models::load,
};

#[tokio::test]
async fn a_reader_sees_models_and_neither_runs_nor_loads_them() {
    let repository = Repository::brightness();
    let service = open(&config(repository.path())).await.expect("a service");
    let mut client = client_of(service, Role::User, &[Scope::ModelsRead]);
    let see = GetModelRequest {
        name: "brightness".to_owned(),
    };
    client.get_model(see).await.expect("a model");

    let run = predict(&mut client, request("brightness", bright())).await;
    assert_eq!(run.expect_err("no scope").reason, "SCOPE_MISSING");
    let load = load(&mut client, "brightness").await;
    assert_eq!(load.expect_err("no administrator").reason, "ADMIN_ONLY");
}
