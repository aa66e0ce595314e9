-- Lines about how an account is entered: a third kind of row, so that its pages come from an index of their own, and neither replays nor access lines meet them.
alter table journal drop constraint journal_kind_known;
alter table journal add constraint journal_kind_known check (kind in (1, 2, 3)) not valid;
create index journal_account_lines on journal (stream_id, version) where kind = 3;

-- Whoever keeps something of patients beside the journal follows who was erased.
create index erasure_ended on erasure (ended_at, owner) where ended_at is not null;
