using System.Text.Json;
using Hrms.Domain.Proofs;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>The contracts' errors by name, from their committed ABI: contracts/ledger/ERRORS.md says of each what to do.</summary>
internal static class ContractErrors
{
    private static readonly Dictionary<string, string> Names = new[] { "Consortium", "HealthLedger", "PatientKeys" }.SelectMany(Read)
        .DistinctBy(error => error.Selector).ToDictionary(error => error.Selector, error => error.Name);

    /// <summary>Null when the data are those of no error of ours.</summary>
    /// <param name="data">Revert data, <c>0x</c> and hexadecimal.</param>
    public static string? NameOf(string? data) => data is { Length: >= 10 } ? Names.GetValueOrDefault(data[..10].ToLowerInvariant()) : null;

    private static IEnumerable<(string Selector, string Name)> Read(string contract)
    {
        using var stream = typeof(ContractErrors).Assembly.GetManifestResourceStream($"{contract}.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("abi").EnumerateArray().Where(item => item.GetProperty("type").GetString() == "error").Select(error =>
        {
            var name = error.GetProperty("name").GetString()!;
            var types = error.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("type").GetString());
            return (Hex.Of(AbiCall.Selector($"{name}({string.Join(',', types)})")), name);
        })];
    }
}
