using System.Security.Cryptography;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;

namespace Hrms.Storage.Tests;

/// <summary>A stream as its grain knows it: remembers the head and makes chained entries with random payloads.</summary>
public sealed class TestStream(Guid? id = null)
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public StreamId Id { get; } = new(id ?? Guid.NewGuid());

    public long Version { get; private set; }

    public byte[] Head { get; private set; } = Leaf.Genesis;

    /// <summary>The next append; the head stays until <see cref="Took"/>.</summary>
    public JournalAppend Next(params EntryKind[] kinds)
    {
        var (version, head, entries) = (Version, Head, new List<JournalEntry>());
        foreach (var kind in kinds.Length == 0 ? [EntryKind.Change] : kinds)
        {
            var (salt, payload) = (RandomNumberGenerator.GetBytes(32), RandomNumberGenerator.GetBytes(300));
            var leaf = Leaf.Compute(salt, Id.Value, ++version, head, payload);
            entries.Add(new(kind, Then.AddSeconds(version), head, salt, leaf, payload));
            head = leaf;
        }
        return new(Id, Version, entries, []);
    }

    public void Took(JournalAppend append) => (Version, Head) = (Version + append.Entries.Count, append.Entries[^1].Leaf);

    public async Task<JournalAppend> AppendAsync(IJournal journal, params EntryKind[] kinds)
    {
        var append = Next(kinds);
        await journal.AppendAsync(append, TestContext.Current.CancellationToken);
        Took(append);
        return append;
    }

    public static SealedContent Content(int bytes = 100)
    {
        var ciphertext = RandomNumberGenerator.GetBytes(bytes);
        return new(SHA256.HashData(ciphertext), RandomNumberGenerator.GetBytes(61), ciphertext);
    }
}
