using Hrms.Domain.Proofs;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests.Support;

/// <summary>
/// What the ledger contract promises, in as few lines as can be. Each call tells how many events it leaves, or null when it is refused.
/// </summary>
internal sealed class LedgerModel(Address governor)
{
    public const int Lanes = 3;
    private readonly HashSet<Address> _used = [governor];

    internal sealed class Lane
    {
        public Address? Writer { get; set; }

        public (Address Account, long Until)? Previous { get; set; }

        public bool Paused { get; set; }

        public List<byte[]> Roots { get; } = [];
    }

    public IReadOnlyList<Lane> All { get; } = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane())];

    public HashSet<string> Nullifiers { get; } = [];

    public bool WasWriter(Address account) => account != governor && _used.Contains(account);

    public bool IsWriter(int lane, Address account, long time) =>
        All[lane].Writer == account || (All[lane].Previous is { } previous && previous.Account == account && time <= previous.Until);

    public int? Commit(Address by, int lane, long number, byte[] root, IReadOnlyList<byte[]> nullifiers, long time)
    {
        var roots = All[lane].Roots;
        if (!IsWriter(lane, by, time) || All[lane].Paused || number < 1 || number > roots.Count + 1)
            return null;
        if (number <= roots.Count)
            return roots[(int)number - 1].AsSpan().SequenceEqual(root) ? 0 : null;
        roots.Add(root);
        return 1 + nullifiers.Count(nullifier => Nullifiers.Add(Hex.Of(nullifier)));
    }

    public int? SetWriter(Address by, int lane, Address? writer, long overlap, long time)
    {
        if (by != governor || (writer is { } account && !_used.Add(account)))
            return null;
        All[lane].Previous = writer is not null && overlap > 0 && All[lane].Writer is { } before ? (before, time + overlap) : null;
        All[lane].Writer = writer;
        return 1;
    }

    public int? SetPaused(Address by, int lane, bool paused)
    {
        if (by != governor)
            return null;
        var changes = All[lane].Paused != paused;
        All[lane].Paused = paused;
        return changes ? 1 : 0;
    }
}
