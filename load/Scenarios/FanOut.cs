using System.Collections.Concurrent;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>A record is added, and everybody who listens to its patient's record is told: a step ends when the last of them has heard it. Each client has a patient of its own.</summary>
internal sealed class FanOut(RunningSystem system, int copies) : IScenario
{
    private const int ListenersEach = 8;
    private const string Add = "mutation Add($c:ID!,$p:ID!,$b:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$b}){records{id} errors{code message place}}}";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.NextUrl()))];
    private readonly Random[] _random = [.. Enumerable.Range(0, copies).Select(copy => system.NewRandom(copy))];
    private readonly List<Subscriber> _subscribers = [];
    private Audience[] _audiences = [];
    private IReadOnlyList<Party> _patients = [];

    public string Name => "fan-out";

    public string Unit => $"records told to {ListenersEach} listeners";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {copies} patients with {ListenersEach} listeners each");
        _patients = await Population.PatientsAsync(system, copies, stop);
        _audiences = [.. _patients.Select(_ => new Audience())];
        for (var copy = 0; copy < copies; copy++)
        {
            var (audience, document) = (_audiences[copy], $"subscription{{recordAdded(patient:\"{_patients[copy].Id:D}\"){{id}}}}");
            for (var listener = 0; listener < ListenersEach; listener++)
                _subscribers.Add(await Subscriber.OpenAsync(
                    system.NextUrl(), _patients[copy].Token, document, data => audience.Heard(data.GetProperty("recordAdded").GetProperty("id").GetString()!), stop));
        }
        // The first record shows that all are there.
        for (var copy = 0; copy < copies; copy++)
            await StepAsync(copy, stop);
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        using var answer = await _clients[copy].AskAsync(
            _patients[copy].Token, Add, stop, ("c", Population.NewId()), ("p", _patients[copy].Id.ToString("D")),
            ("b", JsonSerializer.SerializeToElement(PlausibleRecords.LaboratoryResult(_random[copy]))));
        var record = answer.RootElement.GetProperty("data").GetProperty("addRecord").GetProperty("records")[0].GetProperty("id").GetString()!;
        try
        {
            await _audiences[copy].AllHeardAsync(record).WaitAsync(Patience, stop);
        }
        catch (TimeoutException)
        {
            throw new RequestFailedException($"Not every listener heard of record {record} within {Patience.TotalSeconds:0} s.");
        }
        return "tell";
    }

    public Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop)
    {
        var twice = _audiences.Sum(audience => audience.TooOften);
        return Task.FromResult<IReadOnlyList<Threshold>>([new Threshold("nobody is told twice", twice == 0, $"{twice} told again")]);
    }

    public void Dispose()
    {
        foreach (var subscriber in _subscribers)
            subscriber.DisposeAsync().AsTask().GetAwaiter().GetResult();
        foreach (var client in _clients)
            client.Dispose();
    }

    /// <summary>Those who listen to one patient.</summary>
    private sealed class Audience
    {
        private readonly ConcurrentDictionary<string, Telling> _tellings = new();
        private int _tooOften;

        public int TooOften => _tooOften;

        public Task AllHeardAsync(string record) => Of(record).All.Task;

        public void Heard(string record)
        {
            var told = Interlocked.Increment(ref Of(record).Count);
            if (told == ListenersEach)
                Of(record).All.TrySetResult();
            else if (told > ListenersEach)
                Interlocked.Increment(ref _tooOften);
        }

        private Telling Of(string record) => _tellings.GetOrAdd(record, _ => new Telling());

        private sealed class Telling
        {
            public readonly TaskCompletionSource All = new(TaskCreationOptions.RunContinuationsAsynchronously);
            public int Count;
        }
    }
}
