using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hrms.BesuKit;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Signing;
using Hrms.TestKit;

namespace Hrms.Ledger.Tests.Deploy;

/// <summary>What the kit makes for four validators is read back and held against the consensus' encoding, Besu's options and the compose file. Besu is not run.</summary>
[Trait("Feature", "109")]
public sealed class BesuKitTests
{
    private const string Writer = "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf";

    [Theory]
    [InlineData("qbft", 1), InlineData("qbft", 2), InlineData("ibft2", 1), InlineData("ibft2", 2)]
    public void Genesis_ListsTheValidatorsAsTheConsensusWritesThem_OnLondonRulesWithFreeGas(string consensus, int period)
    {
        using var folder = new TemporaryFolder();
        Run("trial", folder["network"], consensus, $"{period}", Writer);
        var genesis = JsonNode.Parse(File.ReadAllText(folder["network/public/genesis.json"]))!;
        var config = genesis["config"]!;

        var rules = consensus == "qbft" ? Consensus.Qbft : Consensus.Ibft2;
        Assert.True(Hex.TryParse(genesis["extraData"]!.GetValue<string>(), out var encoded));
        var extra = ValidatorExtraData.Read(rules, encoded);
        var keys = Enumerable.Range(1, 4).Select(i => KeyOf(folder, i)).ToArray();
        Assert.Equal(keys.Select(key => key.Address.ToString()).Order(StringComparer.Ordinal), extra.Validators.Select(validator => Hex.Of(validator)));
        Assert.Equal((0u, 0, true), (extra.Round, extra.Seals.Count, extra.Vote is null));
        Assert.Equal((0, true), (config["londonBlock"]!.GetValue<int>(), config["zeroBaseFee"]!.GetValue<bool>()));
        Assert.Null(config["shanghaiTime"]);
        Assert.Equal((period, 4 * period), (config[consensus]!["blockperiodseconds"]!.GetValue<int>(), config[consensus]!["requesttimeoutseconds"]!.GetValue<int>()));
        Assert.Null(config[consensus == "qbft" ? "ibft2" : "qbft"]);

        var enodes = JsonNode.Parse(File.ReadAllText(folder["network/public/static-nodes.json"]))!.AsArray().Select(node => node!.GetValue<string>()).ToArray();
        Assert.Equal(keys.Select((key, i) => $"enode://{Convert.ToHexStringLower(key.PublicKey)}@172.28.0.1{i + 1}:30303"), enodes);
        var permissions = File.ReadAllText(folder["network/public/permissions.toml"]);
        Assert.All(enodes.Append(Writer), permitted => Assert.Contains($"\"{permitted}\"", permissions));
    }

    [Theory]
    [InlineData("qbft", "QBFT"), InlineData("ibft2", "IBFT")]
    public void Settings_AreOptionsOfBesu_AndThoseThatTheLedgerNeeds(string consensus, string api)
    {
        using var folder = new TemporaryFolder();
        Run("trial", folder["network"], consensus, "1");
        var settings = File.ReadLines(folder["network/public/node.toml"]).Where(line => line.Contains('=') && !line.StartsWith('#'))
            .ToDictionary(line => line[..line.IndexOf('=')], line => line[(line.IndexOf('=') + 1)..]);
        var options = File.ReadLines(Here("besu-options.txt")).ToHashSet();

        Assert.All(settings.Keys, name => Assert.Contains(name, options));
        (string, string)[] needed =
        [
            ("tx-pool", "\"SEQUENCED\""), ("tx-pool-limit-by-account-percentage", "0.15"), ("tx-pool-enable-save-restore", "true"), ("min-gas-price", "0"),
            ("rpc-http-authentication-enabled", "true"), ("rpc-http-max-batch-size", "1024"), ("permissions-nodes-config-file-enabled", "true"),
            ("permissions-accounts-config-file-enabled", "true"), ("discovery-enabled", "false"),
        ];
        Assert.All(needed, setting => Assert.Equal(setting.Item2, settings[setting.Item1]));
        Assert.Contains($"\"{api}\"", settings["rpc-http-api"]);
    }

    [Fact]
    public void ComposeFile_AndSettings_NameOnlyFilesThatTheKitMakes()
    {
        using var folder = new TemporaryFolder();
        Run("trial", folder["network"], "qbft", "1");
        var compose = File.ReadAllText(Here("../../../deploy/besu/compose.yaml"));

        var mounts = Regex.Matches(compose, @"- \./(network/\S+?):(/\S+?):ro").Select(mount => (From: mount.Groups[1].Value, To: mount.Groups[2].Value)).ToArray();
        Assert.Equal(8, mounts.Length);
        Assert.All(mounts, mount => Assert.True(Directory.Exists(folder[mount.From]), mount.From));
        var named = Regex.Matches(compose + File.ReadAllText(folder["network/public/node.toml"]), @"(?<![.\w])(/(?:network|node)/[\w.-]+)").Select(path => path.Groups[1].Value).Distinct().ToArray();
        Assert.Contains("/network/node.toml", named);
        Assert.All(named, path => Assert.True(
            File.Exists(folder[path.Replace("/network/", "network/public/").Replace("/node/", "network/nodes/validator1/")]), path));
        foreach (var address in Enumerable.Range(1, 4).Select(i => $"172.28.0.1{i}"))
            Assert.Contains($"ipv4_address: {address}\n", compose);
    }

    [Fact]
    public void Keys_AreReadableToTheirOwnerAlone_AndNeverWrittenOver()
    {
        using var folder = new TemporaryFolder();
        Run("trial", folder["network"], "qbft", "1");
        if (!OperatingSystem.IsWindows())
        {
            var modes = (File.GetUnixFileMode(folder["network/nodes/validator1/key"]), File.GetUnixFileMode(folder["network/rpc-private.pem"]));
            Assert.Equal((UnixFileMode.UserRead | UnixFileMode.UserWrite, UnixFileMode.UserRead | UnixFileMode.UserWrite), modes);
        }
        Assert.False(File.Exists(folder["network/public/rpc-private.pem"]));
        Assert.Equal(1, KitProgram.Run(["key", folder["network/nodes/validator1"]], TextWriter.Null, TextWriter.Null));
    }

    [Fact]
    public void Token_IsSignedForTheNodesKey_AndSaysWhatMayBeCalledUntilWhen()
    {
        using var folder = new TemporaryFolder();
        Run("trial", folder["network"], "qbft", "1");
        var parts = Run("token", folder["network/rpc-private.pem"], "2").Trim().Split('.');
        var claims = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))!;

        using var key = RSA.Create();
        key.ImportFromPem(File.ReadAllText(folder["network/public/rpc-public.pem"]));
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal(["eth:*", "net:*", "web3:*"], claims["permissions"]!.AsArray().Select(permission => permission!.GetValue<string>()));
        Assert.Equal(7200, claims["exp"]!.GetValue<long>() - claims["iat"]!.GetValue<long>());
    }

    [Fact]
    public void EveryMember_MakesTheSameFilesFromTheSameList_AndAWrongListIsRefusedWithItsPlace()
    {
        using var folder = new TemporaryFolder();
        Run("trial", folder["network"], "ibft2", "2", Writer);
        Run("network", folder["network/members.json"], folder["again"]);
        Assert.All(Directory.GetFiles(folder["again"]), file => Assert.Equal(File.ReadAllText(folder[$"network/public/{Path.GetFileName(file)}"]), File.ReadAllText(file)));

        var list = File.ReadAllText(folder["network/members.json"]);
        (string Says, string List)[] wrong =
        [
            ("consensus", list.Replace("ibft2", "clique")), ("172.28.0.300", list.Replace("172.28.0.11", "172.28.0.300")), ("Writer", list.Replace(Writer, "0x12")),
            ("blockPeriodSeconds", list.Replace("\"blockPeriodSeconds\": 2", "\"blockPeriodSeconds\": 0")), ("misshapen", "{"), ("same name", list.Replace("validator2", "validator1")),
        ];
        foreach (var (says, text) in wrong)
            Assert.Contains(says, Assert.Throws<FormatException>(() => Members.Read(text)).Message);
    }

    private static string Run(params string[] arguments)
    {
        var (said, errors) = (new StringWriter(), new StringWriter());
        Assert.Equal((0, ""), (KitProgram.Run(arguments, said, errors), errors.ToString()));
        return said.ToString();
    }

    private static SigningKey KeyOf(TemporaryFolder folder, int validator) =>
        Hex.TryParse(File.ReadAllText(folder[$"network/nodes/validator{validator}/key"]), out var secret) ? new SigningKey(secret) : throw new FormatException("no key");

    private static string Here(string path, [CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, path);
}
