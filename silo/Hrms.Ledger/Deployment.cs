using Hrms.Domain.Ports;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;
using Hrms.Ledger.Signing;

namespace Hrms.Ledger;

/// <summary>
/// The transactions that set up the contracts in the embedded mode: nonce 0 of the administrator creates a consortium of which it is the one member, and with
/// it the ledger; nonce <c>lane + 1</c> decides that the lane's key may write. The same keys and chain always give the same bytes and the same addresses.
/// </summary>
internal static class Deployment
{
    // Measured: 4,766,000 and 326,000 (contracts/ledger/gas.json). Part of the signed bytes, so that they never change for a database that has them.
    private const ulong CreateGas = 8_000_000;
    private const ulong AssignGas = 1_000_000;

    public static LedgerDeployment Sign(ILaneKeys keys, int laneCount, ulong chainId, byte[] genesisHash)
    {
        var administrator = keys.Administrator;
        var contract = ConsortiumCalls.LedgerOf(ConsortiumOf(administrator.Address));
        var create = new LegacyTransaction(0, CreateGas, null, ConsortiumCalls.Deployment(administrator.Address)).Sign(administrator, chainId).Transaction;
        var assignments = Enumerable.Range(0, laneCount).Select(lane => Assign(keys, chainId, lane));
        return new LedgerDeployment(chainId, genesisHash, contract.Bytes.ToArray(), HealthLedgerArtefact.DeployedCodeHash, [create, .. assignments]);
    }

    /// <summary>A lane that came later has the next nonce, and signing it again gives the same bytes.</summary>
    public static byte[] Assign(ILaneKeys keys, ulong chainId, int lane)
    {
        var administrator = keys.Administrator;
        var vote = ConsortiumCalls.Propose(ConsortiumCalls.AssignLane(lane, administrator.Address, keys.Lane(lane).Address));
        return new LegacyTransaction((ulong)lane + 1, AssignGas, ConsortiumOf(administrator.Address), vote).Sign(administrator, chainId).Transaction;
    }

    /// <summary>Where the consortium of an embedded installation is.</summary>
    public static Address ConsortiumOf(Address administrator) => Address.OfContract(administrator, 0);
}
