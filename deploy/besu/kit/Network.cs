using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;

namespace Hrms.BesuKit;

/// <summary>The files that all nodes of a network share, made from its list of members: the same list gives the same bytes, so that each member can make them.</summary>
public static class Network
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>File names and their texts.</summary>
    public static IReadOnlyDictionary<string, string> Files(Members members) => new Dictionary<string, string>
    {
        ["genesis.json"] = Genesis(members),
        ["static-nodes.json"] = JsonSerializer.Serialize(members.Validators.Select(validator => validator.Enode), Indented) + "\n",
        ["permissions.toml"] = $"nodes-allowlist=[{Quoted(members.Validators.Select(validator => validator.Enode))}]\naccounts-allowlist=[{Quoted(members.Writers)}]\n",
        ["node.toml"] = $"{Template("node.toml")}\nrpc-http-api=[\"ETH\",\"NET\",\"WEB3\",\"TXPOOL\",\"PERM\",\"{(members.Rules == Consensus.Qbft ? "QBFT" : "IBFT")}\"]\n",
    };

    private static string Genesis(Members members)
    {
        var genesis = JsonNode.Parse(Template($"{members.Consensus}.json"))!;
        genesis["config"]!["chainId"] = members.ChainId;
        genesis["config"]![members.Consensus]!["blockperiodseconds"] = members.BlockPeriodSeconds;
        genesis["config"]![members.Consensus]!["requesttimeoutseconds"] = 4 * members.BlockPeriodSeconds;
        genesis["timestamp"] = "0x" + members.CreatedAt.ToString("x", CultureInfo.InvariantCulture);
        genesis["extraData"] = Hex.Of(ValidatorExtraData.Genesis(members.Validators.Select(validator => validator.Address)).Encode(members.Rules, ExtraDataPart.Whole));
        return genesis.ToJsonString(Indented) + "\n";
    }

    private static string Quoted(IEnumerable<string> values) => string.Join(',', values.Select(value => $"\"{value}\""));

    private static string Template(string name)
    {
        using var reader = new StreamReader(typeof(Network).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
