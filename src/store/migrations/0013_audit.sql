-- Who did what on the page, and when: exports, changes of rules and lists, runs, mail, who was forgotten. Never whom it was
-- about.
create table muster_audit (
    id   integer primary key,
    at   text not null,
    who  text not null,
    what text not null,
    of   text
);
