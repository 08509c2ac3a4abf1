-- What rows were made by, part by part. `fingerprint_version` numbers the spelling that the digests are
-- made from: null where Muster wrote the row before there was one, so that its digests tell nothing today.
-- `definition` is the digest of the segment's rule, `ground` that of what every segment stands on.

alter table muster_segments add column ground text;
alter table muster_segments add column fingerprint_version integer;

-- `rules_hash` is the digest of everything that decides what a run writes, `health_rules` that of the
-- health score alone.
alter table muster_runs add column health_rules text;
alter table muster_runs add column fingerprint_version integer;
