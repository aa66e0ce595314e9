using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>Wearables, from the device's upload to who may look.</summary>
public sealed class SampleTests(HrmsFixture hrms)
{
    private const string Raw = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-01T03:00:00Z\", resolution: RAW) { unit code points { time mean } hasNextPage } } }";
    private const string Hourly = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-01T03:00:00Z\") { points { time min mean max count } } } }";

    // Two hours, a sample every ten minutes, ascending from 60.
    private static readonly string[] Beats = [.. Enumerable.Range(0, 12).Select(i =>
        $$"""{"kind":"heart-rate","time":"2026-01-01T{{i / 6:00}}:{{i % 6}}0:00Z","value":{{60 + i}},"unit":"/min"}""")];

    private static readonly string Json = $$"""{"samples":[{{string.Join(',', Beats)}}]}""";

    [Theory, Trait("Feature", "76")]
    [InlineData("application/json", false)]
    [InlineData("application/x-ndjson", false)]
    [InlineData("application/json", true)]
    [InlineData("application/x-ndjson", true)]
    public async Task SameBatchTwice_IsOneSet(string type, bool gzip)
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        var body = type == "application/json" ? Json : string.Join('\n', Beats);

        var first = await watch.UploadsAsync(body, "batch-1", type, gzip);
        var again = await watch.UploadsAsync(body, "batch-1", type, gzip);
        var underAnotherKey = await watch.UploadsAsync(body, "batch-2", type, gzip);

        Assert.Equal((200, 12, 0), first.Counts);
        Assert.Equal(200, again.Status);
        Assert.Equal((200, 0, 12), underAnotherKey.Counts);
        var points = (await ana.AsksAsync(Raw, new { id = ana.Id })).Patient.GetProperty("samples").GetProperty("points");
        Assert.Equal(Enumerable.Range(60, 12).Select(rate => (double)rate), points.EnumerateArray().Select(point => point.GetProperty("mean").GetDouble()));
    }

    [Fact, Trait("Feature", "76")]
    public async Task KeyOfAnotherBatch_IsRefused()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        await watch.UploadsAsync(Json, "batch-1");

        var other = await watch.UploadsAsync($$"""{"samples":[{{Beats[0].Replace("60", "99", StringComparison.Ordinal)}}]}""", "batch-1");

        Assert.Equal((422, "Key reused"), (other.Status, other.Body.GetProperty("title").GetString()));
    }

    [Fact, Trait("Feature", "76")]
    public async Task Samples_ReadHourly_AreMinimumMeanAndMaximum()
    {
        var ana = await hrms.PatientAsync();
        await (await ana.EnrolsDeviceAsync()).UploadsAsync(Json, "batch-1");

        var points = (await ana.AsksAsync(Hourly, new { id = ana.Id })).Patient.GetProperty("samples").GetProperty("points");

        Assert.Equal([(60, 62.5, 65, 6), (66, 68.5, 71, 6)], points.EnumerateArray().Select(point => (
            point.GetProperty("min").GetDouble(), point.GetProperty("mean").GetDouble(), point.GetProperty("max").GetDouble(), point.GetProperty("count").GetInt32())));
    }

    [Fact, Trait("Feature", "76")]
    public async Task Samples_AreShownUnderTheClassWearablesAlone()
    {
        var (ana, drLee, drNo) = (await hrms.PatientAsync(), await hrms.PractitionerAsync(), await hrms.PractitionerAsync());
        await (await ana.EnrolsDeviceAsync()).UploadsAsync(Json, "batch-1");
        await ana.GrantsAsync(drLee, DataClass.Wearables);
        await ana.GrantsAsync(drNo, DataClass.VitalSigns);

        Assert.Equal(12, await CountAsync(drLee, ana));
        Assert.Equal(0, await CountAsync(drNo, ana));
        Assert.Equal(["samples"], (await ana.HistoryAsync(new { actor = drNo.Id, permitted = false })).Select(line => line.Operation));
        Assert.Equal(["samples"], (await ana.HistoryAsync(new { actor = drLee.Id, permitted = true })).Select(line => line.Operation));
    }

    /// <summary>The daily value but never the samples it was made of, nor anything between.</summary>
    [Fact, Trait("Feature", "4"), Trait("Feature", "25")]
    public async Task DailyValues_AreSharedWithoutTheSamplesTheyAreMadeOf()
    {
        const string Query = "query($id: ID!, $by: SampleResolution!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-02T00:00:00Z\", resolution: $by) { unit code points { mean count } hasNextPage } } }";
        var (ana, ben, registry) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PractitionerAsync());
        await (await ana.EnrolsDeviceAsync()).UploadsAsync(Json, "batch-1");
        foreach (var patient in new[] { ana, ben })
            await patient.GrantsAsync(registry, new Terms { Classes = [DataClass.Wearables], Resolutions = [SampleResolution.Day] });

        foreach (var resolution in Enum.GetValues<SampleResolution>())
        {
            var (shown, none) = (await registry.AsksAsync(Query, new { id = ana.Id, by = resolution }), await registry.AsksAsync(Query, new { id = ben.Id, by = resolution }));
            if (resolution == SampleResolution.Day)
                Assert.Equal((65.5, 12), shown.Patient.GetProperty("samples").GetProperty("points")[0] is var day ? (day.GetProperty("mean").GetDouble(), day.GetProperty("count").GetInt32()) : default);
            else
                Assert.Equal(none.Bytes, shown.Bytes);
        }
    }

    [Fact, Trait("Feature", "76")]
    public async Task SamplesThatCannotBeMeant_AreNamedByIndexAndLeftOut()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        var foreign = Beats[1].Replace("/min", "Hz", StringComparison.Ordinal);
        var notANumber = Beats[2].Replace("62", "\"NaN\"", StringComparison.Ordinal);

        var some = await watch.UploadsAsync($$"""{"samples":[{{Beats[0]}},{{foreign}},{{notANumber}}]}""", "batch-1");
        var broken = await watch.UploadsAsync($$"""{"samples":[{{Beats[3]}},{{Beats[4].Replace("64", "NaN", StringComparison.Ordinal)}}]}""", "batch-2");

        Assert.Equal(200, some.Status);
        Assert.Equal([(1, "foreign-unit"), (2, "not-a-number")], some.Body.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("index").GetInt32(), item.GetProperty("reason").GetString()!)));
        Assert.Equal(400, broken.Status);
        Assert.Contains("samples[1]", broken.Body.GetProperty("place").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(ana, ana));
    }

    private static async Task<int> CountAsync(Party asker, Patient patient) =>
        (await asker.AsksAsync(Raw, new { id = patient.Id })).Patient.GetProperty("samples").GetProperty("points").GetArrayLength();
}
