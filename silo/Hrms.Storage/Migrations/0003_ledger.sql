-- The lease of each lane: a writer that was overtaken fails at its next write, because its epoch is old.
create table lane (
    lane     integer     not null primary key,
    epoch    bigint      not null,
    holder   text        not null,
    taken_at timestamptz not null default now()
);

-- A lane's commits. Everything but the receipt is there before the first send and never changes; the receipt is set once.
create table ledger_batch (
    lane               integer     not null,
    number             bigint      not null,
    root               bytea       not null,
    after_txid         xid8        not null,
    after_position     bigint      not null,
    through_txid       xid8        not null,
    through_position   bigint      not null,
    leaf_count         integer     not null,
    padding            bytea       not null,
    nullifiers         bytea       not null,
    nonce              numeric(20) not null,
    transaction_hash   bytea       not null,
    signed_transaction bytea       not null,
    signed_at          timestamptz not null,
    block_number       bigint,
    block_hash         bytea,
    block_time         timestamptz,
    primary key (lane, number),
    -- Two transactions of one key with one nonce: only one could ever be mined.
    unique (lane, nonce),
    unique (transaction_hash),
    constraint ledger_batch_number_from_one check (number > 0),
    constraint ledger_batch_root_size check (octet_length(root) = 32),
    constraint ledger_batch_receipt_whole check (num_nulls(block_number, block_hash, block_time) in (0, 3))
);

-- From a row of the journal to the batch that covers it.
create unique index ledger_batch_by_range on ledger_batch (lane, through_txid, through_position);
create index ledger_batch_open on ledger_batch (lane, number) where block_number is null;

create function ledger_batch_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.block_number is null then
        old.block_number := new.block_number;
        old.block_hash := new.block_hash;
        old.block_time := new.block_time;
        if new is not distinct from old then
            return new;
        end if;
    end if;
    raise exception 'A ledger batch never changes, and its receipt is set once: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger ledger_batch_stays before update or delete on ledger_batch for each row execute function ledger_batch_refuse();

-- The one chain and contract this database writes to.
create table ledger_deployment (
    only_one            boolean     not null primary key default true check (only_one),
    chain_id            numeric(20) not null,
    genesis_hash        bytea       not null,
    contract_address    bytea       not null,
    code_hash           bytea       not null,
    signed_transactions bytea[]
);
