using System.ComponentModel.DataAnnotations;
using Hrms.Ledger.Wire;
using Microsoft.Extensions.Options;

namespace Hrms.Ledger;

/// <summary>Which chain, which contract, which keys. A wrong value stops the start.</summary>
public sealed class LedgerOptions
{
    /// <summary>Addresses of JSON-RPC nodes of one chain, http or https. Any of them may fail; each is asked in turn.</summary>
    public IList<string> Nodes { get; set; } = [];

    /// <summary>
    /// A file (mode 0600) with the bearer token that the nodes ask for, read anew when it changes. Null: none. Needs https, but on this machine: a token that is overheard
    /// is everybody's.
    /// </summary>
    public string? TokenFile { get; set; }

    /// <summary>How long one node may take for one call before the next is asked. Default 5 s: some blocks of a consortium's chain.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many lanes the streams are spread over, each with a signing key. Default 1.</summary>
    [Range(1, 64)]
    public int LaneCount { get; set; } = 1;

    /// <summary>Which lane of the shared ledger is this member's first; its others follow. Default 0, and always 0 when embedded.</summary>
    [Range(0, int.MaxValue - 64)]
    public int FirstLane { get; set; }

    /// <summary>
    /// Whether one more lane, after this installation's last, registers patients' keys. It carries no batches; its key is the next in the key file. Default false.
    /// </summary>
    public bool RegistersPatientKeys { get; set; }

    /// <summary>How many lanes have a key of this installation's.</summary>
    internal int KeyCount => LaneCount + (RegistersPatientKeys ? 1 : 0);

    /// <summary>
    /// True: this installation owns its chain, makes its keys, deploys the contract, and deploys it again when the chain has lost it. False (default):
    /// a consortium did all that, and whatever differs from its words is an alarm.
    /// </summary>
    public bool Embedded { get; set; }

    /// <summary>The file with the lanes' keys; see <see cref="Signing.LaneKeyFile"/>.</summary>
    [Required]
    public string KeyFile { get; set; } = "";

    /// <summary>The contract's address, <c>0x</c> and 40 digits. Needed unless embedded; checked against the stored one when given.</summary>
    public string? ContractAddress { get; set; }

    /// <summary>The chain's id. Checked when given: a node of another network is refused even on the first start.</summary>
    public ulong? ChainId { get; set; }

    /// <summary>How long the embedded mode waits for each transaction of the deployment. Default 30 s: many blocks.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan DeploymentPatience { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>What attributes can't say of <see cref="LedgerOptions"/>.</summary>
internal sealed class LedgerOptionsCheck : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        List<string> wrong = [];
        if (options.Nodes.Count == 0)
            wrong.Add("Ledger nodes: at least one address is needed.");
        wrong.AddRange(options.Nodes.Where(node => !IsNode(node)).Select(_ => "Ledger nodes: each is an absolute http or https address."));
        if (options.TokenFile is not null && options.Nodes.Any(node => Uri.TryCreate(node, UriKind.Absolute, out var url) && url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback))
            wrong.Add("Ledger token file: a token is sent over https, or to this machine. Give the nodes' https addresses.");
        if (options.ContractAddress is { } address && !Address.TryParse(address, out _))
            wrong.Add($"Ledger contract address '{address}' is not 0x and 40 hexadecimal digits.");
        if (!options.Embedded && options.ContractAddress is null)
            wrong.Add("Ledger contract address: needed unless the ledger is embedded.");
        if (options is { Embedded: true, FirstLane: not 0 })
            wrong.Add("Ledger first lane: an installation that owns its chain begins with lane 0.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsNode(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
