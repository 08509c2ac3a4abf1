-- Of how many members an average is: those who have what is averaged. Null where a value is no average, and in
-- what was written before this was known.

alter table muster_metrics add column counted integer;
alter table muster_report_values add column counted integer;
