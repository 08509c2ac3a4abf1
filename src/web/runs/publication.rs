//! The server that results are copied to.

use std::time::Duration;

use crate::config::Config;
use crate::publish::{Standing, standing};
use crate::web::Web;
use crate::web::work::Worked;

/// So long a page waits for the server.
const PATIENCE: Duration = Duration::from_secs(1);
/// What asking it is called.
const WORK: &str = "publication";

/// What is known of it.
pub(super) enum Known {
    /// How it stands; none where there is none.
    Standing(Option<Standing>),
    /// It has not answered yet: in a line.
    Asked(String),
}

/// Asks the server, whose answer nobody has to wait for: the next look finds it.
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
