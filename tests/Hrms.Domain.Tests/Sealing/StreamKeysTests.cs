using System.Text;
using CsCheck;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Sealing;

public sealed class StreamKeysTests
{
    private static readonly SeededEntropy Entropy = new(3);
    private static readonly StreamId Ana = new(Id(100)), Ben = new(Id(101));
    private static readonly OwnerKey Owner = new(Id(1), Entropy.Bytes(Sealed.KeyBytes));
    private static readonly StreamKeys Keys = new(Ana, Owner);
    private static readonly byte[] Text = "what happened"u8.ToArray();

    [Fact]
    public void AnEvent_OpensAtItsStreamAndVersion_AndNowhereElse()
    {
        var payload = Keys.SealEvent(7, Text, Entropy);
        Assert.Equal(Text, Keys.OpenEvent(7, payload));
        Assert.Throws<SealBrokenException>(() => Keys.OpenEvent(8, payload));
        Assert.Throws<SealBrokenException>(() => new StreamKeys(Ben, Owner).OpenEvent(7, payload));
        Assert.Throws<SealBrokenException>(() => new StreamKeys(Ana, Owner with { KeyId = Id(2) }).OpenEvent(7, payload));
        Assert.Throws<SealBrokenException>(() => Keys.OpenSnapshot(7, payload));
    }

    [Fact]
    public void ASnapshot_OpensAtItsStreamAndVersion_AndIsNoEvent()
    {
        var payload = Keys.SealSnapshot(7, Text, Entropy);
        Assert.Equal(Text, Keys.OpenSnapshot(7, payload));
        Assert.Throws<SealBrokenException>(() => Keys.OpenSnapshot(6, payload));
        Assert.Throws<SealBrokenException>(() => new StreamKeys(Ben, Owner).OpenSnapshot(7, payload));
        Assert.Throws<SealBrokenException>(() => Keys.OpenEvent(7, payload));
    }

    [Fact]
    public void AShownEventKey_OpensThatEventAlone()
    {
        var shown = Keys.EventKey(7);
        Assert.Equal(Text, Sealed.Open(shown, Keys.SealEvent(7, Text, Entropy), StreamKeys.EventPlace(Ana, 7)));
        Assert.Throws<SealBrokenException>(() => Sealed.Open(shown, Keys.SealEvent(8, Text, Entropy), StreamKeys.EventPlace(Ana, 8)));
    }

    [Fact, Trait("Feature", "55")]
    public void ARecord_OpensAtItsPlaceWithItsHash_AndNowhereElse()
    {
        var place = RecordSeal.Place(Ana, Id(5), 1, RecordSeal.FhirJson);
        var content = RecordSeal.Seal(Keys, place, Text, Entropy);
        Assert.Equal(Text, RecordSeal.Open(Keys, place, content.Hash, content));

        string[] elsewhere =
        [
            RecordSeal.Place(Ben, Id(5), 1, RecordSeal.FhirJson), RecordSeal.Place(Ana, Id(6), 1, RecordSeal.FhirJson),
            RecordSeal.Place(Ana, Id(5), 2, RecordSeal.FhirJson), RecordSeal.Place(Ana, Id(5), 1, "text/plain"),
        ];
        Assert.All(elsewhere, other => Assert.Throws<SealBrokenException>(() => RecordSeal.Open(Keys, other, content.Hash, content)));
        Assert.Throws<SealBrokenException>(() => RecordSeal.Open(Keys, place, content.Hash, null));
        var another = RecordSeal.Seal(Keys, place, Text, Entropy);
        Assert.Throws<SealBrokenException>(() => RecordSeal.Open(Keys, place, content.Hash, another));
        Assert.Throws<SealBrokenException>(() => RecordSeal.Open(Keys, place, content.Hash, content with { WrappedKey = another.WrappedKey }));
    }

    [Fact, Trait("Feature", "50")]
    [Trait("Fault", "F29")]
    public void NoChangedByteOfARecord_Opens()
    {
        var place = RecordSeal.Place(Ana, Id(5), 1, RecordSeal.FhirJson);
        var content = RecordSeal.Seal(Keys, place, Text, Entropy);
        for (var i = 0; i < content.Ciphertext.Length; i++)
            Assert.Throws<SealBrokenException>(() => RecordSeal.Open(Keys, place, content.Hash, content with { Ciphertext = Flip(content.Ciphertext, i) }));
        for (var i = 0; i < content.WrappedKey.Length; i++)
            Assert.Throws<SealBrokenException>(() => RecordSeal.Open(Keys, place, content.Hash, content with { WrappedKey = Flip(content.WrappedKey, i) }));
    }

    [Fact]
    public void AnyContent_ComesBack_AlsoWithItsShownKey() => Gen.Byte.Array[0, 5_000].Sample(
        bytes =>
        {
            var place = RecordSeal.Place(Ana, Id(5), 1, RecordSeal.FhirJson);
            var content = RecordSeal.Seal(Keys, place, bytes, new SeededEntropy(bytes.Length));
            Assert.Equal(bytes, RecordSeal.Open(Keys, place, content.Hash, content));
            Assert.Equal(bytes, RecordSeal.OpenWith(Keys.UnwrapDataKey(content.WrappedKey, Encoding.UTF8.GetBytes(place)), place, content.Ciphertext));
        },
        iter: RandomCases.Of(50));

    internal static byte[] Flip(byte[] bytes, int index)
    {
        var changed = (byte[])bytes.Clone();
        changed[index] ^= 1;
        return changed;
    }
}
