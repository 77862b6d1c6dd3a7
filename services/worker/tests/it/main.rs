//! The worker among services that do as a story wants: real tonic servers behind the real guard. The whole product is run
//! in the end-to-end tests.

mod absences;
mod accounts;
mod attempts;
mod harness;
mod history;
mod images;
mod intake;
mod keys;
mod leases;
mod predictions;
mod processing;
mod queue;
mod reports;
mod runner;
mod service;
mod stopping;
