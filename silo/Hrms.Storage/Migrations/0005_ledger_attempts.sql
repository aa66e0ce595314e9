-- The chains this database was anchored in, one after the other. A new epoch begins on an operator's word only.
alter table ledger_deployment
    drop constraint ledger_deployment_pkey,
    drop column only_one,
    add column epoch integer not null default 1 constraint ledger_deployment_epoch_from_one check (epoch > 0),
    add primary key (epoch);

alter table ledger_batch
    add column chain_epoch integer not null default 1,
    drop constraint ledger_batch_lane_nonce_key,
    add constraint ledger_batch_nonce_once unique (lane, chain_epoch, nonce);

-- More transactions of a batch: its nonce was used by another, it was reverted, or a new chain took the place of the old. Everything but the receipt is
-- there before the first send and never changes; the receipt is set once.
create table ledger_attempt (
    lane               integer     not null,
    number             bigint      not null,
    attempt            integer     not null,
    chain_epoch        integer     not null references ledger_deployment (epoch),
    reason             text        not null,
    nonce              numeric(20) not null,
    transaction_hash   bytea       not null,
    signed_transaction bytea       not null,
    signed_at          timestamptz not null,
    block_number       bigint,
    block_hash         bytea,
    block_time         timestamptz,
    primary key (lane, number, attempt),
    foreign key (lane, number) references ledger_batch (lane, number),
    unique (lane, chain_epoch, nonce),
    constraint ledger_attempt_after_the_first check (attempt > 1),
    constraint ledger_attempt_receipt_whole check (num_nulls(block_number, block_hash, block_time) in (0, 3))
);

create index ledger_attempt_open on ledger_attempt (lane, number) where block_number is null;

create trigger ledger_attempt_stays before update or delete on ledger_attempt for each row execute function ledger_batch_refuse();

create view ledger_transaction as
    select lane, number, 1 as attempt, chain_epoch, nonce, transaction_hash, signed_transaction, signed_at, block_number, block_hash, block_time
    from ledger_batch
    union all
    select lane, number, attempt, chain_epoch, nonce, transaction_hash, signed_transaction, signed_at, block_number, block_hash, block_time
    from ledger_attempt;

-- Each batch with the attempt that counts: on the newest chain, the one with a receipt, else the newest.
create view ledger_batch_now as
    select b.lane, b.number, b.root, b.after_txid, b.after_position, b.through_txid, b.through_position, b.leaf_count, b.padding, b.nullifiers,
        t.nonce, t.transaction_hash, t.signed_transaction, t.signed_at, t.block_number, t.block_hash, t.block_time, t.chain_epoch, t.attempt
    from ledger_batch b cross join lateral (
        select * from ledger_transaction where lane = b.lane and number = b.number
        order by chain_epoch desc, block_number is null, attempt desc limit 1) t;

-- What operators told a lane to do, for good.
alter table lane add column paused_because text;

create table ledger_operation (
    command_id uuid        not null primary key,
    lane       integer     not null,
    at         timestamptz not null,
    actor      text        not null,
    what       text        not null,
    reason     text        not null
);

create index ledger_operation_by_lane on ledger_operation (lane, at);

create function ledger_operation_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'What an operator did stays as it was: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger ledger_operation_stays before update or delete on ledger_operation for each row execute function ledger_operation_refuse();
