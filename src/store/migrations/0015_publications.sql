-- What this file has published, or may have: each publication has a token of its own, which the server has beside it. A server whose
-- token is not among these was written by somebody else, or by another copy of this file.

create table muster_publications (
    id    integer primary key,
    token text not null unique
);
