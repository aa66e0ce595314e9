-- Sealed record content, addressed by the hash of its ciphertext within its stream: never shared between streams.
create table content (
    stream_id   uuid  not null,
    hash        bytea not null,
    wrapped_key bytea not null,
    ciphertext  bytea not null,
    primary key (stream_id, hash),
    constraint content_hash_size check (octet_length(hash) = 32)
);

alter table content alter column ciphertext set storage external;

-- One key per owner, wrapped by the vault's key. A row without a key is the tombstone of an erased owner and stays for ever.
create table owner_key (
    owner        uuid        not null primary key,
    key_id       uuid,
    vault_key_id text,
    wrapped      bytea,
    erased_at    timestamptz,
    constraint owner_key_held_or_erased check (
        (erased_at is null and key_id is not null and vault_key_id is not null and wrapped is not null)
        or (erased_at is not null and wrapped is null))
);

-- Rotation walks the keys that are still wrapped by an older vault key.
create index owner_key_by_vault_key on owner_key (vault_key_id, owner) where wrapped is not null;

create function owner_key_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.erased_at is not null then
        raise exception 'A tombstone of an erased owner stays: % refused.', tg_op using errcode = 'restrict_violation';
    end if;
    return new;
end $$;

create trigger owner_key_tombstones_stay before update or delete on owner_key for each row execute function owner_key_refuse();
