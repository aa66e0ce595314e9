-- Erasures, from their beginning, which can't be taken back, to their end. The certificate is a random number that the owner gets: the only thing that
-- leads from a certificate to an owner is this row, and nothing of the owner can be read any more.
create table erasure (
    owner       uuid        not null primary key,
    certificate uuid        not null unique,
    began_at    timestamptz not null,
    ended_at    timestamptz
);

create index erasure_unfinished on erasure (began_at) where ended_at is null;

create function erasure_refuse() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.ended_at is null then
        old.ended_at := new.ended_at;
        if new is not distinct from old then
            return new;
        end if;
    end if;
    raise exception 'An erasure is never taken back: % refused.', tg_op using errcode = 'restrict_violation';
end $$;

create trigger erasure_stays before update or delete on erasure for each row execute function erasure_refuse();
