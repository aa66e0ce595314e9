using System.Net;
using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Domain.Proofs.Chain;
using Hrms.Ledger.Wire;

namespace Hrms.BesuKit;

/// <summary>What the members of a network agree on, as the file members.json.</summary>
/// <param name="Consensus"><c>qbft</c> or <c>ibft2</c>.</param>
/// <param name="BlockPeriodSeconds">1 or more; the time-out of a round is four times that.</param>
/// <param name="Writers">Accounts that may send: the administrator's and the lanes'.</param>
/// <param name="CreatedAt">The first block's time, Unix seconds: part of its hash, so it is written down.</param>
public sealed record Members(
    string Consensus, long ChainId, int BlockPeriodSeconds, long CreatedAt, IReadOnlyList<Member> Validators, IReadOnlyList<string> Writers)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    public Consensus Rules => Consensus == "qbft" ? Domain.Proofs.Chain.Consensus.Qbft : Domain.Proofs.Chain.Consensus.Ibft2;

    /// <exception cref="FormatException">The file is not such a list; says where.</exception>
    public static Members Read(string json)
    {
        Members members;
        try
        {
            members = JsonSerializer.Deserialize<Members>(json, Options) ?? throw new FormatException("The file is empty.");
        }
        catch (JsonException misshapen)
        {
            throw new FormatException($"The list of members is misshapen at {misshapen.Path}: {misshapen.Message}", misshapen);
        }
        return members.Problem is { } problem ? throw new FormatException(problem) : members;
    }

    public string Write() => JsonSerializer.Serialize(this, Options);

    private string? Problem =>
        Consensus is not ("qbft" or "ibft2") ? $"consensus is 'qbft' or 'ibft2', not '{Consensus}'."
        : ChainId < 1 ? "chainId is a positive number of your own."
        : BlockPeriodSeconds is < 1 or > 60 ? "blockPeriodSeconds is 1 to 60."
        : CreatedAt < 0 ? "createdAt is in Unix seconds."
        : Validators.Count == 0 ? "At least one validator is needed; with fewer than four none may fail."
        : Validators.FirstOrDefault(validator => validator.Problem is not null) is { } wrong ? $"Validator '{wrong.Name}': {wrong.Problem}"
        : Validators.DistinctBy(validator => validator.PublicKey).Count() != Validators.Count ? "Two validators have the same key."
        : Validators.DistinctBy(validator => validator.Name).Count() != Validators.Count ? "Two validators have the same name."
        : Writers.FirstOrDefault(writer => !Address.TryParse(writer, out _)) is { } account ? $"Writer '{account}' is not 0x and 40 hexadecimal digits."
        : null;
}

/// <summary>A member's node.</summary>
/// <param name="Host">Its IP address: Besu does not resolve names in such lists by default.</param>
/// <param name="PublicKey">64 bytes, as the kit's command <c>key</c> prints them.</param>
public sealed record Member(string Name, string Host, int Port, string PublicKey)
{
    public string Enode => $"enode://{PublicKey[2..]}@{Host}:{Port}";

    public byte[] Address => Hex.TryParse(PublicKey, out var key) ? Ledger.Wire.Address.OfPublicKey(key).Bytes.ToArray() : [];

    internal string? Problem =>
        Name.Length == 0 || Name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-') ? "a name has letters, digits and hyphens."
        : !IPAddress.TryParse(Host, out _) ? $"'{Host}' is not an IP address."
        : Port is < 1 or > 65535 ? "the port is 1 to 65535."
        : !Hex.TryParse(PublicKey, out var key) || key.Length != 64 ? "publicKey is 0x and 128 lower-case hexadecimal digits."
        : null;
}
