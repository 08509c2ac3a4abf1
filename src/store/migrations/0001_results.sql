-- What a run leaves behind. People join these tables in their own tools: names are a contract.
-- `subject_key` has no declared type, so that integer keys stay integers and text stays text.
-- Instants are RFC 3339 text in UTC.

create table muster_runs (
    id          integer primary key,
    as_of       text not null,
    started_at  text not null,
    finished_at text,
    status      text not null check (status in ('published', 'partial', 'backfilled', 'failed')),
    "trigger"   text not null,
    rules_hash  text not null,
    subjects    integer not null,
    message     text,
    -- Digest of `muster_scores` as this run left it, so that an unchanged list need not be read.
    list_hash   text
);

create table muster_segments (
    id           text not null primary key,
    name         text not null,
    bucket       text,
    importance   integer,
    weight       real not null,
    status       text not null check (status in ('ok', 'stale')),
    reason       text,
    -- Hash of the definition that the members were found by; empty where there never were any.
    definition   text not null,
    -- Order of the rule files.
    position     integer not null,
    size         integer not null,
    -- Digest of the members' keys, so that unchanged members need not be read.
    members_hash text not null
);

create table muster_memberships (
    segment_id  text not null,
    subject_key not null,
    entered_at  text not null,
    run_id      integer not null,
    primary key (segment_id, subject_key)
) without rowid;

create table muster_movements (
    run_id      integer not null,
    at          text not null,
    segment_id  text not null,
    subject_key not null,
    direction   text not null check (direction in ('entered', 'left')),
    cause       text not null,
    primary key (run_id, segment_id, subject_key)
) without rowid;

create table muster_scores (
    subject_key not null primary key,
    label       text not null,
    score       real not null,
    rank        integer not null
) without rowid;

create table muster_metrics (
    run_id     integer not null,
    segment_id text not null,
    metric     text not null,
    value      real,
    primary key (run_id, segment_id, metric)
) without rowid;

-- What the last published run read: a column of these that is gone was no slip of the pen.
create table muster_columns (
    table_name  text not null,
    column_name text not null,
    primary key (table_name, column_name)
) without rowid;
