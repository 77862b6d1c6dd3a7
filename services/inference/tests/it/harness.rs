//! A repository in a temporary folder, a service on it, and the words of the tests.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use pupila_core::{Caller, Clock as _, Digest, Role, Scope, SystemClock, User, UserId};
use pupila_inference::{InferenceConfig, Service, open};
use pupila_proto::inference::v1::{
    PredictRequest, PredictResponse, inference_service_client::InferenceServiceClient,
};
use pupila_runtime::{
    identity::{Claims, Guard, SigningKey, Verifier},
    rpc::RpcError,
    transport::{self, Transport},
};
use tempfile::TempDir;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
};

/// A picture of level 230.
pub(crate) fn bright() -> Vec<u8> {
    grey(230)
}

/// A picture of level 20.
pub(crate) fn dark() -> Vec<u8> {
    grey(20)
}

fn grey(level: u8) -> Vec<u8> {
    colour([level; 3])
}

/// 16 x 16 pixels of one colour, red, green, blue, as an uncompressed BMP: the simplest format to write by hand.
pub(crate) fn colour([red, green, blue]: [u8; 3]) -> Vec<u8> {
    let mut bytes = b"BM".to_vec();
    bytes.extend(822_u32.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(54_u32.to_le_bytes());
    bytes.extend(40_u32.to_le_bytes());
    bytes.extend(16_i32.to_le_bytes());
    bytes.extend(16_i32.to_le_bytes());
    bytes.extend([1, 0, 24, 0]);
    bytes.extend([0; 24]);
    bytes.extend([blue, green, red].repeat(16 * 16));
    bytes
}

pub(crate) fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The card of `brightness`, with the digests of its versions.
pub(crate) fn brightness_card(files: &[(u32, &[u8])]) -> String {
    let mut card = BRIGHTNESS.to_owned();
    for (version, file) in files {
        card += &format!("[versions.{version}]\nsha256 = \"{}\"\n", Digest::of(file));
    }
    card
}

pub(crate) const BRIGHTNESS: &str = r#"
name = "brightness"
title = "Bright or dark"
task = "classification"
labels = ["dark", "bright"]
licence = "Apache-2.0"
source = "made for tests"

[input]
width = 8
height = 8
channels = "gray"
resize = "stretch"
filter = "bilinear"
scale = 0.00392156862745098

[output]
kind = "logits"
positive = "bright"

[[parameters]]
name = "threshold"
type = "number"
description = "From this probability on it is bright."
minimum = 0.01
maximum = 0.99
step = 0.01
default = 0.5

"#;

/// A repository of models in a temporary folder.
pub(crate) struct Repository(TempDir);

impl Repository {
    pub(crate) fn empty() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    /// Two versions of `brightness`; the second is twice as sure.
    pub(crate) fn brightness() -> Self {
        let repository = Self::empty();
        let (one, two) = (fixture("brightness-1.onnx"), fixture("brightness-2.onnx"));
        repository.card("brightness", &brightness_card(&[(1, &one), (2, &two)]));
        repository.file("brightness", 1, &one);
        repository.file("brightness", 2, &two);
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn card(&self, model: &str, text: &str) {
        let folder = self.path().join(model);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("model.toml"), text).expect("a card");
    }

    pub(crate) fn file(&self, model: &str, version: u32, bytes: &[u8]) {
        let folder = self.path().join(model).join(version.to_string());
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("model.onnx"), bytes).expect("a file");
    }
}

/// A service without bundled models, on the folder or file `path`.
pub(crate) fn config(path: impl Into<PathBuf>) -> InferenceConfig {
    let mut config = InferenceConfig::default();
    config.models.path = Some(path.into());
    config.models.bundled = false;
    config
}

pub(crate) type Client = InferenceServiceClient<InterceptedService<Transport, Token>>;

/// Sends an access token along with every call.
#[derive(Clone)]
pub(crate) struct Token(MetadataValue<Ascii>);

impl Interceptor for Token {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        let metadata = request.metadata_mut();
        metadata.insert("authorization", self.0.clone());
        Ok(request)
    }
}

pub(crate) async fn start(config: &InferenceConfig) -> Client {
    client(open(config).await.expect("a service"))
}

/// An administrator's client in the same process.
pub(crate) fn client(service: Service) -> Client {
    client_of(service, Role::Admin, &Scope::ALL)
}

/// A client of somebody who may do that much.
pub(crate) fn client_of(service: Service, role: Role, scopes: &[Scope]) -> Client {
    let document = SigningKey::generate().expect("randomness");
    let key = SigningKey::from_pkcs8("1", &document).expect("a key");
    let caller = Caller::User(User {
        id: UserId::LOCAL,
        role,
        scopes: scopes.iter().copied().collect(),
        session: None,
    });
    let now = SystemClock.now();
    let claims = Claims::new(&caller, now, now + Duration::from_secs(600)).expect("somebody");
    let token = format!("Bearer {}", key.sign(&claims).expect("a token"));

    let keys = vec![key.verification_key()];
    let guard = Guard::new(Verifier::new(keys, Arc::new(SystemClock)));
    let transport = transport::in_process(service.into_services(), guard);
    let token = Token(token.parse().expect("plain"));
    InferenceServiceClient::with_interceptor(transport, token)
}

pub(crate) fn request(model: &str, image: Vec<u8>) -> PredictRequest {
    PredictRequest {
        model: model.to_owned(),
        image: image.into(),
        ..PredictRequest::default()
    }
}

pub(crate) async fn predict(
    client: &mut Client,
    request: PredictRequest,
) -> Result<PredictResponse, RpcError> {
    let answer = client.predict(request).await;
    answer
        .map(tonic::Response::into_inner)
        .map_err(RpcError::from)
}

/// The label decided on, and the score of the positive label.
pub(crate) fn decision(answer: &PredictResponse) -> (String, f64) {
    use pupila_proto::inference::v1::output::Kind;
    let output = answer
        .output
        .as_ref()
        .and_then(|output| output.kind.as_ref());
    let Some(Kind::Classification(answer)) = output else {
        panic!("no classification: {output:?}");
    };
    (
        answer.label.clone(),
        answer.positive_score.unwrap_or(f64::NAN),
    )
}
