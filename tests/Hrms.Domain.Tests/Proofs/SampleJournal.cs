using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>A small journal of one stream whose events are one batch, and the bundles that prove them. Which ledger has the batch is said by <see cref="Anchor"/>.</summary>
internal class SampleJournal
{
    public const string Place = "patient/record/1/application/fhir+json";
    public static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    public static readonly byte[] Resource = """{"resourceType":"Observation","status":"final"}"""u8.ToArray();
    private readonly IEntropy _entropy;
    private readonly StreamKeys _keys;
    private readonly List<JournalRow> _rows = [];
    private readonly byte[] _dataKey;
    private readonly byte[] _sealedResource;

    /// <param name="more">Events after the five that are always there: a consent, a record, a look at it, the consent's revocation and a device.</param>
    public SampleJournal(IEntropy entropy, params IEnumerable<object> more)
    {
        _entropy = entropy;
        _keys = new StreamKeys(new StreamId(new Guid(_entropy.Bytes(16))), new OwnerKey(new Guid(_entropy.Bytes(16)), _entropy.Bytes(32)));
        _dataKey = _entropy.Bytes(32);
        _sealedResource = Sealed.Seal(_dataKey, Deflated.Compress(Resource), Encoding.UTF8.GetBytes(Place), _entropy);
        var hash = Convert.ToHexStringLower(SHA256.HashData(_sealedResource));
        object[] events =
        [
            new { @event = "consent-granted", at = Time(1), consent = Guid.Empty, terms = new { actions = new[] { "view" } }, secret = Secret },
            new { @event = "record-added", at = Time(2), record = new { version = 1, contentHash = hash } },
            new { @event = "access", at = Time(3), operation = "read", records = Array.Empty<string>() },
            new { @event = "consent-revoked", at = Time(4), consent = Guid.Empty, version = 1, nullifier = Nullifier },
            new { @event = "device-registered", at = Time(5), name = "band" },
        ];
        foreach (var happened in events.Concat(more))
            Append(happened);
        Tree = new MerkleTree([.. _rows.Select(row => row.Leaf), .. Enumerable.Range(0, MerkleTree.PaddingFor(_rows.Count)).Select(_ => _entropy.Bytes(32))]);
        Anchor = new ProofAnchor(31337, new byte[32], new byte[20], 0, 1, Tree.Root, new byte[32], 1, new byte[32], Time(9));
    }

    public static byte[] Nullifier => Keccak256.Hash(Secret);

    public MerkleTree Tree { get; }

    /// <summary>Where the batch stands; until it is set, on no ledger that there is.</summary>
    public ProofAnchor Anchor { get; protected set; }

    public ProofBundle Bundle(int version) => ProofBundle.Of(
        _rows[version - 1], _keys.EventKey(version), Tree.Path(version - 1), Anchor,
        version == 2 ? new ProofContent(_sealedResource, _dataKey, Place) : null);

    /// <summary>A bundle of sealed bytes that are no event, which <see cref="ProofBundle.Of"/> does not make.</summary>
    public ProofBundle BundleOfNoEvent(int version)
    {
        var row = _rows[version - 1];
        return Bundle(1) with
        {
            Version = version, Salt = row.Salt, PrevLeaf = row.PrevLeaf, Ciphertext = row.Payload, EventKey = _keys.EventKey(version), Leaf = row.Leaf, Path = Tree.Path(version - 1),
        };
    }

    /// <summary>The events from one version to another, none missing.</summary>
    public HistoryProof History(int from, int to) => HistoryProof.Of(_rows[(from - 1)..to], _keys, Tree.Path(to - 1), Anchor);

    public static DateTimeOffset Time(int second) => new(2026, 3, 1, 10, 0, second, 125, TimeSpan.Zero);

    private void Append(object happened)
    {
        var version = _rows.Count + 1;
        var prevLeaf = version == 1 ? Leaf.Genesis : _rows[^1].Leaf;
        var salt = _entropy.Bytes(32);
        var payload = _keys.SealEvent(version, JsonSerializer.SerializeToUtf8Bytes(happened), _entropy);
        var leaf = Leaf.Compute(salt, _keys.Stream.Value, version, prevLeaf, payload);
        _rows.Add(new JournalRow(_keys.Stream, version, 1, version, EntryKind.Change, Time(version), prevLeaf, salt, leaf, payload, null));
    }
}
