namespace Hrms.Faults.Tests.Members;

/// <summary>A hospital is shown a consent that another hospital issued, and finds out by itself whether it holds.</summary>
public sealed class IssuedConsentTests(PostgresFixture postgres, EvmNodeFixture node) : IClassFixture<EvmNodeFixture>
{
    [Fact]
    public async Task AConsentOfAnotherHospital_Holds_AndItsRevocationIsSeen()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var papers = await members.GrantAtAAsync();

        var given = await members.AskBAsync(papers.Proof);
        Assert.Equal((true, null, true), (given.Holds, given.Problem, given.ByLedger));
        await members.B.Client.PatientAsync();
        Assert.Equal([members.A.Lane, members.B.Lane], await LanesAsync(members));

        await members.RevokeAtAAsync(papers);
        var revoked = await members.AskBAsync(papers.Proof);
        Assert.Equal((false, "nullifier", false), (revoked.Holds, revoked.Place, revoked.ByLedger));
        Assert.True(revoked.AsOfBlock > given.AsOfBlock);
    }

    [Fact]
    public async Task WithoutAnyNode_TheAnswerIsAsOfTheBlockThatWasReadLast()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var papers = await members.GrantAtAAsync();
        var before = await members.AskBAsync(papers.Proof);
        Assert.True(before.Holds, before.Problem);

        members.Way.Always(null, Misbehaviour.Cut);
        members.OtherWay.Always(null, Misbehaviour.Cut);
        await members.RevokeAtAAsync(papers);
        var without = await members.AskBAsync(papers.Proof);
        Assert.Equal((true, null), (without.Holds, without.ByLedger));
        Assert.NotNull(without.AsOfBlock);

        members.Way.Behave();
        await TwoMembers.UntilAsync(() => members.AskBAsync(papers.Proof), answer => answer is { Holds: false, Place: "nullifier", ByLedger: false });
    }

    [Fact]
    public async Task ASignedPaper_CountsOnlyFromAMemberThatIsKnown_AndOnlyWithItsOwnProof()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var (papers, others) = (await members.GrantAtAAsync(), await members.GrantAtAAsync());

        var unknown = await members.AskBAsync(papers.Proof, papers.Artefact);
        Assert.Equal((false, "artefact"), (unknown.Holds, unknown.Place));

        await File.WriteAllTextAsync(members.B.KnownMembersFile, await members.A.Client.GetAsync(Party.Operator, "/.well-known/consent-keys.json"), TwoMembers.Cancellation);
        Assert.True((await members.AskBAsync(papers.Proof, papers.Artefact)).Holds);
        var mixed = await members.AskBAsync(papers.Proof, others.Artefact);
        Assert.Equal((false, "artefact.patient"), (mixed.Holds, mixed.Place));
        Assert.False((await members.AskBAsync(papers.Proof, papers.Artefact[..^2])).Holds);
    }

    [Fact]
    public async Task WhenWhatWasReadAndWhatTheLedgerSaysDiffer_TheConsentDoesNotHold_AndThatIsAnAlarm()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var papers = await members.GrantAtAAsync();
        await members.RevokeAtAAsync(papers);
        Assert.False((await members.AskBAsync(papers.Proof)).Holds);

        await members.AsSuperuserOfBAsync("create table kept as select * from followed_nullifier; delete from followed_nullifier");
        var forged = await members.AskBAsync(papers.Proof);
        Assert.Equal((false, "ledger", false), (forged.Holds, forged.Place, forged.ByLedger));

        await members.AsSuperuserOfBAsync("insert into followed_nullifier select * from kept");
        Assert.Equal("nullifier", (await members.AskBAsync(papers.Proof)).Place);
        await TwoMembers.UntilAsync(members.FollowedByBAsync, followed => followed is { State: "running", Alarm: null });
    }

    [Fact]
    public async Task ReadingGoesOnWhereItWasInterrupted_AndWhatIsReadTwiceIsThereOnce()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        var first = await members.GrantAtAAsync();
        Assert.True((await members.AskBAsync(first.Proof)).Holds);
        await members.B.StopAsync();
        var second = await members.GrantAtAAsync();
        await members.RevokeAtAAsync(first);

        // As after a crash in the middle, or a node that left something out: all is read from the first block again.
        await members.AsSuperuserOfBAsync("update followed_through set number = null, hash = null, time = null");
        await members.B.StartAsync();
        Assert.True((await members.AskBAsync(second.Proof)).Holds);
        Assert.Equal("nullifier", (await members.AskBAsync(first.Proof)).Place);
    }

    [Fact]
    public async Task ANodeThatStandsStill_HoldsNobodyUp_AndOneThatLeavesEventsOutIsFoundOut()
    {
        await using var members = await TwoMembers.StartAsync(postgres, node);
        await members.GrantAtAAsync();
        await members.Way.FreezeAsync();
        var papers = await members.GrantAtAAsync();
        Assert.True((await members.AskBAsync(papers.Proof)).Holds);

        foreach (var way in new[] { members.Way, members.OtherWay })
        {
            way.Behave();
            way.Always("eth_getLogs", Misbehaviour.Result("[]"));
        }
        var unseen = await members.GrantAtAAsync();
        var left = await TwoMembers.UntilAsync(members.FollowedByBAsync, followed => followed.Alarm is not null);
        Assert.Contains("Everything is read again", left.Alarm, StringComparison.Ordinal);
        Assert.False((await members.AskBAsync(unseen.Proof)).Holds);

        members.Way.Behave();
        members.OtherWay.Behave();
        await TwoMembers.UntilAsync(() => members.AskBAsync(unseen.Proof), answer => answer.Holds);
        await TwoMembers.UntilAsync(members.FollowedByBAsync, followed => followed is { State: "running", Alarm: null });
    }

    private static async Task<long[]> LanesAsync(TwoMembers members) =>
        [.. (await TwoMembers.UntilAsync(members.FollowedByBAsync, followed => followed.Lanes.Count == 2)).Lanes.Keys.Order()];
}
