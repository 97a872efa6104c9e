//! SIGTERM and Ctrl-C ask for the end once; a second one does not wait for it.

use anyhow::{Context, Result};

use crate::kafka::Stop;

/// Requests `stop` on the first signal to end; ends the process at once on the second.
///
/// # Errors
/// Where signals cannot be listened to.
pub fn stop_on_signals(stop: &Stop) -> Result<()> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().context("signals cannot be listened to")?;
    let stop = stop.clone();
    std::thread::Builder::new()
        .name("signals".into())
        .spawn(move || runtime.block_on(listen(&stop)))
        .context("signals cannot be listened to")?;
    Ok(())
}

async fn listen(stop: &Stop) {
    signalled().await;
    stop.request();
    signalled().await;
    eprintln!("nhiwatch: ended at once; what was not committed will be read again");
    // 128 + SIGINT, as shells report it.
    std::process::exit(130);
}

#[cfg(unix)]
async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}

#[cfg(not(unix))]
async fn signalled() {
    let _ = tokio::signal::ctrl_c().await;
}
