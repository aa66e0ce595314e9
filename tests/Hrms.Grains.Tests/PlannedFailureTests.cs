using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Tests;

/// <summary>Break the Nth write, for every N: afterwards nothing acknowledged is lost, nothing is applied twice, and no access is wider than the patient chose.</summary>
public sealed class PlannedFailureTests(SiloFixture silo)
{
    public static TheoryData<int, Failure> Every()
    {
        var data = new TheoryData<int, Failure>();
        for (var nth = 1; nth <= 4; nth++)
        {
            data.Add(nth, Failure.Before);
            data.Add(nth, Failure.After);
        }
        return data;
    }

    [Theory, MemberData(nameof(Every)), Trait("Feature", "17")]
    public async Task ConsentIsGivenAndTakenOnce_WhicheverWriteFails(int nth, Failure how)
    {
        var (ana, self) = await silo.PatientAsync();
        var drLee = Guid.NewGuid();
        silo.Journal.Fail(new StreamId(self.Actor.Id), nth, how);

        // Four writes: grant, a look by the doctor, revoke, another look. Each is repeated with the same command id until it is answered.
        var grant = new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(drLee));
        var granted = await UntilAnsweredAsync(() => ana.GrantAsync(grant));
        await UntilAnsweredAsync(() => ana.SearchAsync(Look(drLee)));
        var revoke = new RevokeConsent(SiloFixture.Command(), self, granted.Id);
        await UntilAnsweredAsync(() => ana.RevokeAsync(revoke));
        var after = await UntilAnsweredAsync(() => ana.SearchAsync(Look(drLee)));

        Assert.Empty(after.Records);
        var consent = Assert.Single(await UntilAnsweredAsync(() => ana.ConsentsAsync(self)));
        Assert.Equal((granted.Id, 2, ConsentStatus.Revoked), (consent.Id, consent.Version, consent.Status));
        var check = await UntilAnsweredAsync(() => ana.CheckHistoryAsync(self));
        Assert.Empty(check.Problems);
    }

    [Fact]
    public async Task Refusal_OfAnUnknownOutcome_TellsToRepeat()
    {
        var (ana, self) = await silo.PatientAsync();
        silo.Journal.Fail(new StreamId(self.Actor.Id), 1, Failure.After);

        var answer = await ana.GrantAsync(new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(Guid.NewGuid())));

        Assert.Equal(RefusalCode.Unavailable, answer.Refusal?.Code);
    }

    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<Outcome<T>>> ask)
    {
        for (var round = 0; round < 20; round++)
        {
            var outcome = await ask();
            if (outcome.Succeeded)
                return outcome.Value;
            Assert.Equal(RefusalCode.Unavailable, outcome.Refusal.Code);
        }
        throw new TimeoutException("Not answered in 20 rounds.");
    }

    private static RecordSearch Look(Guid practitioner) => new(
        new Asker(new Actor(ActorKind.Practitioner, practitioner), PurposeOfUse.TREAT), [], null, null, null, null, 10, null, false);
}
