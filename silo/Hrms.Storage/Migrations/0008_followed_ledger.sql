-- What this member read of the shared ledger: batches and nullifiers of all members' lanes. A chain has rows of its own, named by the first epoch on it. The key is
-- what the contract itself keeps once, so that an event which is read again is found and compared, whatever place of the chain it is read at.
create table followed_batch (
    since             integer not null,
    lane              bigint  not null,
    number            bigint  not null,
    root              bytea   not null,
    block_number      bigint  not null,
    block_hash        bytea   not null,
    transaction_index integer not null,
    log_index         integer not null,
    primary key (since, lane, number),
    constraint followed_batch_root_size check (octet_length(root) = 32)
);

create table followed_nullifier (
    since             integer not null,
    nullifier         bytea   not null,
    block_number      bigint  not null,
    block_hash        bytea   not null,
    transaction_index integer not null,
    log_index         integer not null,
    primary key (since, nullifier)
);

-- The block up to which the rows are complete; no block: nothing is, or all is read again. Moved in the transaction that stores the rows.
create table followed_through (
    since  integer     not null primary key,
    number bigint,
    hash   bytea,
    time   timestamptz,
    constraint followed_through_whole check (num_nulls(number, hash, time) in (0, 3))
);

create function followed_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'What was read of the ledger stays as it was read: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger followed_batch_stays before update or delete on followed_batch for each row execute function followed_refuse();
create trigger followed_nullifier_stays before update or delete on followed_nullifier for each row execute function followed_refuse();
