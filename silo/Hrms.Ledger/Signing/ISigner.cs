using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Signing;

/// <summary>Signs for one account. A key in memory (<see cref="SigningKey"/>) is one; a hardware module can be another.</summary>
public interface ISigner
{
    Address Address { get; }

    /// <summary>Signs a 32-byte hash; the same hash always gets the same signature.</summary>
    Signature Sign(ReadOnlySpan<byte> hash);
}

/// <summary>The accounts this installation writes with: one for each lane, and in the embedded mode the one that deploys and grants.</summary>
public interface ILaneKeys
{
    /// <summary>The key that the lane writes with now.</summary>
    /// <exception cref="LaneKeysException">There is no key for the lane.</exception>
    ISigner Lane(int lane);

    /// <summary>
    /// Has the lane write with the key of this account from now on: the members gave the lane another one. Called by whoever has compared with the contract, for the lane
    /// whose writer asked and no other.
    /// </summary>
    /// <returns>False when there is no such key here.</returns>
    bool Use(int lane, Address account);

    /// <exception cref="LaneKeysException">There is none: the consortium administers the contract.</exception>
    ISigner Administrator { get; }
}

/// <summary>A key that is needed can't be had. The message names the place and what to do.</summary>
public sealed class LaneKeysException(string message, Exception? inner = null) : Exception(message, inner);
