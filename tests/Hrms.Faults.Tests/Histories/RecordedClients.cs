using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hrms.Faults.Tests.Histories;

/// <summary>Clients of some patients, several of each at a time: the patient's apps grant and revoke, a practitioner looks. Each call and answer is noted.</summary>
internal sealed class RecordedClients : IDisposable
{
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},data:{classes:[LABORATORY]}}){consent{id} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$k:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$k}){consent{id} errors{code}}}";
    private const string Record = "query($p:ID!,$r:ID!){patient(id:$p){record(id:$r){id}}}";
    private const string Consents = "query($p:ID!){patient(id:$p){consents{version status}}}";
    /// <summary>Between two calls of a client that works at a steady pace.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Limit = TimeSpan.FromMinutes(3);

    private readonly List<Watched> _patients = [];
    private readonly ConcurrentDictionary<string, int> _heard = [];
    private readonly CancellationTokenSource _enough = new();
    private Task _running = Task.CompletedTask;
    private long _clock, _acknowledged, _unanswered, _slowest;

    /// <summary>Answers that were heard.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Calls that nobody answered, or that were answered with not knowing.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>What was heard in place of an answer, and how often.</summary>
    public IReadOnlyDictionary<string, int> Heard => _heard;

    /// <summary>The longest that anybody waited for an answer, from the first call to it.</summary>
    public TimeSpan Slowest => TimeSpan.FromTicks(Interlocked.Read(ref _slowest));

    /// <summary>Of each patient what was done and seen.</summary>
    public IEnumerable<IReadOnlyCollection<Operation>> Histories => _patients.Select(patient => patient.History);

    public static async Task<RecordedClients> PrepareAsync(ApiClient client, int patients)
    {
        var clients = new RecordedClients();
        for (var i = 0; i < patients; i++)
        {
            var patient = await client.PatientAsync();
            var added = await client.SendUntilAnsweredAsync(
                Party.Patient(patient), "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id} errors{code}}}",
                new { c = Guid.NewGuid(), p = patient, r = Looks.Laboratory });
            clients._patients.Add(new Watched(patient, added.Field.GetProperty("records")[0].GetProperty("id").GetGuid()));
        }
        return clients;
    }

    /// <summary>Two apps and three looks at a time of each patient, so often each.</summary>
    public Task RunAsync(ApiClient client, int times) => RunAsync(() => client, times, TimeSpan.Zero);

    /// <summary>The same at a steady pace until they are sent home, or the test ends.</summary>
    /// <param name="next">Whom the next call goes to.</param>
    public void Begin(Func<ApiClient> next) => _running = RunAsync(next, int.MaxValue / 2, Steady);

    /// <summary>After what they have begun.</summary>
    public async Task GoHomeAsync()
    {
        await _enough.CancelAsync();
        await _running;
    }

    /// <summary>What has to hold when all clients have gone home: each patient's history is one thing after the other, nothing was lost or done twice, and all of it is on the ledger once.</summary>
    /// <param name="lanes">How many lanes the ledger has.</param>
    public async Task HoldsAsync(ApiClient client, string database, Uri node, int lanes = 1)
    {
        foreach (var history in Histories)
            Assert.Null(Linearizability.Violation(history));
        await CheckAsync(client);
        await client.LedgerQuietAsync();
        await Invariants.LedgerAsync(database, node, lanes);
    }

    /// <summary>Waits until so many more were heard.</summary>
    public async Task AnswersAsync(int more)
    {
        var (began, before) = (Stopwatch.GetTimestamp(), Acknowledged);
        while (Acknowledged < before + more)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"Not {more} answers within {Limit}: {this}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>That each patient has each consent that was granted once, revoked once: nothing was lost or done twice. When all clients have gone home.</summary>
    public async Task CheckAsync(ApiClient client)
    {
        foreach (var patient in _patients)
        {
            var consents = (await client.SendUntilAnsweredAsync(Party.Patient(patient.Id), Consents, new { p = patient.Id })).Field.GetProperty("consents");
            Assert.Equal(patient.Consents, consents.GetArrayLength());
            Assert.All(consents.EnumerateArray(), consent => Assert.Equal((2, "REVOKED"), (consent.GetProperty("version").GetInt32(), consent.GetProperty("status").GetString())));
        }
    }

    /// <summary>A test that fails leaves nobody who goes on asking.</summary>
    public void Dispose() => _enough.Cancel();

    private Task RunAsync(Func<ApiClient> next, int times, TimeSpan pace) => Task.WhenAll(_patients.SelectMany(patient => new[]
    {
        ChangeAsync(next, patient, times, pace), ChangeAsync(next, patient, times, pace),
        LookAsync(next, patient, times, pace), LookAsync(next, patient, times, pace), LookAsync(next, patient, times, pace),
    }));

    private async Task ChangeAsync(Func<ApiClient> next, Watched patient, int times, TimeSpan pace)
    {
        for (var i = 0; i < times && !_enough.IsCancellationRequested; i++)
        {
            var number = Interlocked.Increment(ref patient.Consents);
            var consent = await UntilAnsweredAsync(patient, OperationKind.Grant, number, async command =>
                await next().SendAsync(Party.Patient(patient.Id), Grant, new { c = command, p = patient.Id, d = patient.Doctor }));
            await PaceAsync(pace);
            await UntilAnsweredAsync(patient, OperationKind.Revocation, number, async command =>
                await next().SendAsync(Party.Patient(patient.Id), Revoke, new { c = command, p = patient.Id, k = consent }));
            await PaceAsync(pace);
        }
    }

    private async Task LookAsync(Func<ApiClient> next, Watched patient, int times, TimeSpan pace)
    {
        for (var i = 0; i < 2 * times && !_enough.IsCancellationRequested; i++)
        {
            var (invoked, began) = (Interlocked.Increment(ref _clock), Stopwatch.GetTimestamp());
            var answer = await TryAsync(() => next().SendAsync(Party.Practitioner(patient.Doctor), Record, new { p = patient.Id, r = patient.Record }), began);
            if (answer is not null)
                patient.History.Add(new Operation(
                    OperationKind.Read, invoked, Interlocked.Increment(ref _clock), Saw: answer.Field.ValueKind == JsonValueKind.Object && answer.Field.GetProperty("record").ValueKind == JsonValueKind.Object));
            else
                await Task.Delay(Pause);
            await PaceAsync(pace);
        }
    }

    private static Task PaceAsync(TimeSpan pace) => pace > TimeSpan.Zero ? Task.Delay(pace) : Task.CompletedTask;

    /// <summary>Sends one command until it is answered, under its one id, as an app does: one operation from the first call to the answer.</summary>
    private async Task<Guid> UntilAnsweredAsync(Watched patient, OperationKind kind, int number, Func<Guid, Task<Answer>> send)
    {
        var (command, invoked, began) = (Guid.NewGuid(), Interlocked.Increment(ref _clock), Stopwatch.GetTimestamp());
        while (true)
        {
            if (await TryAsync(() => send(command), began) is { } answer)
            {
                Assert.Empty(answer.Codes);
                patient.History.Add(new Operation(kind, invoked, Interlocked.Increment(ref _clock), number));
                return answer.Field.GetProperty("consent").GetProperty("id").GetGuid();
            }
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"No answer within {Limit}; heard so far: {this}");
            await Task.Delay(Pause);
        }
    }

    private async Task<Answer?> TryAsync(Func<Task<Answer>> send, long began)
    {
        try
        {
            var answer = await send();
            if (answer is { HasErrors: false } && !answer.Codes.Contains("UNAVAILABLE"))
            {
                Interlocked.Increment(ref _acknowledged);
                Longer(Stopwatch.GetElapsedTime(began).Ticks);
                return answer;
            }
            foreach (var code in answer.Codes)
                Hear(code);
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            Hear(lost.GetType().Name);
        }
        Interlocked.Increment(ref _unanswered);
        return null;
    }

    public override string ToString() => $"{Acknowledged} answers, the slowest after {Slowest.TotalSeconds:0.0} s, {Unanswered} calls without one ({string.Join(", ", _heard.Select(heard => $"{heard.Value} {heard.Key}"))})";

    private void Hear(string what) => _heard.AddOrUpdate(what, 1, (_, times) => times + 1);

    private void Longer(long ticks)
    {
        for (var known = Interlocked.Read(ref _slowest); ticks > known;)
        {
            var before = Interlocked.CompareExchange(ref _slowest, ticks, known);
            if (before == known)
                return;
            known = before;
        }
    }

    private sealed class Watched(Guid id, Guid record)
    {
        public int Consents;

        public Guid Id => id;

        public Guid Record => record;

        /// <summary>Who looks: nobody else's doctor, since what one person may ask for in a minute is limited.</summary>
        public Guid Doctor { get; } = Guid.NewGuid();

        public ConcurrentBag<Operation> History { get; } = [];
    }
}
