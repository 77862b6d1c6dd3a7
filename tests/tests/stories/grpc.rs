//! The services by themselves, as gRPC tools and Kubernetes' probes see them.

use pupila_tests::{Part, Pupila, Shape};
use tonic::transport::Channel;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use tonic_reflection::pb::v1::{
    ServerReflectionRequest, server_reflection_client::ServerReflectionClient,
    server_reflection_request::MessageRequest, server_reflection_response::MessageResponse,
};

const SERVICES: [(Part, &str); 6] = [
    (Part::Accounts, "pupila.accounts.v1.AlbumService"),
    (Part::Accounts, "pupila.accounts.v1.AuthService"),
    (Part::Accounts, "pupila.accounts.v1.UserService"),
    (Part::Images, "pupila.images.v1.ImageService"),
    (Part::Inference, "pupila.inference.v1.InferenceService"),
    (Part::History, "pupila.history.v1.HistoryService"),
];

#[tokio::test]
async fn every_service_tells_its_health_and_what_it_offers() {
    let app = Pupila::of(Shape::Services).start().await;
    for (part, name) in SERVICES {
        let channel = Channel::from_shared(app.grpc(part)).expect("an address");
        let channel = channel.connect().await.expect("a connection");
        for service in ["", name] {
            assert_eq!(
                health(channel.clone(), service).await,
                ServingStatus::Serving,
                "{name}"
            );
        }
        let offered = services(channel).await;
        assert!(offered.iter().any(|offer| offer == name), "{offered:?}");
    }
}

async fn health(channel: Channel, service: &str) -> ServingStatus {
    let request = HealthCheckRequest {
        service: service.to_owned(),
    };
    let answer = HealthClient::new(channel)
        .check(request)
        .await
        .expect("an answer");
    answer.into_inner().status()
}

async fn services(channel: Channel) -> Vec<String> {
    let request = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let answers = ServerReflectionClient::new(channel)
        .server_reflection_info(tokio_stream::once(request))
        .await
        .expect("an answer");
    let answer = answers
        .into_inner()
        .message()
        .await
        .expect("a message")
        .expect("one message");
    match answer.message_response {
        Some(MessageResponse::ListServicesResponse(list)) => list
            .service
            .into_iter()
            .map(|service| service.name)
            .collect(),
        other => panic!("no list: {other:?}"),
    }
}
