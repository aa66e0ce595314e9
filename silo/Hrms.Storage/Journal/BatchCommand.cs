using Hrms.Domain.Ports;
using Npgsql;
using NpgsqlTypes;

namespace Hrms.Storage.Journal;

/// <summary>
/// The one statement that appends for many streams: one round trip, one transaction. A stream's first row is inserted only behind the row that its
/// caller knows as the head and that is the newest here (rows before it may have settled elsewhere, and keep nobody from taking their versions), and only if
/// nobody was faster; its other rows and contents only if the first row was. So a stream's append is there
/// as a whole or not at all, and a conflict of one stream leaves the others alone. What only keeps pace goes the same way into a table
/// of its own, which <see cref="PaceSweep"/> empties. Rows go in by order of stream, so that writers of several
/// silos that meet wait for each other and never in a circle.
/// </summary>
internal sealed class BatchCommand
{
    private const string Sql =
        """
        with won as (
            insert into journal (stream_id, version, kind, recorded_at, prev_leaf, salt, leaf, nullifier, payload)
            select o.stream_id, o.version, o.kind, o.recorded_at, o.prev_leaf, o.salt, o.leaf, o.nullifier, o.payload
            from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
                as o (stream_id, version, kind, recorded_at, prev_leaf, salt, leaf, nullifier, payload)
            where coalesce((
                select head.version = o.version - 1 and head.leaf = o.prev_leaf
                from journal head where head.stream_id = o.stream_id order by head.version desc limit 1), o.version = 1)
            order by o.stream_id
            on conflict do nothing
            returning stream_id
        ), followed as (
            insert into journal (stream_id, version, kind, recorded_at, prev_leaf, salt, leaf, nullifier, payload)
            select o.stream_id, o.version, o.kind, o.recorded_at, o.prev_leaf, o.salt, o.leaf, o.nullifier, o.payload
            from unnest($10, $11, $12, $13, $14, $15, $16, $17, $18)
                as o (stream_id, version, kind, recorded_at, prev_leaf, salt, leaf, nullifier, payload)
            where o.stream_id in (select won.stream_id from won)
            order by o.stream_id, o.version
        ), filled as (
            insert into content (stream_id, hash, wrapped_key, ciphertext)
            select o.stream_id, o.hash, o.wrapped_key, o.ciphertext
            from unnest($19, $20, $21, $22) as o (stream_id, hash, wrapped_key, ciphertext)
            where o.stream_id in (select won.stream_id from won)
            on conflict do nothing
        ), paced as (
            insert into journal_pace (stream_id, version, kind, recorded_at, prev_leaf, salt, leaf, nullifier, payload)
            select o.stream_id, (1 + random() * 9e15)::bigint, o.kind, o.recorded_at, o.prev_leaf, o.salt, o.leaf, o.nullifier, o.payload
            from unnest($23, $24, $25, $26, $27, $28, $29, $30, $31)
                as o (stream_id, version, kind, recorded_at, prev_leaf, salt, leaf, nullifier, payload)
            where (
                select head.version = o.version and head.leaf = o.prev_leaf
                from journal head where head.stream_id = o.stream_id order by head.version desc limit 1) is not true
            order by o.stream_id
            on conflict do nothing
            returning stream_id
        )
        select stream_id from won
        union all
        select stream_id from paced
        """;

    private readonly RowArrays _first = new(), _rest = new(), _paced = new();
    private readonly ContentArrays _contents = new();
    private readonly NpgsqlCommand _command = new(Sql);

    public BatchCommand(TimeSpan timeout)
    {
        _command.CommandTimeout = Math.Max(1, (int)timeout.TotalSeconds);
        foreach (var parameter in _first.Parameters().Concat(_rest.Parameters()).Concat(_contents.Parameters()).Concat(_paced.Parameters()))
            _command.Parameters.Add(parameter);
    }

    public async Task PrepareAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _command.Connection = connection;
        await _command.PrepareAsync(cancellationToken);
    }

    /// <summary>The streams whose appends went in. The statement's transaction is committed when this returns.</summary>
    public async Task<HashSet<Guid>> ExecuteAsync(IReadOnlyList<PendingAppend> batch, CancellationToken cancellationToken)
    {
        Fill(batch);
        try
        {
            var won = new HashSet<Guid>(batch.Count);
            await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                won.Add(reader.GetGuid(0));
            return won;
        }
        finally
        {
            _first.Clear();
            _rest.Clear();
            _contents.Clear();
            _paced.Clear();
        }
    }

    private void Fill(IReadOnlyList<PendingAppend> batch)
    {
        foreach (var pending in batch)
        {
            if (pending.Paced)
            {
                _paced.Add(pending.Stream, pending.Append.ExpectedVersion + 1, pending.Append.Entries[0]);
                continue;
            }
            var version = pending.Append.ExpectedVersion;
            foreach (var entry in pending.Append.Entries)
            {
                var rows = version == pending.Append.ExpectedVersion ? _first : _rest;
                rows.Add(pending.Stream, ++version, entry);
            }
            foreach (var content in pending.Append.Contents)
                _contents.Add(pending.Stream, content);
        }
    }

    /// <summary>Rows of the journal as one array for each column.</summary>
    private sealed class RowArrays
    {
        private readonly List<Guid> _streams = [];
        private readonly List<long> _versions = [];
        private readonly List<short> _kinds = [];
        private readonly List<DateTime> _recordedAt = [];
        private readonly List<byte[]> _prevLeaves = [], _salts = [], _leaves = [], _payloads = [];
        private readonly List<byte[]?> _nullifiers = [];

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Array(_streams, NpgsqlDbType.Uuid), Array(_versions, NpgsqlDbType.Bigint), Array(_kinds, NpgsqlDbType.Smallint),
            Array(_recordedAt, NpgsqlDbType.TimestampTz), Array(_prevLeaves, NpgsqlDbType.Bytea), Array(_salts, NpgsqlDbType.Bytea),
            Array(_leaves, NpgsqlDbType.Bytea), Array(_nullifiers, NpgsqlDbType.Bytea), Array(_payloads, NpgsqlDbType.Bytea),
        ];

        public void Add(Guid stream, long version, JournalEntry entry)
        {
            _streams.Add(stream);
            _versions.Add(version);
            _kinds.Add((short)entry.Kind);
            _recordedAt.Add(entry.RecordedAt.UtcDateTime);
            _prevLeaves.Add(entry.PrevLeaf);
            _salts.Add(entry.Salt);
            _leaves.Add(entry.Leaf);
            _nullifiers.Add(entry.Nullifier);
            _payloads.Add(entry.Payload);
        }

        public void Clear()
        {
            _streams.Clear();
            _versions.Clear();
            _kinds.Clear();
            _recordedAt.Clear();
            _prevLeaves.Clear();
            _salts.Clear();
            _leaves.Clear();
            _nullifiers.Clear();
            _payloads.Clear();
        }
    }

    private sealed class ContentArrays
    {
        private readonly List<Guid> _streams = [];
        private readonly List<byte[]> _hashes = [], _wrappedKeys = [], _ciphertexts = [];

        public IEnumerable<NpgsqlParameter> Parameters() =>
        [
            Array(_streams, NpgsqlDbType.Uuid), Array(_hashes, NpgsqlDbType.Bytea), Array(_wrappedKeys, NpgsqlDbType.Bytea),
            Array(_ciphertexts, NpgsqlDbType.Bytea),
        ];

        public void Add(Guid stream, SealedContent content)
        {
            _streams.Add(stream);
            _hashes.Add(content.Hash);
            _wrappedKeys.Add(content.WrappedKey);
            _ciphertexts.Add(content.Ciphertext);
        }

        public void Clear()
        {
            _streams.Clear();
            _hashes.Clear();
            _wrappedKeys.Clear();
            _ciphertexts.Clear();
        }
    }

    private static NpgsqlParameter Array<T>(List<T> values, NpgsqlDbType element) =>
        new NpgsqlParameter<List<T>> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };
}
