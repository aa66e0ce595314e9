-- What the Orleans AdoNet providers ask for: they read the text of their statements from OrleansQuery and know only its keys, the names of the
-- parameters and the names of the result columns. The tables behind are ours.
create table OrleansQuery (
    QueryKey  text not null primary key,
    QueryText text not null
);

-- Grain state. The primary key is the identity of a grain's state: of two first writes one wins. Cleared state keeps its row and its version, so that
-- a stale activation can't put it back.
create table OrleansStorage (
    GrainIdN0              bigint      not null,
    GrainIdN1              bigint      not null,
    GrainTypeString        text        not null,
    GrainIdExtensionString text        not null,
    ServiceId              text        not null,
    Version                integer     not null,
    ModifiedOn             timestamptz not null default now(),
    PayloadBinary          bytea,
    primary key (GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
) with (fillfactor = 80);

-- Snapshots are ciphertext.
alter table OrleansStorage alter column PayloadBinary set storage external;

-- No row answers a write that lost: the provider turns that into InconsistentStateException.
insert into OrleansQuery (QueryKey, QueryText) values
('WriteToStorageKey', $q$
    with changed as (
        update OrleansStorage set PayloadBinary = @PayloadBinary, Version = Version + 1, ModifiedOn = now()
        where GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
            and GrainIdExtensionString = coalesce(@GrainIdExtensionString::text, '') and ServiceId = @ServiceId
            and Version = @GrainStateVersion::integer
        returning Version
    ), added as (
        insert into OrleansStorage (GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId, Version, PayloadBinary)
        select @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString::text, ''), @ServiceId, 1, @PayloadBinary
        where @GrainStateVersion::integer is null
        on conflict do nothing
        returning Version
    )
    select Version as NewGrainStateVersion from changed union all select Version from added
$q$),
('ReadFromStorageKey', $q$
    select PayloadBinary, Version from OrleansStorage
    where GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
        and GrainIdExtensionString = coalesce(@GrainIdExtensionString::text, '') and ServiceId = @ServiceId
$q$),
('ClearStorageKey', $q$
    update OrleansStorage set PayloadBinary = null, Version = Version + 1, ModifiedOn = now()
    where GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1 and GrainTypeString = @GrainTypeString
        and GrainIdExtensionString = coalesce(@GrainIdExtensionString::text, '') and ServiceId = @ServiceId
        and Version = @GrainStateVersion::integer
    returning Version as NewGrainStateVersion
$q$);

-- Membership: one version row for each cluster; each change of a member steps it, so that changes have one order.
create table OrleansMembershipVersionTable (
    DeploymentId text        not null primary key,
    Version      integer     not null default 0,
    Timestamp    timestamptz not null default now()
);

create table OrleansMembershipTable (
    DeploymentId text        not null references OrleansMembershipVersionTable,
    Address      text        not null,
    Port         integer     not null,
    Generation   integer     not null,
    SiloName     text        not null,
    HostName     text        not null,
    Status       integer     not null,
    ProxyPort    integer     not null,
    SuspectTimes text,
    StartTime    timestamptz not null,
    IAmAliveTime timestamptz not null,
    primary key (DeploymentId, Address, Port, Generation)
) with (fillfactor = 70);

-- Answers of changes: how many members were changed; 0 is "the version has moved on, read again".
insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', $q$
    with added as (
        insert into OrleansMembershipVersionTable (DeploymentId) values (@DeploymentId) on conflict do nothing returning 1)
    select count(*)::integer from added
$q$),
('InsertMembershipKey', $q$
    with stepped as (
        update OrleansMembershipVersionTable cluster set Version = cluster.Version + 1, Timestamp = now()
        where cluster.DeploymentId = @DeploymentId and cluster.Version = @Version and not exists (
            select from OrleansMembershipTable member
            where member.DeploymentId = @DeploymentId and member.Address = @Address and member.Port = @Port and member.Generation = @Generation)
        returning cluster.DeploymentId
    ), added as (
        insert into OrleansMembershipTable (
            DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
        select DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from stepped
        returning 1
    )
    select count(*)::integer from added
$q$),
('UpdateMembershipKey', $q$
    with stepped as (
        update OrleansMembershipVersionTable cluster set Version = cluster.Version + 1, Timestamp = now()
        where cluster.DeploymentId = @DeploymentId and cluster.Version = @Version and exists (
            select from OrleansMembershipTable member
            where member.DeploymentId = @DeploymentId and member.Address = @Address and member.Port = @Port and member.Generation = @Generation)
        returning cluster.DeploymentId
    ), changed as (
        update OrleansMembershipTable member set Status = @Status, SuspectTimes = @SuspectTimes, IAmAliveTime = @IAmAliveTime
        from stepped
        where member.DeploymentId = stepped.DeploymentId and member.Address = @Address and member.Port = @Port and member.Generation = @Generation
        returning 1
    )
    select count(*)::integer from changed
$q$),
('UpdateIAmAlivetimeKey', $q$
    update OrleansMembershipTable set IAmAliveTime = @IAmAliveTime
    where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
$q$),
-- A cluster without members still answers with one row: its version.
('MembershipReadAllKey', $q$
    select cluster.Version, member.Address, member.Port, member.Generation, member.SiloName, member.HostName, member.Status, member.ProxyPort,
        member.SuspectTimes, member.StartTime, member.IAmAliveTime
    from OrleansMembershipVersionTable cluster left join OrleansMembershipTable member using (DeploymentId)
    where cluster.DeploymentId = @DeploymentId
$q$),
('MembershipReadRowKey', $q$
    select cluster.Version, member.Address, member.Port, member.Generation, member.SiloName, member.HostName, member.Status, member.ProxyPort,
        member.SuspectTimes, member.StartTime, member.IAmAliveTime
    from OrleansMembershipVersionTable cluster
    left join OrleansMembershipTable member
        on member.DeploymentId = cluster.DeploymentId and member.Address = @Address and member.Port = @Port and member.Generation = @Generation
    where cluster.DeploymentId = @DeploymentId
$q$),
('GatewaysQueryKey', $q$
    select Address, ProxyPort, Generation from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0
$q$),
-- 3 is SiloStatus.Active.
('CleanupDefunctSiloEntriesKey', $q$
    delete from OrleansMembershipTable where DeploymentId = @DeploymentId and IAmAliveTime < @IAmAliveTime and Status <> 3
$q$),
('DeleteMembershipTableEntriesKey', $q$
    with members as (delete from OrleansMembershipTable where DeploymentId = @DeploymentId)
    delete from OrleansMembershipVersionTable where DeploymentId = @DeploymentId
$q$);

-- Reminders, found by grain or by a range of the ring of grain hashes (begin exclusive, end inclusive).
create table OrleansRemindersTable (
    ServiceId    text        not null,
    GrainId      text        not null,
    ReminderName text        not null,
    StartTime    timestamptz not null,
    Period       bigint      not null,
    GrainHash    integer     not null,
    Version      integer     not null default 0,
    primary key (ServiceId, GrainId, ReminderName)
);

create index OrleansRemindersTable_by_hash on OrleansRemindersTable (ServiceId, GrainHash);

insert into OrleansQuery (QueryKey, QueryText) values
('UpsertReminderRowKey', $q$
    insert into OrleansRemindersTable as reminder (ServiceId, GrainId, ReminderName, StartTime, Period, GrainHash)
    values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
    on conflict (ServiceId, GrainId, ReminderName) do update
        set StartTime = excluded.StartTime, Period = excluded.Period, GrainHash = excluded.GrainHash, Version = reminder.Version + 1
    returning Version
$q$),
('ReadReminderRowsKey', $q$
    select GrainId, ReminderName, StartTime, Period, Version from OrleansRemindersTable where ServiceId = @ServiceId and GrainId = @GrainId
$q$),
('ReadReminderRowKey', $q$
    select GrainId, ReminderName, StartTime, Period, Version from OrleansRemindersTable
    where ServiceId = @ServiceId and GrainId = @GrainId and ReminderName = @ReminderName
$q$),
('ReadRangeRows1Key', $q$
    select GrainId, ReminderName, StartTime, Period, Version from OrleansRemindersTable
    where ServiceId = @ServiceId and GrainHash > @BeginHash and GrainHash <= @EndHash
$q$),
('ReadRangeRows2Key', $q$
    select GrainId, ReminderName, StartTime, Period, Version from OrleansRemindersTable
    where ServiceId = @ServiceId and (GrainHash > @BeginHash or GrainHash <= @EndHash)
$q$),
('DeleteReminderRowKey', $q$
    with removed as (
        delete from OrleansRemindersTable
        where ServiceId = @ServiceId and GrainId = @GrainId and ReminderName = @ReminderName and Version = @Version
        returning 1)
    select count(*)::integer from removed
$q$),
('DeleteReminderRowsKey', $q$
    delete from OrleansRemindersTable where ServiceId = @ServiceId
$q$);
