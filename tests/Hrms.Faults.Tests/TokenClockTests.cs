using System.Net.Http.Json;
using Hrms.Api.Auth;

namespace Hrms.Faults.Tests;

/// <summary>Tokens begin and end by the clock of the API's machine, with a minute for how far the issuer's may be off.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class TokenClockTests(ThreeSilos silos)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    // Time goes on while a request is on its way: what is to be taken at the end has half a minute for it, and so has what is to be refused at the beginning.
    [Theory]
    [Trait("Fault", "F31")]
    [InlineData("ended", -30, true), InlineData("ended", -61, false)]
    [InlineData("begins", 59, true), InlineData("begins", 90, false)]
    public async Task AToken_IsGoodForAMinuteAround_ItsBeginningAndItsEnd(string what, int seconds, bool isTaken)
    {
        var all = await silos.RunningAsync();
        var patient = await all.Client.PatientAsync();
        var issued = TimeSpan.FromSeconds(seconds) - (what == "ended" ? Lifetime : TimeSpan.Zero);
        var token = all.Issuer.Issue(TokenCommand.Claims(patient, null, null, null, false)!, Lifetime, new Clock(issued));

        using var answer = await all.Client.PostAsync(
            null, "/graphql", JsonContent.Create(new { query = "query($p:ID!){patient(id:$p){consents{id}}}", variables = new { p = patient } }), ("Authorization", $"Bearer {token}"));

        Assert.Equal(isTaken, (await answer.Content.ReadAsStringAsync()).Contains("\"consents\":[]", StringComparison.Ordinal));
    }

    private sealed class Clock(TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
    }
}
