//! What stands before every method.

use std::{net::IpAddr, sync::Arc};

use http::{HeaderMap, Request};
use pupila_core::{Caller, Clock, RequestId, Role};
use pupila_proto::MethodAccess;
use tonic::body::Body;

use super::{AccessError, Call, Credential, IdentityConfig, RemoteKeys, Verifier};
use crate::{
    context::{CLIENT_ADDRESS, REQUEST_ID, RequestContext},
    transport,
};

/// The methods of gRPC's own services, which tell nothing of anybody: health and reflection.
const OPEN_SERVICES: &str = "/grpc.";

/// Lets calls in whose token satisfies what the proto files say about the method.
#[derive(Clone)]
pub struct Guard(Verifier);

impl Guard {
    /// A guard that believes `verifier`.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self(verifier)
    }

    /// The guard of a service in a process of its own, which asks accounts for the keys.
    ///
    /// # Errors
    /// The address of accounts is none.
    pub fn remote(
        config: &IdentityConfig,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, tonic::transport::Error> {
        let accounts = transport::remote(&config.accounts)?;
        Ok(Self::new(Verifier::new(RemoteKeys::new(accounts), clock)))
    }

    /// Lets a call in, and writes into the request who makes it.
    ///
    /// # Errors
    /// The call may not be made.
    pub(crate) async fn admit(&self, request: &mut Request<Body>) -> Result<(), AccessError> {
        let path = request.uri().path();
        if path.starts_with(OPEN_SERVICES) {
            return Ok(());
        }
        let access = pupila_proto::access_to(path).ok_or(AccessError::NoSuchMethod)?;
        let headers = request.headers();
        let credential = Credential::from_headers(headers).map_err(|_| AccessError::Scheme)?;
        // A method that is open to all is open with a token that has ended, too: one gets a new token there.
        let caller = match credential.token() {
            Some(token) if !access.is_open() => self.0.verify(token).await?,
            _ => Caller::Nobody,
        };
        check(access, &caller)?;
        let context = RequestContext {
            request_id: request_id(headers),
            credential,
            address: address(headers),
        };
        request.extensions_mut().insert(Call { caller, context });
        Ok(())
    }
}

/// Whether `caller` may call a method.
fn check(access: &MethodAccess, caller: &Caller) -> Result<(), AccessError> {
    match caller {
        _ if access.is_open() => Ok(()),
        Caller::Nobody => Err(AccessError::Missing),
        Caller::Guest(_) => permit(access.admits_guests(), AccessError::WrongCaller),
        Caller::Service(name) => permit(access.admits_service(name), AccessError::WrongCaller),
        Caller::User(user) => {
            permit(access.admits_admins(), AccessError::WrongCaller)?;
            let admitted = access.admits_users() || user.role == Role::Admin;
            permit(admitted, AccessError::AdminOnly)?;
            let scope = access
                .scope
                .parse()
                .map_err(|_| AccessError::NoSuchMethod)?;
            permit(user.scopes.contain(scope), AccessError::Scope(access.scope))
        }
    }
}

fn permit(condition: bool, otherwise: AccessError) -> Result<(), AccessError> {
    condition.then_some(()).ok_or(otherwise)
}

/// The caller's request id; a call without one is known as `-`.
fn request_id(headers: &HeaderMap) -> RequestId {
    let theirs = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    theirs
        .and_then(RequestId::accept)
        .unwrap_or_else(RequestId::none)
}

fn address(headers: &HeaderMap) -> Option<IpAddr> {
    headers.get(CLIENT_ADDRESS)?.to_str().ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};
    use pupila_core::{ManualClock, Scope, Scopes, User, UserId};

    use super::*;
    use crate::identity::{Claims, SigningKey, VerificationKey};

    const READ: &str = "/pupila.images.v1.ImageService/GetImage";
    const WRITE: &str = "/pupila.images.v1.ImageService/DeleteImage";
    const ADMIN: &str = "/pupila.accounts.v1.UserService/ListUsers";
    const SIGN_IN: &str = "/pupila.accounts.v1.AuthService/SignIn";
    const ERASE: &str = "/pupila.images.v1.ImageService/EraseUser";

    struct Gate {
        guard: Guard,
        key: SigningKey,
        clock: Arc<ManualClock>,
    }

    impl Gate {
        fn new() -> Self {
            let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
            let key = key("1");
            let source: Vec<VerificationKey> = vec![key.verification_key()];
            let guard = Guard::new(Verifier::new(source, clock.clone()));
            Self { guard, key, clock }
        }

        fn token(&self, caller: &Caller) -> String {
            let now = self.clock.now();
            let claims = Claims::new(caller, now, now + SignedDuration::from_secs(60));
            self.key.sign(&claims.expect("somebody")).expect("a token")
        }

        async fn knock(&self, path: &str, token: Option<&str>) -> Result<Caller, &'static str> {
            let mut request = Request::builder().uri(path);
            if let Some(token) = token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let mut request = request.body(Body::empty()).expect("a request");
            let admitted = self.guard.admit(&mut request).await;
            admitted.map_err(|error| pupila_core::Fault::reason(&error))?;
            let call: &Call = request.extensions().get().expect("a call");
            Ok(call.caller.clone())
        }
    }

    fn key(id: &str) -> SigningKey {
        let document = SigningKey::generate().expect("randomness");
        SigningKey::from_pkcs8(id, &document).expect("a key")
    }

    fn user(role: Role, scopes: impl IntoIterator<Item = Scope>) -> Caller {
        Caller::User(User {
            id: UserId::LOCAL,
            role,
            scopes: Scopes::from_iter(scopes),
            session: None,
        })
    }

    #[tokio::test]
    async fn a_token_opens_what_its_scopes_say() {
        let gate = Gate::new();
        let reader = user(Role::User, [Scope::ImagesRead]);
        let token = gate.token(&reader);
        assert_eq!(gate.knock(READ, Some(&token)).await, Ok(reader));
        assert_eq!(gate.knock(WRITE, Some(&token)).await, Err("SCOPE_MISSING"));
        assert_eq!(gate.knock(ADMIN, Some(&token)).await, Err("ADMIN_ONLY"));
        assert_eq!(
            gate.knock(ERASE, Some(&token)).await,
            Err("PERMISSION_DENIED")
        );
        assert_eq!(gate.knock(READ, None).await, Err("UNAUTHENTICATED"));
        assert_eq!(gate.knock(SIGN_IN, None).await, Ok(Caller::Nobody));
        assert_eq!(
            gate.knock("/pupila.x/Y", Some(&token)).await,
            Err("METHOD_NOT_ALLOWED")
        );
    }

    #[tokio::test]
    async fn a_scope_that_was_written_in_does_not_make_an_administrator() {
        let gate = Gate::new();
        let token = gate.token(&user(Role::User, Scope::ALL));
        assert_eq!(gate.knock(ADMIN, Some(&token)).await, Err("ADMIN_ONLY"));
        let token = gate.token(&user(Role::Admin, Scope::ALL));
        assert!(gate.knock(ADMIN, Some(&token)).await.is_ok());
    }

    #[tokio::test]
    async fn only_the_services_that_are_named_are_let_in() {
        let gate = Gate::new();
        let accounts = Caller::Service("accounts".to_owned());
        let token = gate.token(&accounts);
        assert_eq!(gate.knock(ERASE, Some(&token)).await, Ok(accounts));
        assert_eq!(
            gate.knock(READ, Some(&token)).await,
            Err("PERMISSION_DENIED")
        );
        let token = gate.token(&Caller::Service("images".to_owned()));
        assert_eq!(
            gate.knock(ERASE, Some(&token)).await,
            Err("PERMISSION_DENIED")
        );
    }

    #[tokio::test]
    async fn a_token_that_ended_or_is_not_ours_opens_nothing() {
        let gate = Gate::new();
        let caller = user(Role::User, Scope::ALL);
        let token = gate.token(&caller);
        assert!(gate.knock(READ, Some(&token)).await.is_ok());
        gate.clock.advance(SignedDuration::from_secs(61));
        assert_eq!(gate.knock(READ, Some(&token)).await, Err("TOKEN_EXPIRED"));

        let now = gate.clock.now();
        let claims =
            Claims::new(&caller, now, now + SignedDuration::from_secs(60)).expect("a user");
        let stranger = key("1").sign(&claims).expect("a token");
        assert_eq!(
            gate.knock(READ, Some(&stranger)).await,
            Err("TOKEN_INVALID")
        );
        let elsewhere = Claims {
            aud: "other".to_owned(),
            ..claims.clone()
        };
        let elsewhere = gate.key.sign(&elsewhere).expect("a token");
        assert_eq!(
            gate.knock(READ, Some(&elsewhere)).await,
            Err("TOKEN_INVALID")
        );
        let other = Claims {
            iss: "other".to_owned(),
            ..claims
        };
        let other = gate.key.sign(&other).expect("a token");
        assert_eq!(gate.knock(READ, Some(&other)).await, Err("TOKEN_INVALID"));
        assert_eq!(
            gate.knock(READ, Some("nonsense")).await,
            Err("TOKEN_INVALID")
        );
        let huge = "a".repeat(100_000);
        assert_eq!(gate.knock(READ, Some(&huge)).await, Err("TOKEN_INVALID"));
    }
}
