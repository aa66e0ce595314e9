using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>What came of one revocation after it was acknowledged, in milliseconds; 0: nothing, or it had ended before.</summary>
/// <param name="Came">Until the last answer or event that the consent had opened.</param>
/// <param name="Ended">Until the listener was told that nothing more will come.</param>
internal sealed record RevocationSeen(double Came, double Ended)
{
    public double Last => Math.Max(Came, Ended);
}

/// <summary>
/// Patients who grant and revoke again and again, while the practitioner whom they let read asks all the time at every API process and listens to each consent anew. Of each revocation it tells how long
/// after its acknowledgement the last thing came that the consent had opened, and when the listener's stream ended.
/// </summary>
/// <param name="urls">Of the API processes: the practitioner reads at all of them and listens at the last.</param>
internal sealed class RevocationWatch(RunningSystem system, IReadOnlyList<Uri> urls, int patientCount) : IDisposable
{
    private const string Add = "mutation Add($c:ID!,$p:ID!,$b:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$b}){records{id} errors{code message place}}}";
    private static readonly TimeSpan AddAgain = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(30);
    private readonly List<GraphQLClient> _clients = [];
    private readonly List<Watched> _watched = [];
    private Party _practitioner = null!;
    private long _reads, _told;

    public long Reads => Interlocked.Read(ref _reads);

    public long Told => Interlocked.Read(ref _told);

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {patientCount} patients whose revocations are watched");
        _practitioner = (await Population.PractitionersAsync(system, 1, stop))[0];
        foreach (var patient in await Population.PatientsAsync(system, patientCount, stop))
        {
            var owner = Client(urls[0]);
            _watched.Add(new Watched(patient, await AddAsync(owner, patient, new Random(1), stop), owner, [.. urls.Select(Client)]));
        }
    }

    /// <summary>Grants and revokes until <paramref name="load"/> has ended; of each patient once at least.</summary>
    /// <exception cref="LoadFaultException">A listener heard nothing while it might, or its stream did not end: then nothing is known of events.</exception>
    public async Task<IReadOnlyList<RevocationSeen>> RunAsync(Task load, CancellationToken stop)
    {
        var seen = new ConcurrentBag<RevocationSeen>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(_watched.Select(async watched =>
        {
            var changes = ChangeAsync(watched, seen, load, over.Token);
            await Task.WhenAll(watched.Readers.Select(reader => ReadAsync(watched, reader, changes, over)).Append(changes));
        }));
        return [.. seen];
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private async Task ChangeAsync(Watched watched, ConcurrentBag<RevocationSeen> seen, Task load, CancellationToken stop)
    {
        var (random, id) = (new Random(watched.Patient.Id.GetHashCode()), watched.Patient.Id.ToString("D"));
        do
        {
            using var granted = await watched.Owner.AskAsync(watched.Patient.Token, ConsentChanges.Grant, stop, ("c", Population.NewId()), ("p", id), ("d", _practitioner.Id.ToString("D")));
            var consent = granted.RootElement.GetProperty("data").GetProperty("grantConsent").GetProperty("consent").GetProperty("id").GetString()!;
            // A revocation ends the stream of whom it takes everything away from: there is one for each consent.
            await using var listener = await ListenAsync(watched, random, stop);
            // Something for the listener, about when the consent ends.
            await Task.Delay(random.Next(5, 60), stop);
            await AddAsync(watched.Owner, watched.Patient, random, stop);
            using var revoked = await watched.Owner.AskAsync(watched.Patient.Token, ConsentChanges.Revoke, stop, ("c", Population.NewId()), ("p", id), ("k", consent));
            var acknowledged = Stopwatch.GetTimestamp();
            // Until every reader has asked and been answered anew, and whatever was on its way has come.
            await watched.AllAskedAgainAsync(stop);
            var ended = await EndOfAsync(listener, stop);
            seen.Add(new RevocationSeen(After(acknowledged, watched.LastCameAt), After(acknowledged, ended)));
        }
        while (!load.IsCompleted);

        static double After(long acknowledged, long at) => at > acknowledged ? Stopwatch.GetElapsedTime(acknowledged, at).TotalMilliseconds : 0;
    }

    /// <summary>A subscription that works: it has heard of a record. No answer says that one has begun, so records are added until one is heard of.</summary>
    private async Task<Subscriber> ListenAsync(Watched watched, Random random, CancellationToken stop)
    {
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = await Subscriber.OpenAsync(urls[^1], _practitioner.Token, $"subscription{{recordAdded(patient:\"{watched.Patient.Id:D}\"){{id}}}}", _ =>
        {
            Interlocked.Increment(ref _told);
            watched.Came();
            heard.TrySetResult();
        }, stop);
        try
        {
            for (var began = Stopwatch.GetTimestamp(); !heard.Task.IsCompleted;)
            {
                if (listener.Ended.IsCompleted || Stopwatch.GetElapsedTime(began) > Patience)
                    throw new LoadFaultException($"The listener heard of no record while a consent let it: {(listener.Ended.IsFaulted ? listener.Ended.Exception.InnerException!.Message : $"{Patience.TotalSeconds:0} s passed, or its stream ended")}.");
                await AddAsync(watched.Owner, watched.Patient, random, stop);
                await Task.WhenAny(heard.Task, listener.Ended, Task.Delay(AddAgain, stop));
            }
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    private static async Task<long> EndOfAsync(Subscriber listener, CancellationToken stop)
    {
        try
        {
            return await listener.Ended.WaitAsync(Patience, stop);
        }
        catch (TimeoutException)
        {
            throw new LoadFaultException($"The listener's stream did not end within {Patience.TotalSeconds:0} s of the revocation.");
        }
    }

    /// <param name="changes">Whose readers ask as long as it runs.</param>
    /// <param name="over">Ends everybody's asking when a reader fails: whoever waits for its answers would wait for ever.</param>
    private async Task ReadAsync(Watched watched, Reader reader, Task changes, CancellationTokenSource over)
    {
        try
        {
            while (!changes.IsCompleted)
            {
                using var answer = await reader.Client.AskAsync(_practitioner.Token, RecordReads.Read, over.Token, ("p", watched.Patient.Id.ToString("D")), ("r", watched.Record));
                if (answer.RootElement.GetProperty("data").GetProperty("patient") is { ValueKind: JsonValueKind.Object } patient && patient.GetProperty("record").ValueKind == JsonValueKind.Object)
                    watched.Came();
                Interlocked.Increment(ref _reads);
                reader.Answered();
            }
        }
        catch when (!over.IsCancellationRequested)
        {
            await over.CancelAsync();
            throw;
        }
    }

    private static async Task<string> AddAsync(GraphQLClient owner, Party patient, Random random, CancellationToken stop)
    {
        using var added = await owner.AskAsync(
            patient.Token, Add, stop, ("c", Population.NewId()), ("p", patient.Id.ToString("D")), ("b", JsonSerializer.SerializeToElement(PlausibleRecords.LaboratoryResult(random))));
        return added.RootElement.GetProperty("data").GetProperty("addRecord").GetProperty("records")[0].GetProperty("id").GetString()!;
    }

    private GraphQLClient Client(Uri url)
    {
        var client = new GraphQLClient(url);
        _clients.Add(client);
        return client;
    }

    private sealed class Watched(Party patient, string record, GraphQLClient owner, IReadOnlyList<GraphQLClient> clients)
    {
        private long _lastCameAt;

        public Party Patient => patient;

        public string Record => record;

        public GraphQLClient Owner => owner;

        public IReadOnlyList<Reader> Readers { get; } = [.. clients.Select(client => new Reader(client))];

        public long LastCameAt => Interlocked.Read(ref _lastCameAt);

        public void Came() => Interlocked.Exchange(ref _lastCameAt, Stopwatch.GetTimestamp());

        /// <summary>Each has had two more answers: the second was asked for after this call.</summary>
        public Task AllAskedAgainAsync(CancellationToken stop) => Task.WhenAll(Readers.Select(reader => reader.AnswersAsync(2, stop)));
    }

    /// <summary>One who asks all the time.</summary>
    private sealed class Reader(GraphQLClient client)
    {
        private readonly SemaphoreSlim _answers = new(0);

        public GraphQLClient Client => client;

        public void Answered() => _answers.Release();

        public async Task AnswersAsync(int count, CancellationToken stop)
        {
            while (_answers.Wait(0, stop))
            {
                // What was answered before does not count.
            }
            for (var answer = 0; answer < count; answer++)
                await _answers.WaitAsync(stop);
        }
    }
}
