using System.Text;
using Hrms.Domain.PatientKeys;
using Hrms.Ledger.Contract;
using Hrms.Ledger.Tests.Support;
using Hrms.Ledger.Wire;
using Hrms.TestKit;
using static Hrms.Ledger.Tests.Support.LedgerUnderTest;

namespace Hrms.Ledger.Tests.Contract;

/// <summary>Consents that patients sign with a passkey: what is taken, and what a copied or bent signature is worth elsewhere.</summary>
[Trait("Feature", "90")]
public sealed class PatientKeyTests(EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    private static readonly Address Member = AnyAccountChain.Account("member"), Key = AnyAccountChain.Account("key"), OtherKey = AnyAccountChain.Account("other key");
    private static readonly Address Anyone = AnyAccountChain.Account("anyone");
    private static readonly byte[] Pseudonym = Root(71), Artefact = Root(72);

    /// <summary>What is changed of a good signed consent, and whether it still stands.</summary>
    public static TheoryData<string, bool> Changes() => new()
    {
        { "nothing", true }, { "the last second", true }, { "backed up", true }, { "more after the origin", true },
        { "artefact", false }, { "pseudonym", false }, { "expiry", false }, { "expired", false }, { "retired", false }, { "not registered", false },
        { "x", false }, { "y", false }, { "salt", false }, { "r", false }, { "s", false }, { "upper s", false }, { "zero signature", false },
        { "another's key", false }, { "another contract", false }, { "another chain", false },
        { "nobody there", false }, { "not verified", false }, { "short data", false }, { "registration", false }, { "challenge elsewhere", false },
        { "client data after signing", false }, { "empty", false },
    };

    [Theory, MemberData(nameof(Changes))]
    public async Task ASignedConsent_StandsOnlyAsItWasSigned(string change, bool stands)
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await RegisteredAsync(chain);
        using var passkey = new Passkey();
        using var other = new Passkey();
        if (change != "not registered")
            Assert.True((await chain.SendAsync(Key, bench.PatientKeys, PatientKeyCalls.Register(0, Pseudonym, passkey.Commitment))).Succeeded);

        var expires = await chain.TimeAsync() + (change == "expired" ? -1 : 3600);
        var contract = change == "another contract" ? (await RegisteredAsync(chain)).PatientKeys : bench.PatientKeys;
        var challenge = (await chain.CallAsync(Anyone, contract, PatientKeyCalls.ChallengeOf(Pseudonym, Artefact, expires))).Answer;
        var authenticator = Passkey.AuthenticatorData(change switch { "nobody there" => 4, "not verified" => 1, "backed up" => 0x1d, _ => Passkey.PresentAndVerified });
        if (change == "short data")
            authenticator = authenticator[..36];
        var client = change switch
        {
            "registration" => Passkey.ClientData(challenge, "webauthn.create"),
            "challenge elsewhere" => Passkey.ClientData(Root(9)) + Passkey.ClientData(challenge),
            "more after the origin" => Passkey.ClientData(challenge)[..^1] + ""","futureField":[1,2]}""",
            _ => Passkey.ClientData(challenge),
        };
        var (r, s) = (change == "another's key" ? other : passkey).Sign(authenticator, client, change == "upper s");
        var signature = new PatientSignature(
            change == "another chain" ? 4711UL : 20011, bench.PatientKeys.Bytes.ToArray(),
            change == "pseudonym" ? Root(1) : Pseudonym, change == "artefact" ? Root(1) : Artefact, change == "expiry" ? expires + 1 : expires,
            change == "x" ? Root(1) : passkey.X, change == "y" ? Root(1) : passkey.Y, change == "salt" ? Root(1) : passkey.Salt, new PasskeySignature(
                change == "empty" ? [] : authenticator,
                change switch { "empty" => [], "client data after signing" => Encoding.UTF8.GetBytes(client + " "), _ => Encoding.UTF8.GetBytes(client) },
                change is "r" or "zero signature" ? new byte[32] : r, change switch { "s" => Root(1), "zero signature" => new byte[32], _ => s }));
        var call = PatientKeyCalls.Verify(
            signature.Pseudonym, signature.Artefact, expires + (change == "expiry" ? 1 : 0), signature.X, signature.Y, signature.Salt,
            signature.Passkey.AuthenticatorData, signature.Passkey.ClientData, signature.Passkey.R, signature.Passkey.S);
        Assert.Equal(call, PatientKeysCalls.VerifySignedConsent(signature));
        // What a stranger finds alone is what the contract finds, but for what only the ledger knows.
        Assert.Equal(stands || change is "expired" or "retired" or "not registered" or "salt", signature.Problem(signature.Artefact) is null);
        if (change == "retired")
            Assert.True((await chain.SendAsync(Key, bench.PatientKeys, PatientKeyCalls.Retire(Pseudonym))).Succeeded);
        if (change == "the last second")
            await chain.AskAsync("evm_setNextBlockTimestamp", expires);
        if (change == "the last second")
            await chain.AskAsync("evm_mine");
        if (change == "another chain")
            await chain.AskAsync("anvil_setChainId", 4711);

        Assert.Equal(stands, await bench.AskAsync(bench.PatientKeys, call));

        if (change == "another chain")
            await chain.AskAsync("anvil_setChainId", 20011);
    }

    [Fact]
    public async Task APseudonym_HasOneRegistration_AndARetiredOneStaysSo()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await RegisteredAsync(chain);
        var register = PatientKeyCalls.Register(0, Pseudonym, Root(1));
        Assert.Equal<byte[]>(
            [register, PatientKeyCalls.Retire(Pseudonym), PatientKeyCalls.RegistrationOf(Pseudonym)],
            [PatientKeysCalls.Register(0, Pseudonym, Root(1)), PatientKeysCalls.Retire(Pseudonym), PatientKeysCalls.RegistrationOf(Pseudonym)]);
        Assert.Equal(1, (await chain.SendAsync(Key, bench.PatientKeys, register)).Events);
        Assert.Equal(0, (await chain.SendAsync(Key, bench.PatientKeys, register)).Events);              // the same again
        await RefusedAsync(Key, PatientKeyCalls.Register(0, Pseudonym, Root(2)), "PatientKeyConflict(bytes32)");
        await RefusedAsync(OtherKey, PatientKeyCalls.Register(1, Pseudonym, Root(1)), "PatientKeyConflict(bytes32)");
        await RefusedAsync(OtherKey, PatientKeyCalls.Retire(Pseudonym), "PatientKeysNotWriter(uint32,address)");
        await RefusedAsync(Key, PatientKeyCalls.Retire(Root(3)), "PatientKeyUnknown(bytes32)");
        await RefusedAsync(Key, PatientKeyCalls.Register(0, new byte[32], Root(2)), "PatientKeyMissing()");
        await RefusedAsync(Key, PatientKeyCalls.Register(0, Root(4), new byte[32]), "PatientKeyMissing()");
        Assert.Equal(1, (await chain.SendAsync(Key, bench.PatientKeys, PatientKeyCalls.Retire(Pseudonym))).Events);
        Assert.Equal(0, (await chain.SendAsync(Key, bench.PatientKeys, PatientKeyCalls.Retire(Pseudonym))).Events);
        await RefusedAsync(Key, register, "PatientKeyConflict(bytes32)");

        async Task RefusedAsync(Address by, byte[] call, string error) =>
            Assert.Equal(ContractBench.Error(error), (await chain.CallAsync(by, bench.PatientKeys, call)).Error);
    }

    [Fact, Trait("Feature", "85")]
    public async Task ARegistration_HoldsNothingOfTheKey()
    {
        using var chain = await AnyAccountChain.StartAsync(node.Node.RpcUrl);
        var bench = await RegisteredAsync(chain);
        using var passkey = new Passkey();
        var commitment = (await chain.CallAsync(Anyone, bench.PatientKeys, PatientKeyCalls.CommitmentOf(passkey.X, passkey.Y, passkey.Salt))).Answer;
        Assert.Equal(PatientSignature.Commitment(passkey.X, passkey.Y, passkey.Salt), commitment);
        Assert.True((await chain.SendAsync(Key, bench.PatientKeys, PatientKeyCalls.Register(0, Pseudonym, commitment))).Succeeded);
        using var scanner = new ChainScanner(node.RpcUrl);
        var all = await scanner.ReadAsync(Cancellation);
        Assert.Contains(all, found => found.Bytes.AsSpan().IndexOf(commitment) >= 0);
        foreach (var secret in new[] { passkey.X, passkey.Y, passkey.Salt })
            Assert.DoesNotContain(all, found => found.Bytes.AsSpan().IndexOf(secret) >= 0);
    }

    private static async Task<ConsortiumBench> RegisteredAsync(AnyAccountChain chain)
    {
        var bench = await ConsortiumBench.StartAsync(chain, Member);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(0, Member, Key), Member);
        await bench.DecideAsync(ConsortiumCalls.AssignLane(1, Member, OtherKey), Member);
        return bench;
    }
}
