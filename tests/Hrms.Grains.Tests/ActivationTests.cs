using Hrms.Contracts;

namespace Hrms.Grains.Tests;

/// <summary>A grain that comes back knows what it knew: from its snapshot, from the journal, and from both.</summary>
public sealed class ActivationTests(SiloFixture silo)
{
    [Theory, InlineData(3), InlineData(40), InlineData(300)]
    public async Task Patient_ComesBack_WithEveryConsent(int count)
    {
        var (ana, self) = await silo.PatientAsync();
        var drLee = Guid.NewGuid();
        for (var i = 0; i < count; i++)
            Assert.True((await ana.GrantAsync(new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(drLee)))).Succeeded);
        var before = await ConsentsAsync(ana, self);

        await silo.ForgetAsync();
        var after = await ConsentsAsync(ana, self);
        await silo.ForgetAsync();
        var revoked = await ana.RevokeAsync(new RevokeConsent(SiloFixture.Command(), self, before[0].Id));
        await silo.ForgetAsync();

        Assert.Equal(count, before.Count);
        Assert.Equal(before.Select(consent => (consent.Id, consent.Version, consent.StreamVersion)), after.Select(consent => (consent.Id, consent.Version, consent.StreamVersion)));
        Assert.True(revoked.Succeeded);
        Assert.Equal(count - 1, (await ConsentsAsync(ana, self)).Count(consent => consent.Status == ConsentStatus.Active));
        Assert.Empty((await ana.CheckHistoryAsync(self)).Value!.Problems);
    }

    [Fact, Trait("Feature", "43")]
    public async Task Patient_WhoseNewestRowsWereDeleted_IsNotServedFromTheSnapshot()
    {
        // Of its own: what is missing from the journal shows in the batches of everybody in the lane.
        await using var alone = new SiloFixture();
        await alone.InitializeAsync();
        var (ana, self) = await alone.PatientAsync();
        for (var i = 0; i < 260; i++)
            Assert.True((await ana.GrantAsync(new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(Guid.NewGuid())))).Succeeded);
        await alone.ForgetAsync();

        Assert.Equal(161, await alone.AsSuperuserAsync("delete from journal where stream_id = $1 and version > 100", ana.GetPrimaryKey()));
        var asked = await ana.ConsentsAsync(self);
        var granted = await ana.GrantAsync(new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(Guid.NewGuid())));

        Assert.Equal((RefusalCode.Tampered, RefusalCode.Tampered), (asked.Refusal?.Code, granted.Refusal?.Code));
        Assert.StartsWith("Rows 101 to ", asked.Refusal!.Message, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<ConsentView>> ConsentsAsync(IPatientGrain patient, Asker self)
    {
        var consents = await patient.ConsentsAsync(self);
        Assert.True(consents.Succeeded);
        return consents.Value;
    }
}
