using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>
/// Patients grant and revoke: each step is one durable change with a command id of its own. Each copy has patients of its own and goes round among them; a
/// patient's grant to a practitioner is followed by its revocation.
/// </summary>
internal sealed class ConsentChanges(RunningSystem system, int copies, int patientCount) : IScenario
{
    internal const string Grant =
        "mutation Grant($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},purposes:[TREAT],data:{classes:[LABORATORY]}}){consent{id version streamVersion} errors{code message}}}";

    internal const string Revoke =
        "mutation Revoke($c:ID!,$p:ID!,$k:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$k}){consent{id version streamVersion} errors{code message}}}";

    private const string Consents = "query Consents($p:ID!){patient(id:$p){consents{id status}}}";
    private const int PractitionerCount = 64;

    private readonly GraphQLClient[] _clients = [.. Enumerable.Range(0, copies).Select(_ => new GraphQLClient(system.NextUrl()))];
    private Copy[] _copies = [];
    private IReadOnlyList<Party> _practitioners = [];

    /// <summary>Told of each change as soon as its acknowledgement was read: whose, and which version of the patient's stream.</summary>
    public Action<Guid, long>? Acknowledged { get; set; }

    public string Name => "changes";

    public string Unit => "changes";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        var count = Math.Max(patientCount, copies);
        progress($"Registering {count} patients and {PractitionerCount} practitioners");
        _practitioners = await Population.PractitionersAsync(system, PractitionerCount, stop);
        var patients = await Population.PatientsAsync(system, count, stop);
        _copies = [.. Enumerable.Range(0, copies).Select(copy => new Copy([.. patients.Where((_, i) => i % copies == copy).Select(party => new Granting(party))]))];
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        var patient = _copies[copy].Next();
        if (patient.Unanswered is null)
            patient.Practitioner = _practitioners[(copy + patient.Revoked.Count) % _practitioners.Count].Id;
        return await StepAsync(_clients[copy], patient, stop);
    }

    private async Task<string> StepAsync(GraphQLClient client, Granting patient, CancellationToken stop)
    {
        var (granted, revoking) = (patient.Active, patient.Active is not null);
        // Until it is answered nobody knows whether it was done: it is sent again under the same id, as an app does.
        var command = patient.Unanswered ??= Population.NewId();
        using var answer = revoking
            ? await client.AskUnlessBusyAsync(patient.Party.Token, Revoke, stop, ("c", command), ("p", patient.Id), ("k", granted!))
            : await client.AskUnlessBusyAsync(patient.Party.Token, Grant, stop, ("c", command), ("p", patient.Id), ("d", patient.Practitioner.ToString("D")));
        if (answer is null)
            return IScenario.TurnedAway;
        var changed = answer.RootElement.GetProperty("data").GetProperty(revoking ? "revokeConsent" : "grantConsent").GetProperty("consent");
        Acknowledged?.Invoke(patient.Party.Id, changed.GetProperty("streamVersion").GetInt64());
        var consent = changed.GetProperty("id").GetString()!;
        if (revoking)
        {
            if (consent != granted)
                throw new RequestFailedException($"Revoking {granted} answered with {consent}.");
            patient.Revoked.Add(consent);
            patient.Active = null;
        }
        else
        {
            patient.Active = consent;
        }
        patient.Unanswered = null;
        return revoking ? "revoke" : "grant";
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) =>
        [await KeptAsync(progress, stop), .. await LedgerCheck.RunAsync(system, [.. _copies.SelectMany(copy => copy.Patients).Select(patient => patient.Party)], progress, stop)];

    public async Task<Threshold> KeptAsync(Action<string> progress, CancellationToken stop)
    {
        var patients = _copies.SelectMany(copy => copy.Patients).ToList();
        progress($"Comparing the consents of {patients.Count} patients with what was acknowledged");
        var (lost, seen) = (0, 0);
        await Population.ForEachAsync(system, patients, async (client, patient) =>
        {
            while (patient.Unanswered is not null)
                await StepAsync(client, patient, stop);
            using var answer = await client.AskAsync(patient.Party.Token, Consents, stop, ("p", patient.Id));
            var listed = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("consents").EnumerateArray()
                .ToDictionary(consent => consent.GetProperty("id").GetString()!, consent => consent.GetProperty("status").GetString()!);
            Interlocked.Add(ref seen, listed.Count);
            var wrong = patient.Revoked.Count(id => listed.GetValueOrDefault(id) != "REVOKED");
            wrong += patient.Active is { } id && listed.GetValueOrDefault(id) != "ACTIVE" ? 1 : 0;
            wrong += Math.Abs(listed.Count - patient.Revoked.Count - (patient.Active is null ? 0 : 1));
            Interlocked.Add(ref lost, wrong);
        }, stop);
        return new Threshold("every acknowledged change is listed, and nothing else", lost == 0, $"{seen} consents listed, {lost} not as acknowledged");
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
    }

    private sealed class Copy(Granting[] patients)
    {
        private int _next;

        public Granting[] Patients => patients;

        public Granting Next() => patients[_next++ % patients.Length];
    }

    private sealed class Granting(Party party)
    {
        public Party Party => party;

        public string Id { get; } = party.Id.ToString("D");

        public string? Active { get; set; }

        public List<string> Revoked { get; } = [];

        /// <summary>To whom the next grant goes. A command that is sent again says the same.</summary>
        public Guid Practitioner { get; set; }

        /// <summary>The id of a change that was sent and has no good answer yet.</summary>
        public string? Unanswered { get; set; }
    }
}
