using Hrms.Domain;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;
using Hrms.Storage.Keys;

namespace Hrms.Load.Scale;

/// <summary>One row of the journal, ready to be copied into a table.</summary>
internal readonly record struct BulkRow(Guid Stream, long Version, DateTime RecordedAt, byte[] PrevLeaf, byte[] Salt, byte[] Leaf, byte[] Payload);

/// <summary>
/// A patient's stream that is made in bulk, in the journal's own format: each event sealed with its key, salted and chained as the patient's grain does it. So whatever the product does with the rows, it does
/// with rows like its own.
/// </summary>
internal sealed class BulkStream(Guid id, OwnerKey key)
{
    private static readonly SystemEntropy Entropy = new();
    private readonly StreamKeys _keys = new(new StreamId(id), key);

    public Guid Id => id;

    public long Version { get; private set; }

    public byte[] Head { get; private set; } = Leaf.Genesis;

    /// <summary>Goes on behind rows that an earlier run made.</summary>
    public void ContinueAfter(long version, byte[] leaf) => (Version, Head) = (version, leaf);

    public BulkRow Next(DateTimeOffset at, PatientEvent happened)
    {
        var version = Version + 1;
        var payload = _keys.SealEvent(version, EventJson.Write(happened), Entropy);
        var salt = Entropy.Bytes(Leaf.SaltBytes);
        var leaf = Leaf.Compute(salt, id, version, Head, payload);
        var row = new BulkRow(id, version, at.UtcDateTime, Head, salt, leaf, payload);
        (Version, Head) = (version, leaf);
        return row;
    }
}
