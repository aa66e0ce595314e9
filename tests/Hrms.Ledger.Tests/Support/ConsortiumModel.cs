using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A voted action as the model does it: asked whether it would be done, then done; how many events, or null.</summary>
internal delegate int? ModelAction(long time);

/// <summary>What the consortium's contract promises, over the <see cref="LedgerModel"/> that it governs. Refused calls change nothing.</summary>
internal sealed class ConsortiumModel(Address self, params Address[] founders)
{
    private const long VotingPeriod = 14 * 24 * 3600;
    private readonly HashSet<Address> _ever = [.. founders, self];
    private readonly List<Proposal> _proposals = [];
    private readonly Address?[] _owners = new Address?[LedgerModel.Lanes];

    private sealed record Proposal(ModelAction Action, long Deadline)
    {
        public HashSet<Address> Approvals { get; } = [];

        public bool Executed { get; set; }
    }

    public LedgerModel Ledger { get; } = new(self);

    public HashSet<Address> Members { get; } = [.. founders];

    public int Proposals => _proposals.Count;

    public bool WasMember(Address account) => account != self && _ever.Contains(account);

    public Address? OwnerOf(int lane) => _owners[lane];

    public int? Propose(Address by, ModelAction action, long time)
    {
        if (!Members.Contains(by))
            return null;
        _proposals.Add(new Proposal(action, time + VotingPeriod));
        if (Approve(by, _proposals.Count, time) is { } events)
            return 1 + events;
        _proposals.RemoveAt(_proposals.Count - 1);
        return null;
    }

    public int? Approve(Address by, int number, long time)
    {
        if (Open(by, number, time) is not { } proposal)
            return null;
        if (!proposal.Approvals.Add(by))
            return 0;
        if (!IsMajority(proposal))
            return 1;
        if (Done(proposal, time) is { } events)
            return 1 + events;
        proposal.Approvals.Remove(by);
        return null;
    }

    public int? Withdraw(Address by, int number, long time) => Open(by, number, time) is { } proposal ? proposal.Approvals.Remove(by) ? 1 : 0 : null;

    public int? Execute(Address by, int number, long time) =>
        Open(by, number, time) is { } proposal && IsMajority(proposal) ? Done(proposal, time) : null;

    public int? Rotate(Address by, int lane, Address writer, long overlap, long time) =>
        _owners[lane] == by && !WasMember(writer) ? Ledger.SetWriter(self, lane, writer, overlap, time) : null;

    public ModelAction Admit(Address account) => _ =>
        Members.Count < 64 && !Ledger.WasWriter(account) && _ever.Add(account) && Members.Add(account) ? 1 : null;

    public ModelAction Remove(Address account) => time =>
    {
        if (Members.Count == 1 || !Members.Remove(account))
            return null;
        var events = 1;
        for (var lane = 0; lane < LedgerModel.Lanes; lane++)
            if (_owners[lane] == account)
            {
                _owners[lane] = null;
                events += Ledger.SetWriter(self, lane, null, 0, time)!.Value;
            }
        return events;
    };

    public ModelAction Assign(int lane, Address member, Address writer) => time =>
    {
        if (!Members.Contains(member) || WasMember(writer) || Ledger.SetWriter(self, lane, writer, 0, time) is not { } events)
            return null;
        _owners[lane] = member;
        return 1 + events;
    };

    public ModelAction SetPaused(int lane, bool paused) => _ => Ledger.SetPaused(self, lane, paused);

    private Proposal? Open(Address by, int number, long time) =>
        Members.Contains(by) && number >= 1 && number <= _proposals.Count && _proposals[number - 1] is { Executed: false } proposal && time <= proposal.Deadline
            ? proposal
            : null;

    private bool IsMajority(Proposal proposal) => 2 * proposal.Approvals.Count(Members.Contains) > Members.Count;

    private static int? Done(Proposal proposal, long time)
    {
        if (proposal.Action(time) is not { } events)
            return null;
        proposal.Executed = true;
        return events + 1;
    }
}
