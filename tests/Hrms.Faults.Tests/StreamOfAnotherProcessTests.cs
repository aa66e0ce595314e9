namespace Hrms.Faults.Tests;

/// <summary>A doctor listens at one API process, and the patient revokes at another; the patient's grain is in any of three silos.</summary>
[Collection(nameof(ThreeSilos))]
public sealed class StreamOfAnotherProcessTests(ThreeSilos silos)
{
    /// <summary>Enough that each silo has some, and each API process reaches some through another silo.</summary>
    private const int Patients = 9;

    private const string Listen = "subscription($p:ID!){recordAdded(patient:$p){id}}";
    private const string Add = "mutation($c:ID!,$p:ID!,$r:FhirJson!){addRecord(input:{commandId:$c,patient:$p,resource:$r}){records{id} errors{code}}}";
    private const string Grant = "mutation($c:ID!,$p:ID!,$d:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{practitioner:$d},data:{classes:[LABORATORY]}}){consent{id} errors{code}}}";
    private const string Revoke = "mutation($c:ID!,$p:ID!,$k:ID!){revokeConsent(input:{commandId:$c,patient:$p,consent:$k}){consent{id} errors{code}}}";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("Feature", "18")]
    [Trait("Fault", "F35")]
    public async Task AfterARevocationElsewhere_TheStreamEnds_AndNothingOfAfterItComes()
    {
        var all = await silos.RunningAsync();
        await Task.WhenAll(Enumerable.Range(0, Patients).Select(number => RevokedElsewhereAsync(all.Apis[number % 2].Client, all.Apis[(number + 1) % 2].Client)));
    }

    private static async Task RevokedElsewhereAsync(ApiClient here, ApiClient there)
    {
        var (patient, doctor) = (await there.PatientAsync(), Guid.NewGuid());
        var consent = (await SendAsync(Grant, new { c = Guid.NewGuid(), p = patient, d = doctor })).GetProperty("consent").GetProperty("id").GetGuid();
        using var answer = await here.ListenAsync(Party.Practitioner(doctor), Listen, new { p = patient });
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var first = await AddAsync();
        Assert.Equal([first], await HeardAsync(events, until: 1));

        // What is added while the revocation is under way may still be heard.
        var adding = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AddAsync()));
        await SendAsync(Revoke, new { c = Guid.NewGuid(), p = patient, k = consent });
        var later = await AddAsync();
        var before = await adding;
        var rest = await HeardAsync(events, until: int.MaxValue);
        Assert.DoesNotContain(later, rest);
        Assert.Subset(before.ToHashSet(), rest.ToHashSet());

        async Task<Guid> AddAsync() =>
            (await SendAsync(Add, new { c = Guid.NewGuid(), p = patient, r = Looks.Laboratory })).GetProperty("records")[0].GetProperty("id").GetGuid();

        async Task<JsonElement> SendAsync(string what, object variables) => (await there.SendUntilAnsweredAsync(Party.Patient(patient), what, variables)).Field;
    }

    /// <summary>The records that the stream tells of, until there are so many or it has ended.</summary>
    private static async Task<List<Guid>> HeardAsync(StreamReader events, int until)
    {
        using var limit = new CancellationTokenSource(Limit);
        List<Guid> heard = [];
        while (heard.Count < until && await events.ReadLineAsync(limit.Token) is { } line)
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonElement.Parse(line[6..]) is { ValueKind: JsonValueKind.Object } told)
                heard.Add(told.GetProperty("data").GetProperty("recordAdded").GetProperty("id").GetGuid());
        return heard;
    }
}
