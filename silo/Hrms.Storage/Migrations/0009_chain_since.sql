-- An epoch begins with another chain, or on the same one when nonces were used up or a lane has another key. Two chains may look alike (the same id, first block and
-- address), so it is written down which epoch was a chain's first. Of the epochs before, each counts as one.
alter table ledger_deployment add column since integer;
update ledger_deployment set since = epoch;
alter table ledger_deployment alter column since set not null, add constraint ledger_deployment_since_before check (since between 1 and epoch);
