//! Takes jobs, runs their steps over images, stores what comes out, and tells who wants to know.

mod outcome;
mod upstreams;

pub use upstreams::Upstreams;
