-- A run can be held: it would have moved so many that somebody has to accept it first. SQLite cannot change a check
-- of a table, so the table is made anew. `data_summary` is what a run read, as a JSON object: how many rows of each
-- table, and what was wrong with how many. Null in what was written before this was known.

create table muster_aside as select * from muster_runs;
drop table muster_runs;

create table muster_runs (
    id          integer primary key,
    as_of       text not null,
    started_at  text not null,
    finished_at text,
    status      text not null check (status in ('published', 'partial', 'backfilled', 'held', 'failed')),
    "trigger"   text not null,
    rules_hash  text not null,
    subjects    integer not null,
    message     text,
    list_hash   text,
    health_hash text,
    health_stale text,
    health_rules text,
    fingerprint_version integer,
    currency    text,
    value_rules text,
    data_summary text
);

insert into muster_runs (id, as_of, started_at, finished_at, status, "trigger", rules_hash, subjects, message,
    list_hash, health_hash, health_stale, health_rules, fingerprint_version, currency, value_rules)
select id, as_of, started_at, finished_at, status, "trigger", rules_hash, subjects, message,
    list_hash, health_hash, health_stale, health_rules, fingerprint_version, currency, value_rules
from muster_aside;
drop table muster_aside;
