using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using Hrms.Api.Hosting;
using Hrms.Contracts;
using Hrms.Domain;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using Hrms.Grains.Patients;
using Hrms.Load.Measuring;
using Hrms.Load.Reports;
using Hrms.Load.Running;
using Hrms.Load.Scenarios;
using Hrms.Storage;
using Hrms.Storage.Keys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Hrms.Load.Scale;

/// <param name="Registered">Patients that there are.</param>
/// <param name="Active">How many of them are asked something, and stay in memory. Each has <paramref name="Records"/> records and a consent; the others have nothing yet.</param>
internal sealed record PatientsPlan(int Registered, int Active, int Records, int Clients, FileInfo? Markdown)
{
    public static Command Command()
    {
        var registered = LoadOptions.Positive("--registered", "Patients that are registered.", 100_000);
        var active = LoadOptions.Positive("--active", "How many of them become active.", 10_000);
        var records = LoadOptions.Positive("--records", "Records of each of these.", 10);
        var clients = LoadOptions.Positive("--clients", "How many are asked at the same time.", 8);
        var markdown = new Option<FileInfo?>("--markdown") { Description = "A file that gets the report: docs/scale-patients.md is made so." };
        var command = new Command("patients", "What an active patient costs in memory, an idle one, and the time until a cold one answers.") { registered, active, records, clients, markdown };
        command.SetAction((parsed, stop) => PatientsRun.RunAsync(
            new PatientsPlan(Math.Max(parsed.GetValue(registered), parsed.GetValue(active)), parsed.GetValue(active), parsed.GetValue(records), parsed.GetValue(clients), parsed.GetValue(markdown)), stop));
        return command;
    }

    public string Words() => string.Create(CultureInfo.InvariantCulture,
        $"patients --registered {Registered} --active {Active} --records {Records} --clients {Clients}{(Markdown is null ? "" : " --markdown docs/scale-patients.md")}");
}

/// <summary>
/// <c>patients</c>: the silo runs in this process, so that its memory can be read to the byte after a full collection. Patients are asked as the API asks them, by a call to their grain; what HTTP and GraphQL
/// cost besides is what the scenarios measure.
/// </summary>
internal static class PatientsRun
{
    private const int Seed = 77_001;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Task<int> RunAsync(PatientsPlan plan, CancellationToken stop) => ScaleRun.RunAsync(null, plan.Markdown, async (folder, line, commit) =>
    {
        await using var host = await EmbeddedHost.StartAsync(folder, "http://127.0.0.1:0", line.Say, null, stop);
        await host.WhenReadyAsync(stop);
        await using var system = await RunningSystem.OpenAsync(host.Url, folder, line.Say, stop);
        await using var database = StorageServices.CreateDataSource(new StorageOptions { ConnectionString = system.Database.ConnectionString });
        var like = await PatientLikeAsync(system, database, folder, plan, stop);
        // What is made in bulk is not for the ledger, and its batches would be in the memory that is read.
        await LaneSwitch.PauseAsync(system, stop);
        var (ids, registering) = await RegisterAsync(database, folder, plan, like, line, stop);
        var silo = new SiloMemory(host.Services.GetRequiredService<IGrainFactory>());
        await silo.ForgetAsync(Patience, stop);
        var before = SiloMemory.Read();

        line.Say($"Asking {plan.Active:#,0} patients");
        var began = Stopwatch.GetTimestamp();
        var cold = await AskAsync(silo.Grains, ids[..plan.Active], plan.Clients, stop);
        var asking = Stopwatch.GetElapsedTime(began);
        var (active, whileActive) = (await silo.ActiveAsync(), SiloMemory.Read());
        var warm = await AskAsync(silo.Grains, ids[..plan.Active], plan.Clients, stop);
        await silo.ForgetAsync(Patience, stop);
        var (left, afterwards) = (await silo.ActiveAsync(), SiloMemory.Read());
        var again = await AskAsync(silo.Grains, ids[..Math.Min(plan.Active, 10_000)], 1, stop);

        return new ScaleReport("Patients at size", plan.Words(), commit,
        [
            string.Create(CultureInfo.InvariantCulture, $"{plan.Registered:#,0} registered, their first rows made in bulk in the journal's own format and their keys by the key ring, in {registering.TotalSeconds:0} s"),
            string.Create(CultureInfo.InvariantCulture, $"{active:#,0} active with {plan.Records} records and a consent each: {(whileActive - before) / (double)Math.Max(1, active):#,0} bytes of the heap each ({before / 1e6:#,0} MB without them, {whileActive / 1e6:#,0} MB with them)"),
            string.Create(CultureInfo.InvariantCulture, $"after they were collected, {left:#,0} active: {(afterwards - before) / (double)plan.Active:#,0} bytes each are left ({afterwards / 1e6:#,0} MB)"),
            string.Create(CultureInfo.InvariantCulture, $"{plan.Active / asking.TotalSeconds:#,0} cold patients answered a second, {plan.Clients} at a time; the process' working set {Environment.WorkingSet / 1e6:#,0} MB at the end"),
        ],
        [
            Figure.Of($"a cold patient, {plan.Clients} at a time", cold, null), Figure.Of($"the same, active, {plan.Clients} at a time", warm, null),
            Figure.Of("a cold patient, one at a time", again, null),
        ],
        [
            new Threshold("every patient that was asked was active", active >= plan.Active, $"{active}"), new Threshold("none was after a collection", left == 0, $"{left}"),
        ]);
    }, stop);

    /// <summary>What happened to a patient who came by the API's front door, to be told of others.</summary>
    private static async Task<IReadOnlyList<PatientEvent>> PatientLikeAsync(RunningSystem system, NpgsqlDataSource database, string folder, PatientsPlan plan, CancellationToken stop)
    {
        var (patient, practitioner) = ((await Population.PatientsAsync(system, 1, stop))[0], (await Population.PractitionersAsync(system, 1, stop))[0]);
        using (var client = new GraphQLClient(system.NextUrl()))
            await SharedRecords.ShareAsync(client, patient, practitioner, plan.Records, new Random(Seed), stop);
        var entropy = new SystemEntropy();
        var key = await new PostgresKeyRing(database, new FileKeyVault(Path.Combine(folder, "keys", "vault.json"), entropy), entropy).FindAsync(new StreamId(patient.Id), stop);
        var keys = new StreamKeys(new StreamId(patient.Id), key!);
        List<PatientEvent> events = [];
        await using var command = database.CreateCommand("select version, payload from journal where stream_id = $1 and kind = 1 and version > 1 order by version");
        command.Parameters.Add(new() { Value = patient.Id });
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
            events.Add(EventJson.Read<PatientEvent>(keys.OpenEvent(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))));
        return events;
    }

    private static async Task<(Guid[] Ids, TimeSpan Took)> RegisterAsync(
        NpgsqlDataSource database, string folder, PatientsPlan plan, IReadOnlyList<PatientEvent> like, ProgressLine line, CancellationToken stop)
    {
        line.Say($"Registering {plan.Registered:#,0} patients");
        var began = Stopwatch.GetTimestamp();
        Guid[] ids = [.. BulkKeys.Ids(plan.Registered, Seed)];
        foreach (var part in Enumerable.Range(0, ids.Length).Chunk(50_000))
        {
            var streams = await BulkKeys.StreamsAsync(database, folder, [.. part.Select(i => ids[i])], stop);
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var copy = await BulkCopy.IntoJournalAsync(connection, EntryKind.Change, stop);
            foreach (var (stream, number) in streams.Zip(part))
            {
                copy.Add(stream.Next(DateTimeOffset.UtcNow, new PatientRegistered(DateTimeOffset.UtcNow, new PatientId(stream.Id), new Actor(ActorKind.Operator, Guid.Empty))));
                foreach (var happened in number < plan.Active ? like : [])
                    copy.Add(stream.Next(happened.At, happened));
            }
            await copy.CompleteAsync(stop);
            line.Say($"{part[^1] + 1:#,0} are registered");
        }
        await using var analyze = database.CreateCommand("analyze journal; analyze owner_key");
        await analyze.ExecuteNonQueryAsync(stop);
        return (ids, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Each patient for their own overview: the grain begins, reads what happened, writes the access line and answers.</summary>
    private static async Task<LongHistogram> AskAsync(IGrainFactory grains, IReadOnlyList<Guid> ids, int atOnce, CancellationToken stop)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, atOnce).Select(part => Task.Run(() => ScaleRun.TimeAsync(ids.Where((_, i) => i % atOnce == part), async id =>
        {
            var patient = new PatientId(id);
            var answer = await grains.GetGrain<IPatientGrain>(id).ViewAsync(new Asker(Actor.Patient(patient), PurposeOfUse.PATRQT)).WaitAsync(stop);
            if (!answer.Succeeded)
                throw new RequestFailedException($"Patient {id} did not answer: {answer.Refusal.Code}.");
        }), stop)));
        var all = ScaleRun.NewHistogram();
        foreach (var part in parts)
            all.Add(part);
        return all;
    }

    /// <summary>The silo of this process: how many patients are in its memory, and how large that is.</summary>
    private sealed class SiloMemory(IGrainFactory grains)
    {
        public IGrainFactory Grains => grains;

        private IManagementGrain Management => grains.GetGrain<IManagementGrain>(0);

        /// <summary>Bytes of the heap that something still holds.</summary>
        public static long Read()
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            return GC.GetTotalMemory(forceFullCollection: true);
        }

        public async Task<int> ActiveAsync() =>
            (await Management.GetSimpleGrainStatistics()).Where(type => type.GrainType.Contains(nameof(PatientGrain), StringComparison.Ordinal)).Sum(type => type.ActivationCount);

        /// <summary>Every patient that is idle goes; returns when none is left.</summary>
        public async Task ForgetAsync(TimeSpan patience, CancellationToken stop)
        {
            for (var began = Stopwatch.GetTimestamp(); await ActiveAsync() > 0; await Task.Delay(100, stop))
            {
                if (Stopwatch.GetElapsedTime(began) > patience)
                    throw new LoadFaultException($"{await ActiveAsync()} patients are still active after {patience.TotalMinutes:0} minutes.");
                await Management.ForceActivationCollection(TimeSpan.Zero);
            }
        }
    }
}
