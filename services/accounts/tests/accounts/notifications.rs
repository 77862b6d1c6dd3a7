//! Users are told that a job ended.

mod bell;
mod letters;
mod listing;
mod owners;
mod routes;
mod sessions;
mod settings;
mod subscriptions;
mod telling;
mod together;
mod unsubscribing;
mod webhooks;
