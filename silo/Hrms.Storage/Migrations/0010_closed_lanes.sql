-- Why the records of a lane's patients are closed to everybody but themselves: the ledger holds something of the lane that these rows lack, so what a patient
-- decided last may be lacking, too. Null: they are open.
alter table lane add column closed_because text;
