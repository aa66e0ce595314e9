using System.Text.Json;
using Hrms.Ledger.Contract;

namespace Hrms.Ledger.Tests.Support;

/// <summary>The committed ABIs, as signatures.</summary>
internal static class ContractAbi
{
    public static readonly string[] Contracts = ["HealthLedger", "Consortium", "PatientKeys"];

    public static IReadOnlyList<string> Functions(string contract) => Signatures(contract, "function");

    /// <summary>Errors of all contracts, each once.</summary>
    public static IReadOnlyList<string> Errors { get; } = [.. Contracts.SelectMany(contract => Signatures(contract, "error")).Distinct()];

    public static JsonElement Read(string contract)
    {
        using var stream = typeof(CompiledContract).Assembly.GetManifestResourceStream($"{contract}.json")!;
        using var artefact = JsonDocument.Parse(stream);
        return artefact.RootElement.Clone();
    }

    private static IReadOnlyList<string> Signatures(string contract, string type) =>
        [.. Read(contract).GetProperty("abi").EnumerateArray().Where(item => item.GetProperty("type").GetString() == type)
            .Select(item => item.GetProperty("name").GetString() + Types(item.GetProperty("inputs")))];

    private static string Types(JsonElement inputs) => $"({string.Join(',', inputs.EnumerateArray().Select(input =>
        input.TryGetProperty("components", out var parts) ? Types(parts) : input.GetProperty("type").GetString()))})";
}
