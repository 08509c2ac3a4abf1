-- How every active subject is doing, from 0 to 100, and why. `health` is null where nothing is known,
-- `reasons` where nothing costs points.

create table muster_health (
    subject_key not null primary key,
    health      real,
    reasons     text
) without rowid;

-- Digest of `muster_health` as this run left it, so that unchanged scores need not be read.
alter table muster_runs add column health_hash text;
-- Why the scores are those of an earlier run; null where they are of this one.
alter table muster_runs add column health_stale text;
