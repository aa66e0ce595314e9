using Hrms.Domain.Proofs;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Contract;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A consortium in which there is an account for each <see cref="Role"/>.</summary>
internal static class RightsBench
{
    public static readonly byte[] Pseudonym = Keccak256.Hash("registered"u8);

    public static async Task<ConsortiumBench> MakeAsync(AnyAccountChain chain)
    {
        var (member, owner, former) = (Account(Role.Member), Account(Role.LaneOwner), Account(Role.FormerMember));
        var (other, another) = (AnyAccountChain.Account("other member"), AnyAccountChain.Account("another member"));
        var bench = await ConsortiumBench.StartAsync(chain, member, owner, former, other, another);
        // Two of five approve proposal 1; when two have left, they are a majority that nobody has made use of.
        await SendAsync(owner, bench.Consortium, ConsortiumBench.Approve(await bench.ProposeAsync(member, ConsortiumBench.Pause(0))));
        await bench.DecideAsync(ConsortiumBench.Remove(former), member, owner, other);
        await bench.DecideAsync(ConsortiumBench.Remove(another), member, owner, other);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(0, owner, Account(Role.RetiredWriter)), member, owner);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(1, other, Account(Role.WriterOfAnotherLane)), member, owner);
        await SendAsync(owner, bench.Consortium, ConsortiumBench.Rotate(0, Account(Role.RetiringWriter), 0));
        await SendAsync(owner, bench.Consortium, ConsortiumBench.Rotate(0, Account(Role.Writer), 7 * 24 * 3600));
        await SendAsync(Account(Role.Writer), bench.PatientKeys, PatientKeyCalls.Register(0, Pseudonym, Pseudonym));
        return bench;

        async Task SendAsync(Address from, Address to, byte[] data) => Assert.True((await chain.SendAsync(from, to, data)).Succeeded);
    }

    public static Address Account(Role role) => AnyAccountChain.Account(role.ToString());

    public static Address Caller(ConsortiumBench bench, Role role) => role switch
    {
        Role.Vote => bench.Consortium,
        Role.Ledger => bench.Ledger,
        _ => Account(role),
    };

    public static Address Contract(ConsortiumBench bench, string name) => name switch
    {
        "HealthLedger" => bench.Ledger,
        "Consortium" => bench.Consortium,
        _ => bench.PatientKeys,
    };
}
