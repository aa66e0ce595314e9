using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Patients who grant and revoke again and again, while the practitioner whom they let read asks all the time at every API process and listens. Of each revocation it tells how long after its
/// acknowledgement the last thing came that the consent had opened.
/// </summary>
internal sealed class RevocationWatch(SiloCluster cluster, int patientCount) : IDisposable
{
    private const string Add = "mutation Add($c:ID!,$p:ID!,$b:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$b}){records{id} errors{code message place}}}";
    private readonly List<GraphQLClient> _clients = [];
    private readonly List<Subscriber> _subscribers = [];
    private readonly List<Watched> _watched = [];
    private Party _practitioner = null!;
    private long _reads, _told;

    public long Reads => Interlocked.Read(ref _reads);

    public long Told => Interlocked.Read(ref _told);

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {patientCount} patients whose revocations are watched");
        _practitioner = (await Population.PractitionersAsync(cluster.System, 1, stop))[0];
        foreach (var patient in await Population.PatientsAsync(cluster.System, patientCount, stop))
        {
            var owner = Client(cluster.Urls[0]);
            using var added = await owner.AskAsync(
                patient.Token, Add, stop, ("c", Population.NewId()), ("p", patient.Id.ToString("D")), ("b", JsonSerializer.SerializeToElement(PlausibleRecords.LaboratoryResult(new Random(1)))));
            var record = added.RootElement.GetProperty("data").GetProperty("addRecord").GetProperty("records")[0].GetProperty("id").GetString()!;
            var watched = new Watched(patient, record, owner, [.. cluster.Urls.Select(Client)]);
            _watched.Add(watched);
            _subscribers.Add(await Subscriber.OpenAsync(cluster.Urls[^1], _practitioner.Token, $"subscription{{recordAdded(patient:\"{patient.Id:D}\"){{id}}}}", _ =>
            {
                Interlocked.Increment(ref _told);
                watched.Came();
            }, stop));
        }
    }

    /// <summary>Grants and revokes until <paramref name="load"/> has ended.</summary>
    /// <returns>Milliseconds of each revocation, the least first; 0: nothing came any more.</returns>
    public async Task<IReadOnlyList<double>> RunAsync(Task load, CancellationToken stop)
    {
        var late = new ConcurrentBag<double>();
        await Task.WhenAll(_watched.SelectMany(watched => watched.Readers.Select(reader => ReadAsync(watched, reader, load, stop)).Append(ChangeAsync(watched, late, load, stop))));
        return [.. late.Order()];
    }

    public void Dispose()
    {
        foreach (var subscriber in _subscribers)
            subscriber.DisposeAsync().AsTask().GetAwaiter().GetResult();
        foreach (var client in _clients)
            client.Dispose();
    }

    private async Task ChangeAsync(Watched watched, ConcurrentBag<double> late, Task load, CancellationToken stop)
    {
        var (random, id) = (new Random(watched.Patient.Id.GetHashCode()), watched.Patient.Id.ToString("D"));
        while (!load.IsCompleted)
        {
            using var granted = await watched.Owner.AskAsync(watched.Patient.Token, ConsentChanges.Grant, stop, ("c", Population.NewId()), ("p", id), ("d", _practitioner.Id.ToString("D")));
            var consent = granted.RootElement.GetProperty("data").GetProperty("grantConsent").GetProperty("consent").GetProperty("id").GetString()!;
            // Something for the listener, about when the consent ends.
            await Task.Delay(random.Next(5, 60), stop);
            using var added = await watched.Owner.AskAsync(
                watched.Patient.Token, Add, stop, ("c", Population.NewId()), ("p", id), ("b", JsonSerializer.SerializeToElement(PlausibleRecords.LaboratoryResult(random))));
            using var revoked = await watched.Owner.AskAsync(watched.Patient.Token, ConsentChanges.Revoke, stop, ("c", Population.NewId()), ("p", id), ("k", consent));
            var acknowledged = Stopwatch.GetTimestamp();
            // Until every reader has asked and been answered anew, and whatever was on its way has come.
            await watched.AllAskedAgainAsync(stop);
            var last = watched.LastCameAt;
            late.Add(last > acknowledged ? Stopwatch.GetElapsedTime(acknowledged, last).TotalMilliseconds : 0);
        }
    }

    private async Task ReadAsync(Watched watched, Reader reader, Task load, CancellationToken stop)
    {
        while (!load.IsCompleted)
        {
            using var answer = await reader.Client.AskAsync(_practitioner.Token, RecordReads.Read, stop, ("p", watched.Patient.Id.ToString("D")), ("r", watched.Record));
            if (answer.RootElement.GetProperty("data").GetProperty("patient") is { ValueKind: JsonValueKind.Object } patient && patient.GetProperty("record").ValueKind == JsonValueKind.Object)
                watched.Came();
            Interlocked.Increment(ref _reads);
            reader.Answered();
        }
        reader.Leave();
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
        private volatile bool _left;

        public GraphQLClient Client => client;

        public void Answered() => _answers.Release();

        public void Leave()
        {
            _left = true;
            _answers.Release(2);
        }

        public async Task AnswersAsync(int count, CancellationToken stop)
        {
            while (_answers.Wait(0, stop))
            {
                // What was answered before does not count.
            }
            for (var answer = 0; answer < count && !_left; answer++)
                await _answers.WaitAsync(stop);
        }
    }
}
