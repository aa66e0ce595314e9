-- The journal: what happened, by stream, append-only. ADR 0002 says why it looks like this.
create table journal (
    stream_id   uuid        not null,
    version     bigint      not null,
    -- cache 1: positions of one transaction ascend with the order of its inserts
    position    bigint      not null generated always as identity (cache 1),
    txid        xid8        not null default pg_current_xact_id(),
    recorded_at timestamptz not null,
    kind        smallint    not null,
    prev_leaf   bytea       not null,
    salt        bytea       not null,
    leaf        bytea       not null,
    nullifier   bytea,
    payload     bytea       not null,
    -- Fences writers: two that hold the same old state can't both append.
    primary key (stream_id, version),
    constraint journal_version_from_one check (version > 0),
    constraint journal_kind_known check (kind in (1, 2)),
    -- An erased salt is empty.
    constraint journal_sizes check (
        octet_length(prev_leaf) = 32 and octet_length(salt) in (0, 32) and octet_length(leaf) = 32
        and (nullifier is null or octet_length(nullifier) = 32))
);

-- Ciphertext does not compress: don't try.
alter table journal alter column payload set storage external;

-- Lane readers follow the journal by (txid, position), never by position alone.
create index journal_in_order on journal (txid, position);

-- Changes are few among access lines, and activation reads only them. Access lines are dense: their pages come from the primary key.
create index journal_changes on journal (stream_id, version) where kind = 1;

-- Append-only is the database's rule too. Erasure empties salts, so that proofs of an erased stream can't be rebuilt.
create function journal_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.salt = '\x' then
        new.salt := old.salt;
        if new is not distinct from old then
            new.salt := '\x';
            return new;
        end if;
    end if;
    raise exception 'The journal is append-only: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger journal_rows_stay before update or delete on journal for each row execute function journal_refuse();
create trigger journal_stays before truncate on journal for each statement execute function journal_refuse();
