using System.Text.Json;
using Hrms.Domain.Proofs;

namespace Hrms.Ledger.Contract;

/// <summary>A compiled contract, built into this assembly from <c>contracts/ledger/abi</c>.</summary>
/// <param name="Bytecode">What the constructor's arguments are appended to in the deployment.</param>
/// <param name="DeployedCodeHash">The hash of the code that stands on a chain after the deployment. A contract with another is not ours.</param>
public sealed record CompiledContract(byte[] Bytecode, byte[] DeployedCodeHash)
{
    /// <summary>Members, votes and lanes; its deployment creates the other two.</summary>
    public static CompiledContract Consortium { get; } = Read("Consortium");

    public static CompiledContract HealthLedger { get; } = Read("HealthLedger");

    public static CompiledContract PatientKeys { get; } = Read("PatientKeys");

    private static CompiledContract Read(string name)
    {
        using var stream = typeof(CompiledContract).Assembly.GetManifestResourceStream($"{name}.json")!;
        using var document = JsonDocument.Parse(stream);
        return new CompiledContract(Bytes("bytecode"), Bytes("deployedBytecodeHash"));

        byte[] Bytes(string property) => Hex.TryParse(document.RootElement.GetProperty(property).GetString(), out var bytes)
            ? bytes
            : throw new InvalidDataException($"{name}.json: '{property}' is not hexadecimal. Compile the contracts again (contracts/ledger).");
    }
}
