-- What the numbers of a run are: the currency that its amounts are in, and a JSON object with the digest of each
-- value's definition by its id. Null in what was written before this was known.

alter table muster_runs add column currency text;
alter table muster_runs add column value_rules text;
