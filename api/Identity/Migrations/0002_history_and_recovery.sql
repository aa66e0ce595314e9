-- Wrong tries since the account's history was told of some, so that a flood of them is one line.
create table failed_sign_in (
    user_id uuid not null,
    failures integer not null,
    since timestamp with time zone not null,
    told_at timestamp with time zone,
    constraint failed_sign_in_pkey primary key (user_id),
    constraint failed_sign_in_user_id_fkey foreign key (user_id) references account (id) on delete cascade
);

-- The recovery that the account's credentials come from; none: it was never recovered.
alter table account add column recovery uuid;

-- Where the account of an erased record is found.
create index account_party_idx on account (party);
