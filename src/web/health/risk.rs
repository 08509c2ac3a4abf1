//! Who is at risk: those who can still be lost, or everybody, lowest health first.

use std::sync::Arc;
use std::time::Duration;

use super::Link;
use crate::engine::Key;
use crate::health::who_can_be_lost;
use crate::project::Project;
use crate::store::{Client, ClientQuery, Store};
use crate::time::Clock;
use crate::web::Web;
use crate::web::clients::{Filter, PER_PAGE, Pager, Row, Rows, counted};
use crate::web::fields::Fields;
use crate::web::refusal::Refusal;
use crate::web::results::Results;
use crate::web::work::{Progress, Worked};

/// So long a page waits for who can still be lost, which the data has to be asked for.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The list of a page.
pub(super) struct Listed {
    pub(super) found: String,
    pub(super) other: Option<Link>,
    pub(super) rows: Vec<Row>,
    pub(super) pager: Option<Pager>,
}

/// Those whom `fields` ask for: everybody with `everyone`, and otherwise those whom config's `churn.among` names.
pub(super) async fn listed(
    web: &Web,
    results: &mut Results,
    fields: Fields,
) -> Result<Listed, Refusal> {
    let everyone = fields.one("everyone").is_some();
    let filter = Filter::read(fields, results)?;
    let of_all = results.store.count_with_health().await?;
    let marks = results.marks();
    let among = match everyone {
        true => Worked::Not,
        false => among(web, results).await,
    };
    let config = results.files.config.clone();
    let all = counted(&config, of_all, &marks);
    let everybody = || Link {
        href: "/health?everyone=1".to_owned(),
        label: "Show everybody".to_owned(),
    };
    let (clients, of, found, other) = match among {
        Worked::Done(keys) if keys.is_some() => {
            let keys = keys.as_deref().unwrap_or_default();
            let clients = page_of(&mut results.store, keys, &filter).await?;
            let found = format!(
                "{} of {all}: those who can still be lost, as `churn.among` of config says",
                marks.whole(keys.len())
            );
            (clients, keys.len() as u64, found, Some(everybody()))
        }
        state => {
            let clients = results.store.by_health(&filter.query()).await?;
            let (found, other) = match state {
                Worked::Doing(_) => (
                    format!("{all}. Who of them can still be lost is being worked out."),
                    Some(Link {
                        href: "/health".to_owned(),
                        label: "Look again".to_owned(),
                    }),
                ),
                Worked::Failed(reason) => (
                    format!("{all}. Who of them can still be lost is not known: {reason}"),
                    None,
                ),
                _ if everyone => (
                    all,
                    Some(Link {
                        href: "/health".to_owned(),
                        label: "Only those who can still be lost".to_owned(),
                    }),
                ),
                _ => (all, None),
            };
            (clients, of_all, found, other)
        }
    };
    let shown = clients.len();
    let ids = web.desk().ids(&mut results.store).await?;
    let rows = Rows {
        segments: &results.segments,
        ids: &ids,
        marks: results.marks(),
    };
    let pager = Pager::new((filter.page, shown, of), &marks, |page| {
        filter.href("/health", page)
    });
    Ok(Listed {
        found,
        other,
        rows: rows.of(clients),
        pager: Some(pager).filter(|_| shown > 0),
    })
}

/// A page of those with these keys, in their order.
async fn page_of(store: &mut Store, keys: &[Key], filter: &Filter) -> Result<Vec<Client>, Refusal> {
    let before = (filter.page - 1) as usize * PER_PAGE as usize;
    let keys: Vec<Key> = keys
        .iter()
        .skip(before)
        .take(PER_PAGE as usize)
        .cloned()
        .collect();
    let mut clients = store.clients_of(&keys).await?;
    clients.sort_by_key(|client| keys.iter().position(|key| *key == client.score.subject));
    Ok(clients)
}

/// Who can still be lost, of the run that is shown: asked of the data once.
async fn among(web: &Web, results: &Results) -> Worked<Option<Vec<Key>>> {
    let Some(project) = results.files.project.clone() else {
        return Worked::Not;
    };
    let of = results.run.id.to_string();
    let at_risk = &web.desk().at_risk;
    if matches!(at_risk.state(&of), Worked::Not) {
        let as_of = results.run.as_of;
        let web = web.clone();
        at_risk.begin(&of, |progress| work(web, project, as_of, progress));
    }
    at_risk.ended(&of, PATIENCE).await
}

async fn work(
    web: Web,
    project: Arc<Project>,
    as_of: i64,
    progress: Arc<Progress>,
) -> Result<Option<Vec<Key>>, String> {
    let results = project.config.results_path().to_path_buf();
    let asking = move || {
        let clock = Clock {
            now: as_of,
            zone: project.config.timezone,
        };
        let connector = (web.connect())(&project.config);
        who_can_be_lost(&project, &*connector, &clock, &*progress)
            .map_err(|error| error.to_string())
    };
    let among = tokio::task::spawn_blocking(asking).await;
    let Some(among) = among.map_err(|error| error.to_string())?? else {
        return Ok(None);
    };
    let store = Store::open_reader(&results)
        .await
        .map_err(|error| error.to_string())?;
    let Some(mut store) = store else {
        return Ok(None);
    };
    let all = store.by_health(&ClientQuery::default()).await;
    let all = all.map_err(|error| error.to_string())?.into_iter();
    let keys = all.map(|client| client.score.subject);
    Ok(Some(
        keys.filter(|key| among.binary_search(key).is_ok())
            .collect(),
    ))
}
