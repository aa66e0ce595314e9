using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hrms.Storage.Keys;
using Hrms.TestKit;

namespace Hrms.Storage.Tests;

/// <summary>The member's signing key: made once, for its owner's eyes, the same after a restart.</summary>
public sealed class MemberKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["member.pem"];

    public void Dispose() => _folder.Dispose();

    [Fact, Trait("Feature", "22")]
    public void TheKey_IsMadeAtFirstStart_ForItsOwnerAlone_AndStays()
    {
        using var first = new MemberKeyFile(FilePath);
        using var second = new MemberKeyFile(FilePath);

        Assert.Equal(first.KeyId, second.KeyId);
        Assert.DoesNotContain("\"d\"", first.PublicKeys);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(FilePath));
    }

    [Fact]
    public async Task OfSilosThatStartAtOnce_AllUseOneKey()
    {
        using var together = new Barrier(4);
        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait(TestContext.Current.CancellationToken);
                using var keys = new MemberKeyFile(FilePath);
                return keys.KeyId;
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Single(ids.Distinct());
    }

    [Fact]
    public void OfAFileThatIsAppendedTo_TheLastKeySigns_AndAllStayPublished()
    {
        string former;
        using (var before = new MemberKeyFile(FilePath))
            former = before.KeyId;
        using var added = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.AppendAllText(FilePath, added.ExportPkcs8PrivateKeyPem());

        using var keys = new MemberKeyFile(FilePath);

        Assert.NotEqual(former, keys.KeyId);
        Assert.Equal([former, keys.KeyId], JsonNode.Parse(keys.PublicKeys)!["keys"]!.AsArray().Select(key => (string?)key!["kid"]));
    }

    [Theory]
    [InlineData("words")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("public")]
    [InlineData("P-384")]
    [InlineData("secp256k1")]
    public void AFileThatHoldsNoKeyToSignWith_IsNamed(string content)
    {
        using (new MemberKeyFile(FilePath)) { }
        using var other = ECDsa.Create(content == "P-384" ? ECCurve.NamedCurves.nistP384 : ECCurve.CreateFromFriendlyName("secp256k1"));
        File.WriteAllText(FilePath, content switch
        {
            "public" => other.ExportSubjectPublicKeyInfoPem(),
            "P-384" or "secp256k1" => other.ExportPkcs8PrivateKeyPem(),
            _ => content,
        });
        Assert.Contains(FilePath, Assert.Throws<KeyFileException>(() => new MemberKeyFile(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatOthersMayRead_StopsTheStart()
    {
        if (OperatingSystem.IsWindows())
            return;
        using (new MemberKeyFile(FilePath)) { }
        File.SetUnixFileMode(FilePath, File.GetUnixFileMode(FilePath) | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<KeyFileException>(() => new MemberKeyFile(FilePath)).Message, StringComparison.Ordinal);
    }
}
