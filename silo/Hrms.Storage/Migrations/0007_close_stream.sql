-- Closes a stream behind its newest row, whoever is appending to it. A loser waits for the winner's commit and goes on at once with what that left: the loop is here,
-- beside the rows, because somebody who only appends has a way to go between two appends, and so loses the next time. The same order of streams as appends keep.
create function close_stream(closed uuid, closed_at timestamptz, last_leaf bytea, genesis bytea) returns void language plpgsql as $$
begin
    loop
        insert into journal (stream_id, version, recorded_at, kind, prev_leaf, salt, leaf, payload)
        select closed, coalesce(head.version, 0) + 1, closed_at, 1, coalesce(head.leaf, genesis), '\x', last_leaf, '\x'
        from (values (1)) as always
        left join lateral (
            select version, leaf from journal where stream_id = closed order by version desc limit 1) head on true
        on conflict do nothing;
        exit when found;
    end loop;
end $$;
