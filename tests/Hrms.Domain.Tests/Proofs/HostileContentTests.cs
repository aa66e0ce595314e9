using System.Security.Cryptography;
using System.Text;
using Hrms.Domain.Ports;
using Hrms.Domain.Proofs;
using Hrms.Domain.Sealing;
using Hrms.Domain.Tests.Sealing;

namespace Hrms.Domain.Tests.Proofs;

/// <summary>A bundle that holds in itself and was made to exhaust whoever opens it.</summary>
public sealed class HostileContentTests
{
    private const string Place = "patient/record/1/application/fhir+json";
    private static readonly SeededEntropy Entropy = new(11);

    [Theory]
    [InlineData(RecordSeal.ContentBytesMax, null)]
    [InlineData(RecordSeal.ContentBytesMax + 1, ProofFault.ContentDoesNotOpen)]
    public void AContent_IsUnpackedUpToTheLargestThatIsTaken(int bytes, ProofFault? fault)
    {
        var bundle = BundleWith(Deflated.Compress(new byte[bytes]));

        var (proof, problem) = ProofVerifier.Open(bundle);

        // What comes to a verifier is small.
        Assert.True(bundle.Content!.Ciphertext.Length < bytes / 100);
        Assert.Equal((fault, fault is null ? bytes : null), (problem?.Fault, proof?.Content?.Length));
    }

    [Fact]
    public void AContentThatIsNotDeflated_IsNamed()
    {
        var (_, problem) = ProofVerifier.Open(BundleWith([0xFF, 0xFF, 0xFF]));

        Assert.Equal((ProofFault.ContentDoesNotOpen, "content.ciphertext"), (problem?.Fault, problem?.Place));
    }

    [Fact]
    public void AContentThatCouldNotBeOpenedAgain_IsNotSealed()
    {
        var keys = new StreamKeys(new StreamId(Guid.NewGuid()), new OwnerKey(Guid.NewGuid(), Entropy.Bytes(32)));

        Assert.NotNull(RecordSeal.Seal(keys, Place, new byte[RecordSeal.ContentBytesMax], Entropy));
        Assert.Throws<ArgumentException>(() => RecordSeal.Seal(keys, Place, new byte[RecordSeal.ContentBytesMax + 1], Entropy));
    }

    private static ProofBundle BundleWith(byte[] packed)
    {
        var keys = new StreamKeys(new StreamId(Guid.NewGuid()), new OwnerKey(Guid.NewGuid(), Entropy.Bytes(32)));
        var dataKey = Entropy.Bytes(32);
        var content = Sealed.Seal(dataKey, packed, Encoding.UTF8.GetBytes(Place), Entropy);
        var at = new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);
        var happened = $$$"""{"event":"record-added","at":"2026-03-01T10:00:00+00:00","record":{"version":1,"contentHash":"{{{Convert.ToHexStringLower(SHA256.HashData(content))}}}"}}""";
        var (salt, payload) = (Entropy.Bytes(32), keys.SealEvent(1, Encoding.UTF8.GetBytes(happened), Entropy));
        var leaf = Leaf.Compute(salt, keys.Stream.Value, 1, Leaf.Genesis, payload);
        var row = new JournalRow(keys.Stream, 1, 1, 1, EntryKind.Change, at, Leaf.Genesis, salt, leaf, payload, null);
        var anchor = new ProofAnchor(31337, new byte[32], new byte[20], 0, 1, leaf, new byte[32], 1, new byte[32], at);
        return ProofBundle.Of(row, keys.EventKey(1), [], anchor, new ProofContent(content, dataKey, Place));
    }
}
