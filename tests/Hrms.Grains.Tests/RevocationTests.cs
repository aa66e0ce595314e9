using System.Diagnostics;
using Hrms.Contracts;

namespace Hrms.Grains.Tests;

/// <summary>A revocation bites at once and everywhere (DESIGN.md, P14): three silos, readers at each of them all the time.</summary>
public sealed class RevocationTests(Cluster cluster)
{
    private const int Patients = 24, ReadersAtEachSilo = 2;

    [Fact, Trait("Feature", "18")]
    public async Task AfterTheAcknowledgement_NoReadSucceedsAtAnySilo()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Patients).Select(RevokeUnderReadersAsync));

        // A read that had begun before may still arrive after; none that began after may bring anything.
        Assert.Equal(0, outcomes.Sum(outcome => outcome.BroughtAfter));
        Assert.All(outcomes, outcome => Assert.True(outcome.BroughtBefore > 0 && outcome.ReadsAfter > 0));
        var late = outcomes.Select(outcome => outcome.LastArrival.TotalMilliseconds).Order().ToList();
        Assert.True(late[^1] < 1_000, $"The last answer with data arrived {late[^1]:0} ms after the acknowledgement.");
        TestContext.Current.SendDiagnosticMessage(
            $"{Patients} revocations, {outcomes.Sum(o => o.BroughtBefore)} reads before and {outcomes.Sum(o => o.ReadsAfter)} after: 0 brought data; "
            + $"the last answer with data came {late[^1]:0.0} ms after the acknowledgement (median {late[Patients / 2]:0.0} ms).");
    }

    private async Task<Outcome> RevokeUnderReadersAsync(int number)
    {
        var (id, drLee) = (Guid.NewGuid(), Guid.NewGuid());
        var self = new Asker(Actor.Patient(new PatientId(id)), PurposeOfUse.PATRQT);
        var patient = cluster.Through(number % Cluster.Silos).GetGrain<IPatientGrain>(id);
        await patient.RegisterAsync(new RegisterPatient(SiloFixture.Command(), new Asker(new Actor(ActorKind.Operator, Guid.NewGuid()), PurposeOfUse.HOPERAT)));
        await patient.AddRecordsAsync(new AddRecords(SiloFixture.Command(), self, RecordSource.Patient, [SeveralSilosTests.Lab()]));
        var granted = await patient.GrantAsync(new GrantConsent(SiloFixture.Command(), self, SiloFixture.Labs(drLee)));

        var (acknowledged, made) = (long.MaxValue, 0);
        var underway = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var readers = Enumerable.Range(0, Cluster.Silos * ReadersAtEachSilo).Select(reader => Task.Run(async () =>
        {
            var through = cluster.Through(reader % Cluster.Silos).GetGrain<IPatientGrain>(id);
            List<(long Began, long Arrived, bool Brought)> reads = [];
            for (var after = 0; after < 5;)
            {
                var began = Stopwatch.GetTimestamp();
                var found = await through.SearchAsync(new RecordSearch(
                    new Asker(new Actor(ActorKind.Practitioner, drLee), PurposeOfUse.TREAT), [], null, null, null, null, 10, null, true));
                reads.Add((began, Stopwatch.GetTimestamp(), found.Value!.Records.Count > 0));
                if (Interlocked.Increment(ref made) == Cluster.Silos * ReadersAtEachSilo * 3)
                    underway.SetResult();
                if (began > Volatile.Read(ref acknowledged))
                    after++;
            }
            return reads;
        })).ToList();
        await underway.Task;
        Assert.True((await cluster.Through((number + 1) % Cluster.Silos).GetGrain<IPatientGrain>(id)
            .RevokeAsync(new RevokeConsent(SiloFixture.Command(), self, granted.Value!.Id))).Succeeded);
        Volatile.Write(ref acknowledged, Stopwatch.GetTimestamp());

        var all = (await Task.WhenAll(readers)).SelectMany(reads => reads).ToList();
        var last = all.Where(read => read.Brought).Max(read => read.Arrived);
        return new Outcome(
            all.Count(read => read.Brought && read.Began < acknowledged), all.Count(read => read.Brought && read.Began > acknowledged),
            all.Count(read => read.Began > acknowledged), Stopwatch.GetElapsedTime(Math.Min(acknowledged, last), last));
    }

    private sealed record Outcome(int BroughtBefore, int BroughtAfter, int ReadsAfter, TimeSpan LastArrival);
}
