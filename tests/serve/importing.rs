//! Files that a run makes the database of: meanwhile everything else goes on.

use crate::studio::{NIGHTLY, Studio, page};
use crate::support::scratch::names;

/// A studio whose clients and visits are files.
fn studio() -> Studio {
    let studio = Studio::new("");
    studio.write("files/clients.csv", "id,name\n1,Ann\n2,Bo\n");
    studio.write(
        "files/visits.csv",
        "id,client_id,attended_at\n1,1,2025-05-31 10:00:00\n",
    );
    let config = studio.read("config.yaml").replace(
        "database: sqlite:studio.db",
        "database: sqlite:files.db\nresults: sqlite:studio.db\nimport: { folder: files }",
    );
    let serve = "serve: { listen: '127.0.0.1:0', stop_within: 1 second }";
    studio.replace("config.yaml", &format!("{config}{serve}\n{NIGHTLY}\n"));
    studio
}

fn is_importing(studio: &Studio) -> bool {
    let names = names(studio.folder());
    names.iter().any(|name| name.starts_with(".muster-"))
}

#[test]
fn an_import_in_hand_keeps_nobody_waiting_and_is_taken_back() {
    let studio = studio();
    let served = studio.serve();
    let port = served.port();
    studio.wait_until_known(1);
    let before = std::fs::read(studio.path("files.db")).unwrap();
    let rows = (1..2_000_000).map(|row| format!("{row},1,2025-05-31 10:00:00\n"));
    let rows: String = rows.collect();
    studio.write(
        "files/visits.csv",
        format!("id,client_id,attended_at\n{rows}"),
    );
    studio.put_clock("2025-06-02T04:00:00Z");
    studio.wait("an import", || is_importing(&studio));
    assert!(page(port, "/metrics").contains("muster_files_good 1"));
    assert!(is_importing(&studio), "it was over before it was looked at");
    let log = served.stop();
    assert!(log.contains("taken back"), "{log}");
    assert!(!is_importing(&studio), "{log}");
    assert_eq!(std::fs::read(studio.path("files.db")).unwrap(), before);
    assert_eq!(studio.dues(), ["nightly 2025-06-02T04:00:00Z claimed"]);
}
