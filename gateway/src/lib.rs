//! The HTTP edge: one JSON API for browsers and scripts, routed to the gRPC services that own the answers.
//!
//! It authenticates, validates, limits, routes and translates errors. It keeps no state and decides no rule of
//! the domain; see `docs/api.md` for the contract.

mod analysis;
mod app;
mod authentication;
mod config;
mod download;
mod dto;
mod error;
mod event_stream;
mod extract;
mod layers;
mod openapi;
mod picture;
mod problem;
mod refusal;
mod response;
mod routes;
mod server;
mod table;
#[cfg(test)]
mod test_app;
mod upload;
mod upstreams;
mod verbs;
mod zip_file;

pub use config::{AuthConfig, AuthMode, CorsConfig, GatewayConfig, LimitsConfig, UpstreamConfig};
pub use dto::prediction::Prediction;
pub use openapi::document;
pub use server::host;
pub use upstreams::Upstreams;
