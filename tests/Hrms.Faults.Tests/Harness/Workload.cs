using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hrms.Faults.Tests.Harness;

/// <summary>Many changes of several patients, sent by many clients at once; and the count of what became of them.</summary>
internal sealed class Workload
{
    private readonly IReadOnlyList<Change> _changes;
    private int _acknowledged;
    private int _wanted = int.MaxValue;
    private TaskCompletionSource _reached = new();

    private Workload(IReadOnlyList<Change> changes) => _changes = changes;

    public int Count => _changes.Count;

    public int Acknowledged => _acknowledged;

    /// <summary>When a caller last heard no acknowledgement, by <see cref="Stopwatch"/>.</summary>
    public long LastFaultAt { get; private set; }

    /// <summary>How often each fault was what a caller heard.</summary>
    public IReadOnlyDictionary<string, int> Faults =>
        _changes.SelectMany(change => change.Faults).CountBy(fault => fault).ToDictionary();

    public IReadOnlyList<Guid> Patients => [.. _changes.Select(change => change.Patient).Distinct()];

    /// <summary>Registers the patients, grants what is to be revoked, and shuffles the rest. Of ten changes three are grants, three records, two revocations, two
    /// looks.</summary>
    public static async Task<Workload> PrepareAsync(ApiClient client, int patients, int changesEach, Random random)
    {
        var made = await Task.WhenAll(Enumerable.Range(0, patients).Select(async _ =>
        {
            var patient = await client.PatientAsync();
            var before = Enumerable.Range(0, changesEach / 5).Select(_ => new Change(ChangeKind.Grant, patient)).ToList();
            await Task.WhenAll(before.Select(grant => grant.SendUntilAnsweredAsync(client)));
            var consents = (await client.SendAsync(Party.Patient(patient), "query($p:ID!){patient(id:$p){consents{id}}}", new { p = patient })).Field
                .GetProperty("consents").EnumerateArray().Select(consent => consent.GetProperty("id").GetGuid()).ToList();
            return Enumerable.Range(0, changesEach).Select(i => (i % 10) switch
            {
                < 3 => new Change(ChangeKind.Grant, patient),
                < 6 => new Change(ChangeKind.Record, patient),
                < 8 => new Change(ChangeKind.Revocation, patient, consents[i / 10 * 2 + i % 10 - 6]),
                _ => new Change(ChangeKind.Look, patient),
            });
        }));
        var all = made.SelectMany(changes => changes).ToArray();
        random.Shuffle(all);
        return new Workload(all);
    }

    /// <summary>Completes at the moment when so many are acknowledged.</summary>
    public Task ReachesAsync(int acknowledged)
    {
        (_reached, _wanted) = (new(TaskCreationOptions.RunContinuationsAsynchronously), acknowledged);
        return _reached.Task;
    }

    /// <summary>Sends what is not acknowledged yet, first what was sent before; each client goes home at its first unanswered command.</summary>
    public Task RunAsync(ApiClient client, int clients)
    {
        var open = new ConcurrentQueue<Change>(_changes.Where(change => !change.IsAcknowledged).OrderByDescending(change => change.Attempts));
        return Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (open.TryDequeue(out var change))
            {
                if (!await change.SendAsync(client))
                {
                    LastFaultAt = Stopwatch.GetTimestamp();
                    return;
                }
                if (Interlocked.Increment(ref _acknowledged) == _wanted)
                    _reached.SetResult();
            }
        }));
    }

    /// <summary>How many acknowledged changes are not there, and how many are there too often. Also that every history is whole.</summary>
    public async Task<(int Lost, int Doubled, int UnansweredButThere)> CheckAsync(ApiClient client)
    {
        var (lost, doubled, there) = (0, 0, 0);
        foreach (var patient in Patients)
        {
            var effects = await Effects.OfAsync(client, patient);
            Assert.Empty(effects.Problems);
            foreach (var change in _changes.Where(change => change.Patient == patient))
            {
                var count = effects.Count(change);
                // A look that the patient's own change overtakes is decided again, with a line of its own: only commands have one effect.
                if (count > 1 && change.Kind != ChangeKind.Look)
                    doubled++;
                else if (count == 0 && change.IsAcknowledged)
                    lost++;
                else if (count > 0 && !change.IsAcknowledged)
                    there++;
            }
        }
        return (lost, doubled, there);
    }
}
