-- When Muster runs by itself: which due times there were, what became of them, and who is at work.

-- Since when a schedule is known as it is: what was due before is not owed.
create table muster_schedules (
    id          text not null primary key,
    -- Cron text and zone.
    definition  text not null,
    known_since text not null
);

-- One row per due time that anything became of; `due` is the instant in UTC.
create table muster_due (
    schedule        text not null,
    due             text not null,
    state           text not null check (state in ('claimed', 'done', 'failed', 'skipped', 'missed')),
    -- Tries that failed, and tries whose process died.
    attempts        integer not null default 0,
    deaths          integer not null default 0,
    -- The lease under which it is being tried; none while it waits.
    owner           text,
    -- The run that was published for it, or that stood in for it.
    run_id          integer,
    reason          text,
    claimed_at      text,
    finished_at     text,
    next_attempt_at text,
    primary key (schedule, due)
) without rowid;

create index muster_due_claimed on muster_due (due) where state = 'claimed';

-- Who is at work: one row while somebody is.
create table muster_lease (
    id            integer primary key check (id = 1),
    -- Drawn anew each time the lease is taken: what is published under it is fenced by it.
    owner         text not null,
    host          text not null,
    -- Where the process number means something: one boot of one machine, one space of processes.
    machine       text not null,
    pid           integer not null,
    -- When the process began, in the machine's own ticks, so that a number used again is told apart.
    process_start integer not null,
    work          text not null,
    taken_at      text not null,
    -- Goes up while the owner lives; others watch it by a clock of their own.
    beats         integer not null,
    beat_at       text not null
);
