-- Patients' keys on their way to the ledger, and what was sent of them. Nothing here leads to a patient: a pseudonym is random, a commitment hides the key, and there is no time. What fills up
-- the cadence when nobody registers looks the same.
create table patient_key (
    pseudonym  bytea    not null primary key,
    commitment bytea,                               -- null: taken out before it was signed, and never to be
    retire     boolean  not null default false,     -- it is to end, or has ended
    signed     boolean  not null default false,     -- for the chain that began with epoch "since"
    retirement_signed boolean not null default false,
    seen       smallint not null default 0,         -- what the contract was last seen to say: 0 nothing, 1 registered, 2 retired
    since      integer  not null default 0,
    constraint patient_key_sizes check (octet_length(pseudonym) = 32 and octet_length(commitment) = 32),
    constraint patient_key_steps check (seen between 0 and 2 and (signed or not retirement_signed) and (commitment is not null or not signed))
);

create index patient_key_waiting on patient_key (pseudonym) where (commitment is not null and not signed) or (retire and not retirement_signed and seen = 1);
create index patient_key_open on patient_key (pseudonym) where signed and seen < case when retirement_signed then 2 else 1 end;

-- Everything is there before the first send, and never changes. A nonce is used once by an account on a chain.
create table patient_key_transaction (
    chain_epoch        integer     not null references ledger_deployment (epoch),
    account            bytea       not null,
    nonce              numeric(20) not null,
    pseudonym          bytea       not null references patient_key (pseudonym),
    transaction_hash   bytea       not null,
    signed_transaction bytea       not null,
    primary key (chain_epoch, account, nonce)
);

create index patient_key_transaction_by_key on patient_key_transaction (pseudonym, chain_epoch, nonce);

create function patient_key_transaction_refuse() returns trigger language plpgsql as $$
begin
    raise exception 'What was signed for the ledger stays as it was: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger patient_key_transaction_stays before update or delete on patient_key_transaction for each row execute function patient_key_transaction_refuse();

-- Where each epoch's ledger has its register of keys.
create table patient_key_register (
    chain_epoch integer not null primary key references ledger_deployment (epoch),
    contract    bytea   not null
);
