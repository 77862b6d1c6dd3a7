//! People who are told, with a mail server, a push service and programs that listen: real servers on the loopback, behind real
//! gRPC services that answer as a story wants.

mod email;
mod harness;
mod letters;
mod mail_server;
mod push;
mod routes;
mod services;
mod tls;
mod web_server;
mod webhooks;
