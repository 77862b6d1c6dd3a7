//! The worker among services that do as a story wants: real tonic servers behind the real guard. The whole product is run
//! in the end-to-end tests.

mod absences;
mod accounts;
mod attempts;
mod gate;
mod harness;
mod history;
mod images;
mod intake;
mod keys;
mod leases;
mod losses;
mod predictions;
mod processing;
mod queue;
mod remote;
mod reports;
mod runner;
mod service;
mod steps;
mod stopping;
