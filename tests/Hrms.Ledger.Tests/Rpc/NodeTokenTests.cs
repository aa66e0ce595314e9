using Hrms.BesuKit;
using Hrms.Domain.Ports;
using Hrms.Ledger.Rpc;
using Hrms.TestKit;

namespace Hrms.Ledger.Tests.Rpc;

/// <summary>Nodes that answer only to who brings a token.</summary>
[Trait("Feature", "109")]
public sealed class NodeTokenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string TokenFile => _folder["token"];

    [Fact]
    public async Task EachCall_CarriesTheTokenOfTheFile_AndARenewedOneAtOnce()
    {
        await using var node = await ScriptedNode.StartAsync(id => (200, $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":\"0x1\"}}"));
        using var nodes = new NodePool([node.Url], TimeSpan.FromSeconds(5), TokenFile);
        var (key, _) = RpcAccess.NewKeys();
        foreach (var hour in new[] { 1, 2 })
        {
            var token = RpcAccess.Token(key, DateTimeOffset.UnixEpoch.AddHours(hour), TimeSpan.FromHours(1), administers: false);
            Write(token + "\n", DateTime.UnixEpoch.AddHours(hour));
            await AskAsync(nodes);
            Assert.Equal($"Bearer {token}", node.Authorization);
        }
    }

    [Theory]
    [InlineData(null, UnixFileMode.UserRead, "can't be read")]
    [InlineData("", UnixFileMode.UserRead, "one token")]
    [InlineData("a b", UnixFileMode.UserRead, "one token")]
    [InlineData("token", UnixFileMode.UserRead | UnixFileMode.GroupRead, "chmod 600")]
    public async Task AFileThatIsNotAToken_IsNamed_AndNothingIsSent(string? content, UnixFileMode mode, string said)
    {
        await using var node = await ScriptedNode.StartAsync(_ => (200, "{}"));
        using var nodes = new NodePool([node.Url], TimeSpan.FromSeconds(5), TokenFile);
        if (content is not null)
        {
            Write(content, DateTime.UnixEpoch);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(TokenFile, mode);
        }

        var refused = await Assert.ThrowsAsync<LedgerUnavailableException>(() => AskAsync(nodes));

        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, node.Calls);
    }

    [Theory]
    [InlineData("http://node.example:8545", false)]
    [InlineData("https://node.example:8545", true)]
    [InlineData("http://127.0.0.1:8545", true)]
    public void AToken_IsSentOverHttps_OrToThisMachine(string node, bool fits)
    {
        var options = new LedgerOptions { Nodes = [node], TokenFile = TokenFile, KeyFile = "keys", ContractAddress = $"0x{new string('1', 40)}" };
        Assert.Equal(fits, new LedgerOptionsCheck().Validate(null, options).Succeeded);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<string?> AskAsync(NodePool nodes) => nodes.AskAsync(new RpcCall("eth_blockNumber"), result => result.GetString(), TestContext.Current.CancellationToken);

    private void Write(string content, DateTime at)
    {
        File.WriteAllText(TokenFile, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetLastWriteTimeUtc(TokenFile, at);
    }
}
