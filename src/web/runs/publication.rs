//! The server that results are published to.

use std::time::Duration;

use crate::config::Config;
use crate::publish::{Standing, standing};
use crate::web::Web;
use crate::web::work::Worked;

/// How long a page waits for the server.
const PATIENCE: Duration = Duration::from_secs(1);
/// The name of the work of asking it.
const WORK: &str = "publication";

/// What is known about the server.
pub(super) enum Known {
    /// Its state; `None` if no server is configured.
    Standing(Option<Standing>),
    /// It has not answered yet: a line that says so.
    Asked(String),
}

/// Asks the server without making anybody wait: the next page view finds the answer.
pub(super) async fn publication(web: &Web, config: &Config) -> Known {
    let Some(server) = &config.publish else {
        return Known::Standing(None);
    };
    let asked = &web.desk().publication;
    let own = config.clone();
    asked.begin(WORK, async move |_| {
        standing(&own).await.map_err(|error| error.to_string())
    });
    match asked.ended(WORK, PATIENCE).await {
        Worked::Done(standing) => Known::Standing((*standing).clone()),
        Worked::Failed(reason) => Known::Standing(Some(Standing::Behind(reason))),
        Worked::Doing(_) | Worked::Not => Known::Asked(format!(
            "`{server}` is being asked which run it has: look again"
        )),
    }
}
