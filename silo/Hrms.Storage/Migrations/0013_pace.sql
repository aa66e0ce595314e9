-- What a question about nobody costs is what a line in the journal costs: a row in a table made alike, with the same indexes, which nobody reads. Its payload is sealed with a key that was forgotten.
create table journal_pace (like journal including defaults including identity including constraints including indexes including storage);
