using System.Collections.Concurrent;

namespace Hrms.Faults.Tests.Histories;

/// <summary>Clients of some patients, several of each at a time: the patient's apps grant and revoke, a practitioner looks. Each call and answer is noted.</summary>
internal sealed class RecordedClients
{
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},data:{classes:[LABORATORY]}}){consent{id} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$k:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$k}){consent{id} errors{code}}}";
    private const string Record = "query($p:ID!,$r:ID!){patient(id:$p){record(id:$r){id}}}";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Guid _doctor = Guid.NewGuid();
    private readonly List<Watched> _patients = [];
    private long _clock, _acknowledged, _unanswered;

    /// <summary>Answers that were heard.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Calls that nobody answered, or that were answered with not knowing.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>Of each patient what was done and seen.</summary>
    public IEnumerable<IReadOnlyCollection<Operation>> Histories => _patients.Select(patient => patient.History);

    public static async Task<RecordedClients> PrepareAsync(ApiClient client, int patients)
    {
        var clients = new RecordedClients();
        for (var i = 0; i < patients; i++)
        {
            var patient = await client.PatientAsync();
            var added = await client.SendAsync(
                Party.Patient(patient), "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id} errors{code}}}",
                new { c = Guid.NewGuid(), p = patient, r = Looks.Laboratory });
            clients._patients.Add(new Watched(patient, added.Field.GetProperty("records")[0].GetProperty("id").GetGuid()));
        }
        return clients;
    }

    /// <summary>Two apps and three looks at a time of each patient, so often each.</summary>
    public Task RunAsync(ApiClient client, int times) => Task.WhenAll(_patients.SelectMany(patient => new[]
    {
        ChangeAsync(client, patient, times), ChangeAsync(client, patient, times), LookAsync(client, patient, times), LookAsync(client, patient, times), LookAsync(client, patient, times),
    }));

    private async Task ChangeAsync(ApiClient client, Watched patient, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var number = Interlocked.Increment(ref patient.Consents);
            var consent = await UntilAnsweredAsync(patient, OperationKind.Grant, number, async command =>
                await client.SendAsync(Party.Patient(patient.Id), Grant, new { c = command, p = patient.Id, d = _doctor }));
            await UntilAnsweredAsync(patient, OperationKind.Revocation, number, async command =>
                await client.SendAsync(Party.Patient(patient.Id), Revoke, new { c = command, p = patient.Id, k = consent }));
        }
    }

    private async Task LookAsync(ApiClient client, Watched patient, int times)
    {
        for (var i = 0; i < 2 * times; i++)
        {
            var invoked = Interlocked.Increment(ref _clock);
            var answer = await TryAsync(() => client.SendAsync(Party.Practitioner(_doctor), Record, new { p = patient.Id, r = patient.Record }));
            if (answer is not null)
                patient.History.Add(new Operation(
                    OperationKind.Read, invoked, Interlocked.Increment(ref _clock), Saw: answer.Field.ValueKind == JsonValueKind.Object && answer.Field.GetProperty("record").ValueKind == JsonValueKind.Object));
            else
                await Task.Delay(Pause);
        }
    }

    /// <summary>Sends one command until it is answered, under its one id, as an app does: one operation from the first call to the answer.</summary>
    private async Task<Guid> UntilAnsweredAsync(Watched patient, OperationKind kind, int number, Func<Guid, Task<Answer>> send)
    {
        var (command, invoked) = (Guid.NewGuid(), Interlocked.Increment(ref _clock));
        while (true)
        {
            if (await TryAsync(() => send(command)) is { } answer)
            {
                Assert.Empty(answer.Codes);
                patient.History.Add(new Operation(kind, invoked, Interlocked.Increment(ref _clock), number));
                return answer.Field.GetProperty("consent").GetProperty("id").GetGuid();
            }
            await Task.Delay(Pause);
        }
    }

    private async Task<Answer?> TryAsync(Func<Task<Answer>> send)
    {
        try
        {
            var answer = await send();
            if (answer is { HasErrors: false } && !answer.Codes.Contains("UNAVAILABLE"))
            {
                Interlocked.Increment(ref _acknowledged);
                return answer;
            }
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            // counted below
        }
        Interlocked.Increment(ref _unanswered);
        return null;
    }

    private sealed class Watched(Guid id, Guid record)
    {
        public int Consents;

        public Guid Id => id;

        public Guid Record => record;

        public ConcurrentBag<Operation> History { get; } = [];
    }
}
