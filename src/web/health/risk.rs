//! Who is at risk: those who can still be lost, or everybody, lowest health first.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::Link;
use crate::engine::{Keep, Key, Watch};
use crate::health::who_can_be_lost;
use crate::project::Project;
use crate::store::{Among, Client, Store};
use crate::time::Clock;
use crate::web::Web;
use crate::web::clients::{Filter, Pager, Row, Rows, counted};
use crate::web::fields::Fields;
use crate::web::kept::Data;
use crate::web::refusal::Refusal;
use crate::web::results::Results;
use crate::web::work::Worked;

/// How long a page waits to learn who can still be lost, which takes a query of the data.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// The list as shown on a page.
pub(super) struct Listed {
    pub(super) found: String,
    pub(super) other: Option<Link>,
    pub(super) rows: Vec<Row>,
    pub(super) pager: Option<Pager>,
}

/// The people that `fields` ask for: everybody with `everyone`, otherwise those that config's `churn.among` selects.
pub(super) async fn listed(
    web: &Web,
    results: &mut Results,
    fields: Fields,
) -> Result<Listed, Refusal> {
    let everyone = fields.one("everyone").is_some();
    let filter = Filter::read(fields, results)?;
    let of_all = results.count_with_health(&filter.among).await?;
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
            let keys = chosen(results, keys.as_deref().unwrap_or_default(), &filter).await?;
            let clients = page_of(results, &keys, &filter).await?;
            let found = format!(
                "{} of {all}: those who can still be lost",
                marks.whole(keys.len())
            );
            (clients, keys.len() as u64, found, Some(everybody()))
        }
        state => {
            let clients = results.by_health(&filter.query()).await?;
            let (found, other) = match state {
                Worked::Doing(_) | Worked::Not if !everyone => (
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
                // Config does not define who can be lost.
                Worked::Done(_) => (all, None),
                _ => (
                    all,
                    Some(Link {
                        href: "/health".to_owned(),
                        label: "Only those who can still be lost".to_owned(),
                    }),
                ),
            };
            (clients, of_all, found, other)
        }
    };
    let shown = clients.len();
    if shown == 0 && filter.page > 1 {
        return Err(Refusal::not_found("the list does not have that many pages"));
    }
    let ids = web.desk().ids(&mut results.store).await?;
    let rows = Rows {
        segments: &results.segments,
        ids: &ids,
        marks: results.marks(),
        zone: config.timezone,
    };
    let pager = Pager::new((filter.page, shown, of), &marks, |page| {
        filter.href("/health", page)
    });
    Ok(Listed {
        found,
        other,
        rows: rows.of(&clients),
        pager: Some(pager).filter(|_| shown > 0),
    })
}

/// The keys among `keys` that match a filter.
async fn chosen<'k>(
    results: &mut Results,
    keys: &'k [Key],
    filter: &Filter,
) -> Result<Cow<'k, [Key]>, Refusal> {
    if filter.among == Among::default() {
        return Ok(keys.into());
    }
    let shown = results.keys_by_health(&filter.among).await?;
    let shown: HashSet<&Key> = shown.iter().collect();
    let chosen = keys.iter().filter(|key| shown.contains(key)).cloned();
    Ok(chosen.collect())
}

/// One page of the clients with these keys, in the same order.
async fn page_of(
    results: &mut Results,
    keys: &[Key],
    filter: &Filter,
) -> Result<Arc<Vec<Client>>, Refusal> {
    let keys = filter.part(keys);
    let clients = results.clients_of(keys).await?;
    let mut clients = Vec::clone(&clients);
    clients.sort_by_key(|client| keys.iter().position(|key| *key == client.score.subject));
    Ok(Arc::new(clients))
}

/// Who can still be lost, by the run shown and config's definition; the data is queried once for each.
async fn among(web: &Web, results: &Results) -> Worked<Option<Vec<Key>>> {
    let Some(project) = results.files.project.clone() else {
        return Worked::Failed("the rules cannot be read right now".to_owned());
    };
    let churn = project.config.health.as_ref().map(|health| &health.churn);
    let rules = crate::run::fingerprint(&project).rules;
    let of = format!("{} {rules} {churn:?}", results.run.id);
    let at_risk = &web.desk().at_risk;
    if matches!(at_risk.state(&of), Worked::Not | Worked::Failed(_)) {
        let as_of = results.run.as_of;
        let web = web.clone();
        at_risk.begin(&of, |_| work(web, project, as_of));
    }
    at_risk.ended(&of, PATIENCE).await
}

async fn work(web: Web, project: Arc<Project>, as_of: i64) -> Result<Option<Vec<Key>>, String> {
    let config = project.config.clone();
    let clock = Clock {
        now: as_of,
        zone: config.timezone,
    };
    let question = move |data: &mut Data, watch: &dyn Watch| {
        who_can_be_lost(&project, |ir| {
            data.evaluate(ir, &clock, Keep::Outputs, watch)
        })
    };
    let asked = web.kept().ask(&config, None, question).await;
    let among = asked.map_err(|refusal| refusal.reason)?;
    let Some(among) = among.map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let store = Store::open_reader(config.results_path()).await;
    let Some(mut store) = store.map_err(|error| error.to_string())? else {
        return Ok(None);
    };
    let all = store.keys_by_health(&Among::default()).await;
    let mut keys = all.map_err(|error| error.to_string())?;
    keys.retain(|key| among.binary_search(key).is_ok());
    Ok(Some(keys))
}
