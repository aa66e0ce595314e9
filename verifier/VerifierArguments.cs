using Hrms.Ledger.Wire;

namespace Hrms.Verifier;

/// <summary>What the program was asked: a bundle, nodes to ask or files to check it against, and how to answer.</summary>
/// <param name="Fetch">Not to check, but to take the bundle's witness from a node.</param>
/// <param name="Keys">To check a consent artefact instead of a bundle: the members' public keys.</param>
/// <param name="Proof">With an artefact: the bundle of its event, to check whether the consent holds.</param>
internal sealed record VerifierArguments(
    bool Fetch, string Bundle, IReadOnlyList<Uri> Nodes, Address? Contract, string? Header, string? Validators, bool Json, string? Keys, string? Proof)
{
    public const string Usage =
        """
        Checks a proof bundle, or a history, against the ledger. Needs no server of ours, and no network when a node was asked before.

          hrms-verify <proof.json | -> --rpc <url>[,<url>...] [--contract <address>] [--json]
          hrms-verify <proof.json | -> --header <witness.json> --validators <trust.json> [--json]
          hrms-verify fetch <proof.json | -> --rpc <url>[,<url>...]
          hrms-verify artefact <consent.jws | -> --keys <keys.json> [--rpc <url>[,<url>...] [--contract <address>]] [--json]
          hrms-verify artefact <consent.jws | -> --keys <keys.json> --proof <proof.json> (--rpc … | --header … --validators …) [--json]

          --rpc         one or several JSON-RPC nodes; to check: that you trust. To fetch: any, nothing is believed of them
          --contract    the ledger contract's address as you know it; without it, the proof's is taken and only its code is checked
          --header      the block headers and trie nodes that fetch wrote
          --validators  which ledger and validators you trust: see docs/proof-bundle.md
          --json        answer as JSON
          fetch         writes the proof's witness to the standard output
          artefact      checks who signed a consent artefact, with no network: see docs/consent-artefact.md; with --rpc also whether
                        the patient's own key, when it signed, is registered on the ledger and in use
          --keys        the public keys (JWK set) of the members that you trust
          --proof       the proof of the artefact's event: whether it tells the same, and whether the consent still holds by the ledger

        Exit codes: 0 valid (or fetched), 1 not valid, 2 nothing could be checked (arguments, file, or no node answers).
        """;

    private bool MakesSense => Keys is not null && Proof is null
        ? !Fetch && (Nodes.Count > 0 || Contract is null) && Header is null && Validators is null
        : Fetch ? Nodes.Count > 0 && Header is null && Validators is null && Contract is null && !Json
        : Nodes.Count > 0 ? Header is null && Validators is null : Header is not null && Validators is not null && Contract is null;

    /// <summary>Null when the arguments make no sense.</summary>
    public static VerifierArguments? Parse(IReadOnlyList<string> arguments)
    {
        string? bundle = null, header = null, validators = null, keys = null, proof = null;
        List<Uri> nodes = [];
        Address? contract = null;
        var json = false;
        var fetch = arguments.Count > 0 && arguments[0] == "fetch";
        var artefact = arguments.Count > 0 && arguments[0] == "artefact";
        for (var i = fetch || artefact ? 1 : 0; i < arguments.Count; i++)
        {
            var value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--rpc" when ReadNodes(value) is { } urls:
                    nodes.AddRange(urls);
                    i++;
                    break;
                case "--contract" when Address.TryParse(value, out var address):
                    contract = address;
                    i++;
                    break;
                case "--header" when value is not null && header is null:
                    header = value;
                    i++;
                    break;
                case "--validators" when value is not null && validators is null:
                    validators = value;
                    i++;
                    break;
                case "--keys" when value is not null && keys is null && artefact:
                    keys = value;
                    i++;
                    break;
                case "--proof" when value is not null && proof is null && artefact:
                    proof = value;
                    i++;
                    break;
                case var other when bundle is null && (other == "-" || !other.StartsWith('-')):
                    bundle = other;
                    break;
                default:
                    return null;
            }
        }
        return bundle is not null && artefact == (keys is not null) && new VerifierArguments(fetch, bundle, nodes, contract, header, validators, json, keys, proof) is { MakesSense: true } asked ? asked : null;
    }

    private static List<Uri>? ReadNodes(string? list)
    {
        List<Uri> nodes = [];
        foreach (var text in (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
                return null;
            nodes.Add(url);
        }
        return nodes.Count > 0 ? nodes : null;
    }
}
