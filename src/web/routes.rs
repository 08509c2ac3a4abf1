//! Every address of the page, with the role that it requires. The types allow no route without a role.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on};

use super::refusal::Refusal;
use super::who::{Admits, Role, admit, check_host};
use super::{
    Web, client, clients, edit, export, frame, health, list, mail, runs, segment, segments,
};

/// An address, its handler, and who may reach it.
pub(super) struct Route {
    pub(super) path: &'static str,
    pub(super) admits: Admits,
    handler: MethodRouter<Web>,
}

fn see<H, T>(path: &'static str, role: Role, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    Route {
        path,
        admits: Admits::looking(role),
        handler: on(MethodFilter::GET, handler),
    }
}

/// A route that a script polls without the user doing anything; it does not keep a session alive.
fn watch<H, T>(path: &'static str, role: Role, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    let mut route = see(path, role, handler);
    route.admits.by_hand = false;
    route
}

/// A route whose work is completed even if the browser disconnects.
fn act<H, T>(path: &'static str, role: Role, handler: H) -> Route
where
    H: Handler<T, Web>,
    T: 'static,
{
    Route {
        path,
        admits: Admits::acting(role),
        handler: on(MethodFilter::POST, handler).layer(from_fn(to_its_end)),
    }
}

/// Runs a handler as a separate task: otherwise it would be dropped together with its connection.
async fn to_its_end(request: Request, next: Next) -> Response {
    let done = tokio::spawn(next.run(request)).await;
    done.unwrap_or_else(|error| Refusal::broken(error.to_string()).into_response())
}

/// The routing table. The routes that [`router`] adds before it are open to visitors who have not signed in, and name
/// nobody.
fn routes() -> Vec<Route> {
    vec![
        see("/", Role::Counts, segments::page),
        see("/create", Role::Edit, edit::blank),
        act("/create", Role::Edit, edit::create),
        see("/segments/{id}/edit", Role::Edit, edit::filled),
        act("/segments/{id}/edit", Role::Edit, edit::change),
        see("/saved/{token}", Role::Edit, edit::saved),
        act("/saved/{token}/back", Role::Edit, edit::take_back),
        see("/names", Role::Edit, edit::reference),
        see("/names/all", Role::Edit, edit::names),
        see("/names/texts", Role::Edit, edit::texts),
        see("/segments/{id}", Role::Counts, segment::page),
        see("/segments/{id}/edits", Role::Counts, segment::edits),
        see("/segments/{id}/overlap", Role::Counts, segment::overlap),
        see("/segments/{id}/export", Role::View, export::segment),
        see("/clients", Role::View, clients::page),
        act("/clients", Role::View, clients::search),
        see("/clients/export", Role::View, export::clients),
        act("/clients/export", Role::View, export::found),
        see("/clients/{id}", Role::View, client::page),
        see("/clients/{id}/why", Role::View, client::why),
        see("/clients/{id}/forget", Role::Operate, client::ask),
        act("/clients/{id}/forget", Role::Operate, client::forget),
        see("/lists/{name}", Role::View, list::page),
        act("/lists/{name}", Role::Edit, list::change),
        see("/health", Role::Counts, health::page),
        act("/health/proof", Role::Counts, health::ask),
        see("/health/proof.svg", Role::Counts, health::picture),
        see("/runs", Role::View, runs::page),
        act("/runs/now", Role::Operate, runs::run),
        act("/runs/try", Role::Operate, runs::try_run),
        act("/runs/accept", Role::Operate, runs::accept),
        see("/mail", Role::View, mail::page),
        act("/mail/decide", Role::Operate, mail::decide),
        see("/mail/sent/{id}", Role::View, mail::sent),
        see("/mail/{id}", Role::View, mail::report),
        see("/mail/{id}/next", Role::View, mail::next),
        watch("/newer", Role::Counts, frame::newer),
        act("/leave", Role::Counts, frame::leave),
    ]
}

/// The page.
pub fn router(web: Web) -> Router {
    let mut router = Router::new()
        .route("/enter", get(frame::door).post(frame::sign_in))
        .route("/enter/{token}", get(frame::enter))
        .route("/style.css", get(frame::style))
        .route("/script.js", get(frame::script))
        .route("/edit.js", get(frame::edit_script));
    for route in routes() {
        let admitted = from_fn_with_state((web.clone(), route.admits), admit);
        router = router.route(route.path, route.handler.route_layer(admitted));
    }
    router
        .fallback(frame::nothing)
        .method_not_allowed_fallback(frame::other_method)
        .layer(from_fn_with_state(web.clone(), check_host))
        .layer(from_fn_with_state(web.clone(), frame::around))
        .with_state(web)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNTS: &[&str] = &[
        "GET /",
        "GET /health",
        "GET /health/proof.svg",
        "GET /newer",
        "GET /segments/{id}",
        "GET /segments/{id}/edits",
        "GET /segments/{id}/overlap",
        "POST /health/proof",
        "POST /leave",
    ];
    const VIEW: &[&str] = &[
        "GET /clients",
        "GET /clients/export",
        "GET /clients/{id}",
        "GET /clients/{id}/why",
        "GET /lists/{name}",
        "GET /mail",
        "GET /mail/sent/{id}",
        "GET /mail/{id}",
        "GET /mail/{id}/next",
        "GET /runs",
        "GET /segments/{id}/export",
        "POST /clients",
        "POST /clients/export",
    ];
    const EDIT: &[&str] = &[
        "GET /create",
        "GET /names",
        "GET /names/all",
        "GET /names/texts",
        "GET /saved/{token}",
        "GET /segments/{id}/edit",
        "POST /create",
        "POST /lists/{name}",
        "POST /saved/{token}/back",
        "POST /segments/{id}/edit",
    ];
    const OPERATE: &[&str] = &[
        "GET /clients/{id}/forget",
        "POST /clients/{id}/forget",
        "POST /mail/decide",
        "POST /runs/accept",
        "POST /runs/now",
        "POST /runs/try",
    ];

    /// Whoever adds an address must also state here whom it is for.
    #[test]
    fn every_address_has_its_role() {
        let listed = |wanted: Role| {
            let routes = routes();
            let lines = routes
                .iter()
                .map(|route| format!("{} {}", route.admits, route.path));
            let role = format!("{wanted} ");
            let listed = lines.filter_map(|line| Some(line.strip_prefix(&role)?.to_owned()));
            let mut listed: Vec<String> = listed.collect();
            listed.sort();
            listed.join("\n")
        };
        for role in Role::ALL {
            let expected = match role {
                Role::Counts => COUNTS,
                Role::View => VIEW,
                Role::Edit => EDIT,
                Role::Operate => OPERATE,
            };
            assert_eq!(listed(role), expected.join("\n"), "{role}");
        }
    }
}
