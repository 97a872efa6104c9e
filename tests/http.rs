//! The HTTP endpoints, asked over a socket as a probe and Prometheus do.

#![allow(clippy::disallowed_methods, reason = "asks a server over a socket")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nhiwatch::config::HttpConfig;
use nhiwatch::event::Timestamp;
use nhiwatch::http::{Check, Readiness, Server, start};
use nhiwatch::metrics::{Metrics, Stage};

fn config(port: u16) -> HttpConfig {
    HttpConfig { listen: SocketAddr::from(([127, 0, 0, 1], port)), ..HttpConfig::default() }
}

fn metrics() -> Arc<Metrics> {
    Arc::new(Metrics::new(Timestamp::from_millis(0)))
}

fn server(metrics: &Arc<Metrics>, readiness: Readiness) -> Server {
    start(&config(0), Arc::clone(metrics), readiness).unwrap()
}

fn always_ready() -> Readiness {
    Arc::new(|| vec![Check::ok("kafka")])
}

/// Status, headers and body of one GET.
fn get(server: &Server, path: &str) -> (u16, String, String) {
    let mut socket = TcpStream::connect(server.address()).unwrap();
    write!(socket, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), head.to_lowercase(), body.to_owned())
}

#[test]
fn metrics_are_served_in_the_classic_text_format() {
    let server = server(&metrics(), always_ready());
    let (status, head, body) = get(&server, "/metrics");
    assert_eq!(status, 200);
    assert!(head.contains("content-type: text/plain; version=0.0.4"), "{head}");
    assert!(body.contains("# TYPE nhi_events_total counter\nnhi_events_total{source="), "{body}");
    assert!(body.contains("nhi_events_total{source=\"aws.cloudtrail\"} 0\n"), "{body}");
    server.stop();
}

#[test]
fn not_ready_until_every_part_is_and_says_which_is_not() {
    let restored = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&restored);
    let readiness: Readiness = Arc::new(move || {
        let restored = seen.load(Ordering::Relaxed);
        vec![Check::ok("kafka"), Check::that("state", restored, "2 partitions are being restored")]
    });
    let server = server(&metrics(), readiness);
    for path in ["/readyz", "/-/ready"] {
        let (status, _, body) = get(&server, path);
        assert_eq!((status, body.as_str()), (503, "[-] state: 2 partitions are being restored\nnot ready\n"));
    }
    let verbose = get(&server, "/readyz?verbose").2;
    assert_eq!(verbose, "[+] kafka ok\n[-] state: 2 partitions are being restored\nnot ready\n");
    assert_eq!(get(&server, "/livez").0, 200, "a restore is not a reason to be killed");
    restored.store(true, Ordering::Relaxed);
    assert_eq!(get(&server, "/readyz").2, "ready\n");
    server.stop();
}

#[test]
fn a_stage_that_stands_still_is_not_alive() {
    let metrics = metrics();
    let server = server(&metrics, always_ready());
    for path in ["/livez", "/healthz", "/-/healthy"] {
        assert_eq!(get(&server, path).0, 200, "{path}: nothing has begun yet");
    }
    metrics.heartbeat(Stage::Detect, Timestamp::from_millis(1_000));
    let (status, _, body) = get(&server, "/livez");
    assert_eq!(status, 503);
    assert!(body.starts_with("[-] detect: it has not gone round for "), "{body}");
    server.stop();
}

#[test]
fn a_port_in_use_is_told_in_one_sentence() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let error = start(&config(address.port()), metrics(), always_ready()).err().unwrap();
    let sentence =
        format!("{address} is in use by another program; give metrics and health another address with http.listen");
    assert_eq!(format!("{error:#}"), sentence);
}

#[test]
fn unknown_paths_and_methods_do_no_harm() {
    let server = server(&metrics(), always_ready());
    assert_eq!(get(&server, "/no/such/path").0, 404);
    assert!(get(&server, "/").2.contains("/readyz"));
    let mut socket = TcpStream::connect(server.address()).unwrap();
    socket.write_all(b"\x00\xff not http at all\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).unwrap();
    assert_eq!(get(&server, "/readyz").0, 200);
    server.stop();
}
