//! The service through real gRPC in one process, on small real networks (`fixtures/make.py`).

mod access;
mod cards;
mod catalogue;
mod harness;
mod models;
mod parity;
mod pool;
mod predictions;
mod reload;
mod resolving;
