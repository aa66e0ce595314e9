-- Access lines that are no longer new: many, seldom read, never changed. They stand by time, apart from what the journal's writers and activations touch. ADR 0019 says how they come here.
create table access_line (
    stream_id   uuid        not null,
    version     bigint      not null,
    position    bigint      not null,
    txid        xid8        not null,
    recorded_at timestamptz not null,
    prev_leaf   bytea       not null,
    salt        bytea       not null,
    leaf        bytea       not null,
    payload     bytea       not null,
    -- It has to hold what the table is partitioned by, so it fences nobody: writers are fenced in the journal, where each stream's newest row stays.
    primary key (stream_id, version, recorded_at),
    constraint access_line_sizes check (octet_length(prev_leaf) = 32 and octet_length(salt) in (0, 32) and octet_length(leaf) = 32)
) partition by range (recorded_at);

alter table access_line alter column payload set storage external;

-- Batches of the ledger are rebuilt from all rows, wherever they stand.
create index access_line_in_order on access_line (txid, position);

-- Append-only in both tables. What the journal lets go is an access line that stands in access_line as it stood here, and is not its stream's newest row.
create or replace function journal_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.salt = '\x' then
        new.salt := old.salt;
        if new is not distinct from old then
            new.salt := '\x';
            return new;
        end if;
    end if;
    if tg_op = 'DELETE' and tg_table_name = 'journal' then
        if old.kind = 2
            and exists (
                select from access_line line
                where line.stream_id = old.stream_id and line.version = old.version and line.recorded_at = old.recorded_at
                    and (line.position, line.txid, line.prev_leaf, line.salt, line.leaf, line.payload)
                        = (old.position, old.txid, old.prev_leaf, old.salt, old.leaf, old.payload))
            and exists (select from journal newer where newer.stream_id = old.stream_id and newer.version > old.version) then
            return old;
        end if;
    end if;
    raise exception 'The journal is append-only: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger access_line_rows_stay before update or delete on access_line for each row execute function journal_refuse();
create trigger access_line_stays before truncate on access_line for each statement execute function journal_refuse();

-- The partition of a quarter, made when its first line comes. Attached and not made in place: that waits for no reader and keeps none waiting.
create function access_line_partition(moment timestamptz) returns void language plpgsql as $$
declare
    first_day timestamp := date_trunc('quarter', moment at time zone 'UTC');
    quarter text := to_char(first_day, '"access_line_"YYYY"q"Q');
begin
    if to_regclass(quarter) is not null then
        return;
    end if;
    execute format('create table %I (like access_line including all)', quarter);
    execute format('create trigger access_line_stays before truncate on %I for each statement execute function journal_refuse()', quarter);
    execute format('alter table access_line attach partition %I for values from (%L) to (%L)',
        quarter, first_day at time zone 'UTC', (first_day + interval '3 months') at time zone 'UTC');
end $$;

-- The whole journal, for whoever needs access lines: each row once, since a line moves in one transaction.
create view journal_whole as
    select stream_id, version, txid, position, kind, recorded_at, prev_leaf, salt, leaf, payload, nullifier from journal
    union all
    select stream_id, version, txid, position, 2::smallint, recorded_at, prev_leaf, salt, leaf, payload, null::bytea from access_line;

-- How far the journal was gone through.
create table access_line_cursor (
    only_one boolean not null primary key default true check (only_one),
    txid     xid8    not null,
    position bigint  not null
);

insert into access_line_cursor (txid, position) values ('0', 0);

-- Goes through the journal's next rows in its order, as long as they are old, and moves their access lines. One caller at a time; another's call does nothing. Answers how many rows it went through.
create function settle_access_lines(before timestamptz, take integer) returns integer language plpgsql set enable_seqscan = off as $$
declare
    done access_line_cursor;
    streams uuid[];
    versions bigint[];
    txids xid8[];
    positions bigint[];
    times timestamptz[];
begin
    -- An append takes seconds. Whoever is in the middle of one knows a head that is still here.
    if before > clock_timestamp() - interval '1 day' then
        raise exception 'Access lines settle after a day at the earliest: % is later.', before using errcode = 'invalid_parameter_value';
    end if;
    select * into done from access_line_cursor for update skip locked;
    if not found then
        return 0;
    end if;
    select array_agg(stream_id order by txid, position), array_agg(version order by txid, position), array_agg(txid order by txid, position),
        array_agg(position order by txid, position), array_agg(recorded_at) filter (where kind = 2)
    into streams, versions, txids, positions, times
    from (
        select next.*, bool_and(recorded_at < before) over (order by txid, position) as is_old
        from (
            select stream_id, version, txid, position, kind, recorded_at from journal
            where (txid, position) > (done.txid, done.position) and txid < pg_snapshot_xmin(pg_current_snapshot())
            order by txid, position limit take) next) gone_through
    where is_old;
    if streams is null then
        return 0;
    end if;
    update access_line_cursor set txid = txids[cardinality(txids)], position = positions[cardinality(positions)];
    perform access_line_partition(quarter) from (select distinct date_trunc('quarter', moment, 'UTC') as quarter from unnest(times) as moment) quarters;
    with kept as (
        insert into access_line (stream_id, version, position, txid, recorded_at, prev_leaf, salt, leaf, payload)
        select line.stream_id, line.version, line.position, line.txid, line.recorded_at, line.prev_leaf, line.salt, line.leaf, line.payload
        from unnest(streams, versions) as gone_through (stream_id, version)
        join journal line on line.stream_id = gone_through.stream_id and line.version = gone_through.version
        where line.kind = 2 and exists (select from journal newer where newer.stream_id = line.stream_id and newer.version > line.version)
        order by line.stream_id, line.version
        for update of line
        returning stream_id, version
    )
    select array_agg(stream_id), array_agg(version) into streams, versions from kept;
    delete from journal using unnest(streams, versions) as kept (stream_id, version)
    where journal.stream_id = kept.stream_id and journal.version = kept.version;
    return cardinality(txids);
end $$;
