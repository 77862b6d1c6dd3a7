//! The benchmarks of `make bench`.

fn main() {}
