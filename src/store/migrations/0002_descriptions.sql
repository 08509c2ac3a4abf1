-- What the segments page shows of a segment beside its name.

alter table muster_segments add column sign text;
alter table muster_segments add column description text;
