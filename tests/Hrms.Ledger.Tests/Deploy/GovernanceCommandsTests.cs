using System.Text.RegularExpressions;
using Hrms.BesuKit;
using Hrms.TestKit;

namespace Hrms.Ledger.Tests.Deploy;

/// <summary>What members do with the kit's commands, as the runbook says it, on a real node: each line is what a person would type, and read.</summary>
[Trait("Feature", "88")]
public sealed partial class GovernanceCommandsTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string _consortium = "";

    private string Rpc => node.RpcUrl.ToString();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ThreeHospitals_FoundAConsortium_ShareItsLanes_ReplaceAKey_AdmitAFourth_AndPauseALane()
    {
        var (north, south, west, east) = (NewAccount("north"), NewAccount("south"), NewAccount("west"), NewAccount("east"));
        var deployed = await SaysAsync("deploy", KeyOf("north"), Rpc, north, south, west);
        _consortium = Named("consortium", deployed);
        Assert.Equal([north, south, west], Members(await ShownAsync()));

        // South gets lane 0 with its first key: two of three are a majority.
        var writer = NewAccount("writer");
        Assert.Equal("proposal 1: 1 approve; open until", Begin(await ActsAsync("propose", "north", "assign", "0", south, writer)));
        Assert.Equal("proposal 1: done", await ActsAsync("approve", "west", "1"));
        Assert.Contains($"lane 0 of {south}: written by {writer}, 0 batches", await ShownAsync(), StringComparison.Ordinal);

        // Its owner replaces the key, which writes on for an hour; nobody else can.
        var next = NewAccount("next");
        Assert.Equal($"lane 0 is written by {next}; the key before still writes for 3600 s", await ActsAsync("rotate", "south", "0", next, "3600"));
        Assert.Contains($"written by {next}, 0 batches; before by {writer}, until", await ShownAsync(), StringComparison.Ordinal);
        await IsRefusedAsync("rotate", "north", "0", writer, "0");

        await ActsAsync("propose", "south", "admit", east);
        Assert.Equal("proposal 2: done", await ActsAsync("approve", "north", "2"));
        Assert.Equal([north, south, west, east], Members(await ShownAsync()));

        // Of four it takes three.
        await ActsAsync("propose", "east", "pause", "0");
        Assert.Equal("proposal 3: 2 approve; open until", Begin(await ActsAsync("approve", "north", "3")));
        Assert.Equal("proposal 3: done", await ActsAsync("approve", "west", "3"));
        Assert.Contains(", paused", await ShownAsync(), StringComparison.Ordinal);
        await ActsAsync("propose", "east", "resume", "0");
        await ActsAsync("approve", "north", "4");
        await ActsAsync("approve", "west", "4");
        Assert.DoesNotContain(", paused", await ShownAsync(), StringComparison.Ordinal);

        await ActsAsync("propose", "north", "remove", south);
        await ActsAsync("approve", "west", "5");
        await ActsAsync("approve", "east", "5");
        Assert.Equal(new[] { north, west, east }.Order(StringComparer.Ordinal), Members(await ShownAsync()).Order(StringComparer.Ordinal));
        await IsRefusedAsync("propose", "south", "admit", south);
    }

    [Fact]
    public async Task WhoIsNoMember_AndWhatIsMistyped_IsRefused_WithWhatToDo()
    {
        var (founder, stranger) = (NewAccount("founder"), NewAccount("stranger"));
        _consortium = Named("consortium", await SaysAsync("deploy", KeyOf("founder"), Rpc, founder));
        await IsRefusedAsync("propose", "stranger", "admit", stranger);
        await IsRefusedAsync("approve", "founder", "99");
        Assert.Equal([founder], Members(await ShownAsync()));

        Assert.Contains("no key", await FailsAsync(1, "propose", _folder["founder/address"], Rpc, _consortium, "admit", founder), StringComparison.Ordinal);
        Assert.Contains("no account", await FailsAsync(1, "propose", KeyOf("founder"), Rpc, _consortium, "admit", "0x12"), StringComparison.Ordinal);
        Assert.Contains("no lane's number", await FailsAsync(1, "propose", KeyOf("founder"), Rpc, _consortium, "pause", "-1"), StringComparison.Ordinal);
        Assert.Contains("no node's address", await FailsAsync(1, "consortium", "here", _consortium), StringComparison.Ordinal);
        Assert.Contains("hrms-besu-kit propose", await FailsAsync(2, "propose", KeyOf("founder"), Rpc, _consortium, "marry", founder), StringComparison.Ordinal);
        Assert.Contains("no consortium", await FailsAsync(1, "consortium", Rpc, stranger), StringComparison.Ordinal);
        // A port at which nothing answers.
        Assert.Contains("127.0.0.1:9", await FailsAsync(1, "consortium", "http://127.0.0.1:9", _consortium), StringComparison.Ordinal);
    }

    /// <summary>A member's account, as the kit makes it.</summary>
    private string NewAccount(string member)
    {
        var (said, errors) = (new StringWriter(), new StringWriter());
        Assert.Equal((0, ""), (KitProgram.Run(["key", _folder[member]], said, errors), errors.ToString()));
        var address = Named("address", said.ToString());
        File.WriteAllText(_folder[$"{member}/address"], address);
        return address;
    }

    private string KeyOf(string member) => _folder[$"{member}/key"];

    private Task<string> ShownAsync() => SaysAsync("consortium", Rpc, _consortium);

    private Task<string> ActsAsync(string command, string member, params string[] words) => SaysAsync([command, KeyOf(member), Rpc, _consortium, .. words]);

    private async Task IsRefusedAsync(string command, string member, params string[] words) =>
        Assert.Contains("The contract refuses it", await FailsAsync(1, [command, KeyOf(member), Rpc, _consortium, .. words]), StringComparison.Ordinal);

    private static async Task<string> SaysAsync(params string[] arguments)
    {
        var (said, errors) = (new StringWriter(), new StringWriter());
        Assert.Equal((0, ""), (await Hrms.BesuKit.Governance.RunAsync(arguments, said, errors, TestContext.Current.CancellationToken), errors.ToString()));
        return said.ToString().TrimEnd();
    }

    private static async Task<string> FailsAsync(int exitCode, params string[] arguments)
    {
        var (said, errors) = (new StringWriter(), new StringWriter());
        Assert.Equal((exitCode, ""), (await Hrms.BesuKit.Governance.RunAsync(arguments, said, errors, TestContext.Current.CancellationToken), said.ToString()));
        return errors.ToString();
    }

    private static string Named(string name, string said) => Regex.Match(said, $@"^{name}\s+(0x[0-9a-f]{{40}})\r?$", RegexOptions.Multiline).Groups[1].Value;

    private static string[] Members(string shown) => [.. MemberLine().Matches(shown).Select(line => line.Groups[1].Value)];

    private static string Begin(string said) => said[..said.IndexOf(" 20", StringComparison.Ordinal)];

    [GeneratedRegex(@"^member\s+(0x[0-9a-f]{40})", RegexOptions.Multiline)]
    private static partial Regex MemberLine();
}
