using System.Collections.Concurrent;

namespace Hrms.Faults.Tests;

/// <summary>One patient's changes from several devices at once: what was acknowledged first comes first, in the record and on the chain.</summary>
public sealed class OrderTests(SharedHost shared)
{
    private const int Devices = 8, RoundsEach = 5;
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d}}){consent{id streamVersion} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{id streamVersion} errors{code}}}";

    private sealed record Step(long Sent, long Answered, long Version);

    [Fact]
    [Trait("Feature", "89")]
    public async Task GrantsAndRevocationsOfOnePatientAtOnce_AreOnTheChainInTheOrderTheyWereAccepted()
    {
        var host = await shared.RunningAsync();
        var patient = await host.Client.PatientAsync();
        var (clock, steps) = (0L, new ConcurrentBag<Step>());
        await Task.WhenAll(Enumerable.Range(0, Devices).Select(async _ =>
        {
            for (var round = 0; round < RoundsEach; round++)
            {
                var granted = await SendAsync(Grant, Guid.NewGuid());
                await SendAsync(Revoke, granted);
            }
        }));
        await host.Client.LedgerQuietAsync();

        Assert.Equal(Devices * RoundsEach * 2, steps.Select(step => step.Version).Distinct().Count());
        foreach (var earlier in steps)
            Assert.All(steps.Where(step => step.Sent > earlier.Answered), later => Assert.True(later.Version > earlier.Version, $"{later} has overtaken {earlier}."));
        // And the chain's order is that of the versions, for each stream.
        await host.AuditAsync();

        async Task<Guid> SendAsync(string what, Guid id)
        {
            var sent = Interlocked.Increment(ref clock);
            var consent = (await host.Client.SendAsync(Party.Patient(patient), what, new { c = Guid.NewGuid(), p = patient, d = id })).Field.GetProperty("consent");
            steps.Add(new Step(sent, Interlocked.Increment(ref clock), consent.GetProperty("streamVersion").GetInt64()));
            return consent.GetProperty("id").GetGuid();
        }
    }
}
