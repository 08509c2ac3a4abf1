-- What a run was made by: its rule files, the settings of config that decide results and the entries of its lists,
-- each text once, whatever the number of runs. Of a variable that config names, the digest of its value. Null in runs that were written before this was known.

create table muster_texts (
    digest text primary key,
    text   text not null
) without rowid;

create table muster_sources (
    id     text not null,
    kind   text not null check (kind in ('config', 'rules', 'environment', 'list')),
    path   text not null,
    digest text not null,
    primary key (id, path)
) without rowid;

alter table muster_runs add column sources text;
