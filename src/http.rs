//! Metrics and health over HTTP: `/metrics`, `/livez`, `/readyz`.
//!
//! In: the books ([`Metrics`]), and a question to be asked whether the parts are ready ([`Readiness`]). Out: text. One
//! thread with a runtime of its own, so that a busy pipeline does not silence the probes, and nothing else here needs
//! a runtime.
//!
//! What is absent on purpose: no login and no TLS (it listens on loopback unless configured otherwise), and nothing
//! that changes anything.

#![allow(
    clippy::disallowed_methods,
    reason = "owns its thread, and looks at the clock to see a stage that stands still"
)]

mod health;

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::HttpConfig;
use crate::event::Timestamp;
use crate::metrics::Metrics;

pub use health::Check;

/// Asked at each probe whether the parts are ready: one check a part.
pub type Readiness = Arc<dyn Fn() -> Vec<Check> + Send + Sync>;

/// The media type of the classic text format of Prometheus.
const EXPOSITION: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How long a client that is slow to take its answer may hold up the end.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

const INDEX: &str = "\
nhiwatch

/metrics  what is counted, for Prometheus
/livez    whether the stages go round (also /healthz and /-/healthy)
/readyz   whether it is connected, assigned and restored (also /-/ready)

?verbose tells the state of each part.
";

/// A running server. Dropping it stops it without waiting.
pub struct Server {
    address: SocketAddr,
    stop: Option<watch::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Where it listens; with port 0 in the configuration, the port that was free.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers what was asked already, then ends.
    pub fn stop(mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported by itself and concerns nothing but the answers of that server.
            let _ = thread.join();
        }
    }
}

struct Shared {
    metrics: Arc<Metrics>,
    readiness: Readiness,
    stalled_after_s: u32,
}

/// Starts to listen.
///
/// # Errors
/// Where the address cannot be listened on: one sentence that names it.
pub fn start(config: &HttpConfig, metrics: Arc<Metrics>, readiness: Readiness) -> Result<Server> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the HTTP server cannot be started")?;
    let listener = runtime.block_on(listen(config.listen))?;
    let address = listener.local_addr().context("the HTTP server has no address")?;
    let shared = Arc::new(Shared { metrics, readiness, stalled_after_s: config.stalled_after_s });
    let (stop, stopped) = watch::channel(());
    let serve = async move {
        tokio::select! {
            ended = axum::serve(listener, router(shared)).with_graceful_shutdown(dropped(stopped.clone())) => {
                if let Err(error) = ended {
                    tracing::error!("the HTTP server on {address} ended: {error}");
                }
            }
            () = async { dropped(stopped).await; tokio::time::sleep(LAST_ANSWERS).await } => {}
        }
    };
    let thread = std::thread::Builder::new()
        .name("http".into())
        .spawn(move || runtime.block_on(serve))
        .context("the HTTP server cannot be started")?;
    Ok(Server { address, stop: Some(stop), thread: Some(thread) })
}

/// Waits until the server is asked to stop, by dropping the other end.
async fn dropped(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    use std::io::ErrorKind;
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "{address} is in use by another program; give metrics and health another address with http.listen"
        ),
        ErrorKind::AddrNotAvailable => {
            anyhow::anyhow!("{address} is no address of this machine; correct http.listen")
        }
        ErrorKind::PermissionDenied => {
            anyhow::anyhow!("listening on {address} is not permitted; choose a port of 1024 or more in http.listen")
        }
        _ => anyhow::anyhow!("{address} (http.listen) cannot be listened on: {error}"),
    })
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(async || INDEX))
        .route("/metrics", get(metrics))
        .route("/livez", get(live))
        .route("/healthz", get(live))
        .route("/-/healthy", get(live))
        .route("/readyz", get(ready))
        .route("/-/ready", get(ready))
        .with_state(shared)
}

async fn metrics(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, EXPOSITION)], shared.metrics.render())
}

async fn live(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> impl IntoResponse {
    answer("alive", &health::going_round(&shared.metrics, shared.stalled_after_s, now()), query.as_deref())
}

async fn ready(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> impl IntoResponse {
    answer("ready", &(shared.readiness)(), query.as_deref())
}

fn answer(what: &str, checks: &[Check], query: Option<&str>) -> (StatusCode, String) {
    let verbose = query.is_some_and(|query| query.split('&').any(|part| part.split('=').next() == Some("verbose")));
    let status = if checks.iter().all(Check::is_ok) { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, health::told(what, checks, verbose))
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
