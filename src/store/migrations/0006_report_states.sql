-- What a mailed report told, so that the next one can tell what changed since: of the runs whose mail
-- was accepted last or is still on its way.

create table muster_report_states (
    report text not null,
    run_id integer not null,
    -- Its `where:` as it was then; empty where it was about everyone.
    about  text not null,
    primary key (report, run_id)
) without rowid;

create table muster_report_values (
    report     text not null,
    run_id     integer not null,
    segment_id text not null,
    -- `size`, or the id of another value of config.
    metric     text not null,
    value      real,
    primary key (report, run_id, segment_id, metric)
) without rowid;

-- Who of the report's segments satisfied its `where:`; nothing for reports without one.
create table muster_report_subjects (
    report      text not null,
    run_id      integer not null,
    subject_key not null,
    primary key (report, run_id, subject_key)
) without rowid;
