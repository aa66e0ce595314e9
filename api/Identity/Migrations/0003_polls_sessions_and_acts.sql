-- How often a hub asks whether its owner has said yes (RFC 8628, section 3.5): the same for all API processes. Goes with the code.
create table device_poll (
    token_id uuid not null,
    polled_at timestamp with time zone not null,
    interval_seconds integer not null,
    too_early boolean not null,
    constraint device_poll_pkey primary key (token_id),
    constraint device_poll_token_id_fkey foreign key (token_id) references oauth_token (id) on delete cascade
);

-- Sessions whose person signed out, for as long as a copy of their cookie could be good.
create table ended_session (
    id uuid not null,
    ends_at timestamp with time zone not null,
    constraint ended_session_pkey primary key (id)
);

-- What this server did by itself (apps taken over from the file, keys, settings), until the installation's history was told.
create table untold_act (
    id uuid not null,
    kind character varying(32) not null,
    about character varying(256) not null,
    done_at timestamp with time zone not null,
    constraint untold_act_pkey primary key (id)
);

-- The settings that the history knows, to tell a change.
create table told_setting (
    name character varying(64) not null,
    value character varying(128) not null,
    constraint told_setting_pkey primary key (name)
);
