//! Who may do what: every route and every method, called by everyone, against the table of what is meant.
//!
//! A route or a method without a row fails the test, so nobody adds one without deciding who may call it.

mod callers;
mod http;
mod methods;
mod rpc;
mod tokens;
mod world;
