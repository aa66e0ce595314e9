using Hrms.Ledger.Contract;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests.Support;

/// <summary>A consortium of its own on a chain that takes any account's transactions, with its ledger and register of patients' keys.</summary>
internal sealed class ConsortiumBench
{
    private ConsortiumBench(AnyAccountChain chain, Address consortium) => (Chain, Consortium) = (chain, consortium);

    public AnyAccountChain Chain { get; }

    public Address Consortium { get; }

    public Address Ledger => ConsortiumCalls.LedgerOf(Consortium);

    public Address PatientKeys => ConsortiumCalls.PatientKeysOf(Consortium);

    public static async Task<ConsortiumBench> StartAsync(AnyAccountChain chain, params Address[] founders)
    {
        var made = await chain.SendAsync(AnyAccountChain.Account("deployer"), null, ConsortiumCalls.Deployment(founders));
        Assert.True(made.Succeeded);
        return new ConsortiumBench(chain, made.Created!.Value);
    }

    /// <summary>Proposes and has all others approve until it is done.</summary>
    public async Task DecideAsync(byte[] action, params Address[] members)
    {
        var proposal = await ProposeAsync(members[0], action);
        foreach (var member in members[1..])
            Assert.True((await Chain.SendAsync(member, Consortium, Approve(proposal))).Succeeded);
    }

    /// <summary>Proposes and returns the proposal's number.</summary>
    public async Task<ulong> ProposeAsync(Address member, byte[] action)
    {
        var (answer, error) = await Chain.CallAsync(member, Consortium, ConsortiumCalls.Propose(action));
        Assert.Null(error);
        Assert.True((await Chain.SendAsync(member, Consortium, ConsortiumCalls.Propose(action))).Succeeded);
        return (ulong)AbiAnswer.Number(answer);
    }

    public async Task<bool> AskAsync(Address contract, byte[] question) =>
        AbiAnswer.Boolean((await Chain.CallAsync(AnyAccountChain.Account("stranger"), contract, question)).Answer);

    public static byte[] Admit(Address account) => new AbiCall("admit(address)").Address(account).Encode();

    public static byte[] Remove(Address account) => new AbiCall("remove(address)").Address(account).Encode();

    public static byte[] Pause(int lane) => new AbiCall("pauseLane(uint32)").Number((uint)lane).Encode();

    public static byte[] Resume(int lane) => new AbiCall("resumeLane(uint32)").Number((uint)lane).Encode();

    public static byte[] Rotate(int lane, Address writer, ulong overlapSeconds) =>
        new AbiCall("rotateWriter(uint32,address,uint32)").Number((uint)lane).Address(writer).Number(overlapSeconds).Encode();

    public static byte[] Approve(ulong proposal) => new AbiCall("approve(uint256)").Number(proposal).Encode();

    public static byte[] Withdraw(ulong proposal) => new AbiCall("withdraw(uint256)").Number(proposal).Encode();

    public static byte[] Execute(ulong proposal) => new AbiCall("execute(uint256)").Number(proposal).Encode();

    public static byte[] IsMember(Address account) => new AbiCall("isMember(address)").Address(account).Encode();
}
