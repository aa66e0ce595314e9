namespace Hrms.Faults.Tests.Harness;

internal enum ChangeKind
{
    Grant,
    Record,
    Revocation,

    /// <summary>A refused look of somebody: it changes the access history only, and each attempt is a look of its own.</summary>
    Look,
}

/// <summary>One command of a client that repeats it with the same id until it is answered. Its mark makes its effect countable.</summary>
internal sealed class Change(ChangeKind kind, Guid patient, Guid revoked = default)
{
    private const string Grant =
        "mutation($c:ID!,$p:ID!,$d:ID!,$l:String!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},data:{labels:[$l]}}){consent{id} errors{code message}}}";
    private const string Record =
        "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id} errors{code message}}}";
    private const string Revocation = "mutation($c:ID!,$p:ID!,$d:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$d}){consent{id} errors{code message}}}";
    private const string Look = "query($p:ID!){patient(id:$p){records(first:1){totalCount}}}";

    public ChangeKind Kind => kind;

    public Guid Patient => patient;

    public Guid CommandId { get; } = Guid.NewGuid();

    /// <summary>Where the effect shows: the consent's label, the record's identifier, the revoked consent, the looker.</summary>
    public Guid Mark => kind == ChangeKind.Revocation ? revoked : CommandId;

    public int Attempts { get; private set; }

    public bool IsAcknowledged { get; private set; }

    /// <summary>What was heard instead of an acknowledgement.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>True when the API acknowledged it; false when it did not answer, or said that it does not know.</summary>
    public async Task<bool> SendAsync(ApiClient client)
    {
        Attempts++;
        Answer answer;
        try
        {
            answer = await (kind switch
            {
                ChangeKind.Grant => client.SendAsync(
                    Party.Patient(patient), Grant, new { c = CommandId, p = patient, d = CommandId, l = Mark }),
                ChangeKind.Record => client.SendAsync(Party.Patient(patient), Record, new { c = CommandId, p = patient, r = Observation }),
                ChangeKind.Revocation => client.SendAsync(Party.Patient(patient), Revocation, new { c = CommandId, p = patient, d = revoked }),
                _ => client.SendAsync(Party.Practitioner(Mark), Look, new { p = patient }),
            });
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            Faults.Add(lost.GetType().Name);
            return false;
        }
        if (answer.HasErrors || answer.Codes.Contains("UNAVAILABLE"))
        {
            Faults.AddRange(answer.Codes);
            return false;
        }
        Assert.Empty(answer.Codes);
        return IsAcknowledged = true;
    }

    /// <summary>Repeats it as apps do. For what a test only begins with.</summary>
    public async Task SendUntilAnsweredAsync(ApiClient client)
    {
        while (!await SendAsync(client))
        {
            Assert.All(Faults, fault => Assert.Equal("UNAVAILABLE", fault));
            Assert.True(Attempts < 60, $"Not acknowledged after {Attempts} attempts.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private object Observation => new
    {
        resourceType = "Observation",
        status = "final",
        identifier = new[] { new { value = Mark } },
        code = new { coding = new[] { new { system = "http://loinc.org", code = "8867-4" } } },
    };
}
