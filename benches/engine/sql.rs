//! The fourteen segments as a careful person writes them by hand, one query each.

/// The indexes that such a person would make.
pub const INDEXES: &str = "
    CREATE INDEX by_client_visits ON visits (client_id, attended_at);
    CREATE INDEX by_client_packages ON packages (client_id, purchased_at);
    CREATE INDEX by_client_payments ON payments (client_id, paid_at);
    CREATE INDEX by_client_reservations ON reservations (client_id, reserved_at);
";

/// The instants that queries name, as the tables hold them: local times.
const INSTANTS: [(&str, &str); 4] = [
    (":now", "2025-06-15T12:00:00"),
    (":d30", "2025-05-16T12:00:00"),
    (":d60", "2025-04-16T12:00:00"),
    (":m2", "2025-04-15T12:00:00"),
];

/// A query with its instants put in.
pub fn at_now(query: &str) -> String {
    let with = |query: String, (name, at): &(&str, &str)| query.replace(name, &format!("'{at}'"));
    INSTANTS.iter().fold(query.to_owned(), with)
}

/// The same for DuckDB, whose times are timestamps.
pub fn in_duckdb(query: &str) -> String {
    let query = query
        .replace("substr(:now, 6, 5)", "'06-15'")
        .replace("julianday(", "epoch(");
    let with = |query: String, (name, at): &(&str, &str)| {
        query.replace(name, &format!("TIMESTAMP '{at}'"))
    };
    INSTANTS.iter().fold(query, with)
}

/// The same for PostgreSQL, which adds up no booleans.
pub fn in_postgres(query: &str) -> String {
    in_duckdb(query)
        .replace("epoch(", "extract(epoch from ")
        .replace("sum(attended_at", "count(*) FILTER (WHERE attended_at")
        .replace("max(is_intro)", "bool_or(is_intro)")
}

/// The same for Spark, where the tables' times are those of no zone.
pub fn in_spark(query: &str) -> String {
    in_postgres(query)
        .replace("extract(epoch from ", "unix_timestamp(")
        .replace("TIMESTAMP '", "TIMESTAMP_NTZ '")
}

/// The `n`th draft of `rules`, for DuckDB.
pub fn draft_in_duckdb(n: u32) -> String {
    let days = 200 + 20 * n;
    in_duckdb(&format!(
        "SELECT client_id FROM visits WHERE attended_at < :now GROUP BY client_id
         HAVING sum(attended_at >= :now - INTERVAL {days} DAY) >= {n}
           AND max(attended_at) < :now - INTERVAL {n} DAY"
    ))
}

/// Each segment's id and its query.
pub const QUERIES: [(&str, &str); 14] = [
    (
        "expiring_packages",
        "WITH last AS (SELECT *, row_number() OVER (PARTITION BY client_id ORDER BY purchased_at DESC, id DESC) AS n
                       FROM packages WHERE purchased_at < :now)
         SELECT client_id FROM last WHERE n = 1 AND (used_count >= 0.75 * total_count
           OR julianday(:now) - julianday(purchased_at) > 0.75 * (julianday(expires_at) - julianday(purchased_at)))",
    ),
    (
        "decreasing_frequency",
        "SELECT client_id FROM visits WHERE attended_at < :now GROUP BY client_id
         HAVING min(attended_at) < :d60
           AND sum(attended_at >= :d30) < 0.5 * sum(attended_at >= :d60 AND attended_at < :d30)",
    ),
    (
        "lead",
        "SELECT id FROM clients WHERE signed_up_at <= :now
           AND id NOT IN (SELECT client_id FROM visits WHERE attended_at < :now)",
    ),
    (
        "intro_offer_expiring",
        "WITH last AS (SELECT *, row_number() OVER (PARTITION BY client_id ORDER BY purchased_at DESC, id DESC) AS n
                       FROM packages WHERE purchased_at < :now)
         SELECT client_id FROM last WHERE n = 1 AND is_intro AND (used_count >= 0.75 * total_count
           OR julianday(:now) - julianday(purchased_at) > 0.75 * (julianday(expires_at) - julianday(purchased_at)))",
    ),
    (
        "new_client",
        "SELECT client_id FROM visits WHERE attended_at < :now GROUP BY client_id HAVING count(*) = 1",
    ),
    (
        "intro_offer_new_visited_once",
        "WITH once AS (SELECT client_id, max(is_intro) AS is_intro FROM visits WHERE attended_at < :now
                       GROUP BY client_id HAVING count(*) = 1),
              last AS (SELECT *, row_number() OVER (PARTITION BY client_id ORDER BY purchased_at DESC, id DESC) AS n
                       FROM packages WHERE purchased_at < :now)
         SELECT client_id FROM once WHERE is_intro
           AND client_id NOT IN (SELECT client_id FROM last WHERE n = 1 AND NOT is_intro)",
    ),
    (
        "birthday",
        "SELECT id FROM clients WHERE substr(birthday, 6, 5) = substr(:now, 6, 5)",
    ),
    (
        "low_utilization",
        "WITH v AS (SELECT client_id, min(attended_at) AS first, sum(attended_at >= :m2) AS m2,
                      sum(attended_at >= :d30) AS d30, sum(attended_at >= :d60 AND attended_at < :d30) AS prev
                    FROM visits WHERE attended_at < :now GROUP BY client_id),
              s AS (SELECT studio_id, avg(m2) AS usual FROM v JOIN clients c ON c.id = v.client_id GROUP BY studio_id)
         SELECT client_id FROM v JOIN clients c ON c.id = v.client_id JOIN s ON s.studio_id = c.studio_id
         WHERE first < :d60 AND m2 < 0.5 * usual AND NOT d30 >= prev + 1",
    ),
    (
        "increasing_frequency",
        "SELECT client_id FROM visits WHERE attended_at < :now GROUP BY client_id
         HAVING min(attended_at) < :d60
           AND sum(attended_at >= :d30) >= sum(attended_at >= :d60 AND attended_at < :d30) + 1",
    ),
    (
        "high_utilization",
        "WITH v AS (SELECT client_id, min(attended_at) AS first, sum(attended_at >= :d60) AS d60,
                      sum(attended_at >= :d30) AS d30, sum(attended_at >= :d60 AND attended_at < :d30) AS prev
                    FROM visits WHERE attended_at < :now GROUP BY client_id),
              s AS (SELECT studio_id, avg(d60) AS usual FROM v JOIN clients c ON c.id = v.client_id GROUP BY studio_id)
         SELECT client_id FROM v JOIN clients c ON c.id = v.client_id JOIN s ON s.studio_id = c.studio_id
         WHERE first < :d60 AND d60 >= 1.2 * usual AND NOT d30 < 0.5 * prev",
    ),
    (
        "high_attend",
        "WITH v AS (SELECT client_id, count(*) AS x FROM visits WHERE attended_at >= :d60 AND attended_at < :now
                    GROUP BY client_id),
              r AS (SELECT c.id, coalesce(x, 0) AS x,
                      rank() OVER (PARTITION BY network_id ORDER BY coalesce(x, 0) DESC) - 1 AS ahead,
                      count(*) OVER (PARTITION BY network_id) AS n
                    FROM clients c JOIN studios s ON s.id = c.studio_id LEFT JOIN v ON v.client_id = c.id)
         SELECT id FROM r WHERE x > 0 AND ahead * 100 < 20 * n",
    ),
    (
        "high_spend",
        "WITH v AS (SELECT client_id, round(sum(amount), 2) AS x FROM payments WHERE paid_at >= :d60 AND paid_at < :now
                    GROUP BY client_id),
              r AS (SELECT c.id, coalesce(x, 0) AS x,
                      rank() OVER (PARTITION BY network_id ORDER BY coalesce(x, 0) DESC) - 1 AS ahead,
                      count(*) OVER (PARTITION BY network_id) AS n
                    FROM clients c JOIN studios s ON s.id = c.studio_id LEFT JOIN v ON v.client_id = c.id)
         SELECT id FROM r WHERE x > 0 AND ahead * 100 < 20 * n",
    ),
    (
        "classpass_high_frequency",
        "SELECT client_id FROM reservations WHERE reserved_at >= :d30 AND reserved_at < :now AND source = 'ClassPass'
         GROUP BY client_id HAVING count(*) > 3",
    ),
    (
        "classpass_general",
        "SELECT client_id FROM reservations WHERE reserved_at >= :d30 AND reserved_at < :now AND source = 'ClassPass'
         GROUP BY client_id HAVING count(*) >= 1",
    ),
];
