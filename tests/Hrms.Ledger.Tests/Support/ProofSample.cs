using System.Text;
using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A small journal of one stream, committed to a real ledger, and the bundles of its events.</summary>
internal sealed class ProofSample
{
    public const string Place = "patient/record/1/application/fhir+json";
    public static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    public static readonly byte[] Resource = """{"resourceType":"Observation","status":"final"}"""u8.ToArray();
    private readonly SeededEntropy _entropy = new(7);
    private readonly StreamKeys _keys;
    private readonly List<JournalRow> _rows = [];
    private readonly byte[] _dataKey;
    private readonly byte[] _sealedResource;
    private ProofAnchor? _anchor;

    public ProofSample()
    {
        _keys = new StreamKeys(new StreamId(new Guid(_entropy.Bytes(16))), new OwnerKey(new Guid(_entropy.Bytes(16)), _entropy.Bytes(32)));
        _dataKey = _entropy.Bytes(32);
        _sealedResource = Sealed.Seal(_dataKey, Deflated.Compress(Resource), Encoding.UTF8.GetBytes(Place), _entropy);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(_sealedResource));
        Append(new { @event = "consent-granted", at = Time(1), consent = Guid.Empty, terms = new { actions = new[] { "view" } }, secret = Secret });
        Append(new { @event = "record-added", at = Time(2), record = new { version = 1, contentHash = hash } });
        Append(new { @event = "access", at = Time(3), operation = "read", records = Array.Empty<string>() });
        Append(new { @event = "consent-revoked", at = Time(4), consent = Guid.Empty, version = 1, nullifier = Nullifier });
        Append(new { @event = "device-registered", at = Time(5), name = "band" });
    }

    public static byte[] Nullifier => Keccak256.Hash(Secret);

    public MerkleTree Tree { get; private set; } = null!;

    /// <summary>Commits all events as the first batch of lane 0.</summary>
    public async Task CommitAsync(LedgerUnderTest it, params byte[][] nullifiers)
    {
        var identity = await it.Ledger.IdentifyAsync(LedgerUnderTest.Cancellation);
        var leaves = _rows.Select(row => row.Leaf).ToList();
        leaves.AddRange(Enumerable.Range(0, MerkleTree.PaddingFor(leaves.Count)).Select(_ => _entropy.Bytes(32)));
        Tree = new MerkleTree(leaves);
        var (signed, receipt) = await it.CommitAsync(identity, 0, 1, Tree.Root, nullifiers);
        _anchor = new ProofAnchor(
            identity.ChainId, identity.GenesisHash, identity.ContractAddress, 0, 1, Tree.Root, signed.Hash, receipt.BlockNumber, receipt.BlockHash,
            receipt.BlockTime);
    }

    public ProofBundle Bundle(int version) => ProofBundle.Of(
        _rows[version - 1], _keys.EventKey(version), Tree.Path(version - 1), _anchor!,
        version == 2 ? new ProofContent(_sealedResource, _dataKey, Place) : null);

    /// <summary>The events from one version to another, none missing.</summary>
    public HistoryProof History(int from, int to) => HistoryProof.Of(_rows[(from - 1)..to], _keys, Tree.Path(to - 1), _anchor!);

    private static DateTimeOffset Time(int second) => new(2026, 3, 1, 10, 0, second, 125, TimeSpan.Zero);

    private void Append(object @event)
    {
        var version = _rows.Count + 1;
        var prevLeaf = version == 1 ? Leaf.Genesis : _rows[^1].Leaf;
        var salt = _entropy.Bytes(32);
        var payload = _keys.SealEvent(version, JsonSerializer.SerializeToUtf8Bytes(@event), _entropy);
        var leaf = Leaf.Compute(salt, _keys.Stream.Value, version, prevLeaf, payload);
        _rows.Add(new JournalRow(_keys.Stream, version, 1, version, EntryKind.Change, Time(version), prevLeaf, salt, leaf, payload, null));
    }
}
