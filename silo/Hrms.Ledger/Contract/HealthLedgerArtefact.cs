namespace Hrms.Ledger.Contract;

/// <summary>The ledger contract that this version writes to.</summary>
public static class HealthLedgerArtefact
{
    /// <summary>The hash of the code that stands on a chain after the deployment.</summary>
    public static byte[] DeployedCodeHash => CompiledContract.HealthLedger.DeployedCodeHash;

    /// <summary>Whether this is the code of a ledger contract of ours, this version's or the one before, whose proofs hold as they did.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> codeHash) => HealthLedgerStorage.OfCode(codeHash) is not null;
}
