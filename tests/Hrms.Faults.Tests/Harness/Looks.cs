namespace Hrms.Faults.Tests.Harness;

/// <summary>Records to look at, and what the patients' histories say of who did.</summary>
internal static class Looks
{
    private const int RecordsEach = 10;

    /// <summary>Patients with prescriptions, which nobody may see, and laboratory results, which everybody may.</summary>
    public static async Task<IReadOnlyList<ReadableRecord>> PrepareAsync(ApiClient client, int patients)
    {
        const string import = "mutation($c:ID!,$p:ID!,$b:FhirJson!){importBundle(input:{commandId:$c,patient:$p,bundle:$b}){records{id class} errors{message}}}";
        const string grant = "mutation($c:ID!,$p:ID!){grantConsent(input:{commandId:$c,patient:$p,grantee:{anyone:true},data:{classes:[LABORATORY]}}){consent{id} errors{code}}}";
        var entries = Enumerable.Range(0, RecordsEach).Select(i => new { resource = i % 2 == 0 ? Laboratory : Prescription });
        var bundle = new { resourceType = "Bundle", type = "collection", entry = entries.ToArray() };
        var made = await Task.WhenAll(Enumerable.Range(0, patients).Select(async _ =>
        {
            var patient = await client.PatientAsync();
            Assert.Empty((await client.SendAsync(Party.Patient(patient), grant, new { c = Guid.NewGuid(), p = patient })).Codes);
            var imported = (await client.SendAsync(Party.Patient(patient), import, new { c = Guid.NewGuid(), p = patient, b = bundle })).Field;
            return imported.GetProperty("records").EnumerateArray()
                .Select(record => new ReadableRecord(patient, record.GetProperty("id").GetGuid(), record.GetProperty("class").GetString() == "LABORATORY")).ToList();
        }));
        Assert.All(made, records => Assert.Equal((RecordsEach, RecordsEach / 2), (records.Count, records.Count(record => record.IsShared))));
        return [.. made.SelectMany(records => records)];
    }

    /// <summary>What the patients' histories say of practitioners.</summary>
    public static async Task<IReadOnlyList<LookLine>> LinesAsync(ApiClient client, IEnumerable<Guid> patients)
    {
        const string query =
            "query($p:ID!,$a:String){patient(id:$p){accessHistory(first:200,after:$a){nodes{actor{kind id} purpose permitted records{id}} pageInfo{hasNextPage endCursor}}}}";
        List<LookLine> lines = [];
        foreach (var patient in patients)
        {
            for (string? after = ""; after is not null;)
            {
                var page = (await client.SendAsync(Party.Patient(patient), query, new { p = patient, a = after is "" ? null : after })).Field.GetProperty("accessHistory");
                lines.AddRange(
                    from line in page.GetProperty("nodes").EnumerateArray()
                    where line.GetProperty("actor").GetProperty("kind").GetString() == "PRACTITIONER"
                    select new LookLine(
                        line.GetProperty("actor").GetProperty("id").GetGuid(), patient, line.GetProperty("records").EnumerateArray().Single().GetProperty("id").GetGuid(),
                        line.GetProperty("permitted").GetBoolean(), line.GetProperty("purpose").GetString()!));
                var info = page.GetProperty("pageInfo");
                after = info.GetProperty("hasNextPage").GetBoolean() ? info.GetProperty("endCursor").GetString() : null;
            }
        }
        return lines;
    }

    public static object Laboratory => new
    {
        resourceType = "Observation",
        status = "final",
        category = new[] { new { coding = new[] { new { system = "http://terminology.hl7.org/CodeSystem/observation-category", code = "laboratory" } } } },
        code = new { coding = new[] { new { system = "http://loinc.org", code = "4548-4" } } },
    };

    private static object Prescription => new
    {
        resourceType = "MedicationRequest",
        status = "active",
        intent = "order",
        medicationCodeableConcept = new { coding = new[] { new { system = "http://www.nlm.nih.gov/research/umls/rxnorm", code = "860975" } } },
        subject = new { display = "The patient" },
    };
}

/// <param name="IsShared">Whether everybody may see it; nobody but the patient may otherwise.</param>
internal sealed record ReadableRecord(Guid Patient, Guid Id, bool IsShared);

/// <summary>What a line says; who asked is somebody else each time, so each line is one look's.</summary>
internal sealed record LookLine(Guid Practitioner, Guid Patient, Guid Record, bool Permitted, string Purpose) : IComparable<LookLine>
{
    public int CompareTo(LookLine? other) => Practitioner.CompareTo(other!.Practitioner);
}

/// <summary>One practitioner's one look at one record.</summary>
internal sealed record Look(ReadableRecord Record)
{
    private const string Query = "query($p:ID!,$r:ID!){patient(id:$p,purpose:TREAT){record(id:$r){id content}}}";

    public Guid Practitioner { get; } = Guid.NewGuid();

    public LookLine Line => new(Practitioner, Record.Patient, Record.Id, Record.IsShared, "TREAT");

    /// <summary>False when no answer came.</summary>
    public async Task<bool> SendAsync(ApiClient client)
    {
        try
        {
            var answer = await client.SendAsync(Party.Practitioner(Practitioner), Query, new { p = Record.Patient, r = Record.Id });
            Assert.Equal(Record.IsShared, answer.Field.GetProperty("record").ValueKind == JsonValueKind.Object);
            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }
}
