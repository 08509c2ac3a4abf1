-- The outbox: every mail there is, and what became of it. One row per report, period and recipient.
-- `period` is the due instant that the mail is for, in UTC.

create table muster_deliveries (
    id              integer primary key,
    report          text not null,
    kind            text not null check (kind in ('report', 'test', 'notice')),
    period          text not null,
    recipient       text not null,
    -- The run that the mail tells of, and the one that it is compared with; none for a first report.
    run_id          integer,
    baseline_run_id integer,
    message_id      text not null,
    -- The whole message as it goes out, frozen; gone some days after its end.
    message         blob,
    status          text not null check (status in
        ('pending', 'held', 'sending', 'accepted', 'refused', 'unknown', 'expired', 'superseded', 'cancelled')),
    -- Why it is held, refused, unknown or cancelled: words for the owner.
    reason          text,
    created_at      text not null,
    -- Since when it may go out: when it was made or, where it was held, released. It expires from here.
    queued_at       text not null,
    attempts        integer not null default 0,
    last_attempt_at text,
    next_attempt_at text,
    finished_at     text,
    -- The server's last words.
    response        text,
    -- How often it went out again after nobody knew whether it had arrived.
    resent          integer not null default 0,
    -- When the owner was told that it did not arrive, and that a later one did.
    told_at         text,
    settled_at      text,
    unique (report, period, recipient)
);

create index muster_deliveries_open on muster_deliveries (status, next_attempt_at)
    where status in ('pending', 'held', 'sending', 'unknown');

-- Servers that do not accept our login: asking too often locks an account.
create table muster_mail_logins (
    server     text not null primary key,
    refused_at text not null,
    response   text not null
) without rowid;
