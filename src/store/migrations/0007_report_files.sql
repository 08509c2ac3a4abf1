-- Files of reports that were too large for their mail and lie beside config, in `reports/REPORT/NAME`:
-- what Muster wrote there, so that it clears up nothing else.

create table muster_report_files (
    report     text not null,
    name       text not null,
    -- BLAKE3 of the content, in hexadecimal: whoever changed a file since made it theirs.
    digest     text not null,
    written_at text not null,
    -- Somebody in it was forgotten: it goes with the next look, however new it is.
    forgotten  integer not null default 0,
    primary key (report, name)
) without rowid;
