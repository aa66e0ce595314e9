using System.Security.Claims;
using System.Text;
using Hrms.Api.Ingestion;
using Hrms.Contracts;
using static Hrms.Api.Tests.Ingestion.IngestionTestServer;

namespace Hrms.Api.Tests.Ingestion;

[Trait("Feature", "76")]
public sealed class SamplesEndpointTests : IAsyncLifetime
{
    private const string Good = """{"kind":"heart-rate","time":"2026-03-01T00:00:00Z","value":61,"unit":"/min"}""";

    private IngestionTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("call-1")]
    [InlineData("call-2")]
    public async Task TheSameBatchTwice_IsOneSet_UnderTheSameKeyOrAnother(string secondKey)
    {
        var body = Body(HeartRates(1_000));
        Assert.Equal((1_000, 0, 0, 0), (await _server.PostAsync(body, "call-1")).Counts);

        var again = await _server.PostAsync(body, secondKey);

        Assert.Equal(200, again.Status);
        Assert.Equal((0, 1_000, 0, 0), again.Counts);
        Assert.Empty(again.Items);
        Assert.Equal(1_000, _server.Intake.Count);
    }

    [Theory]
    [InlineData("application/json", "gzip", true)]
    [InlineData("application/json; charset=utf-8", null, true)]
    [InlineData("application/x-ndjson", "gzip", false)]
    [InlineData("application/x-ndjson", null, false)]
    public async Task EveryFormIsTheSameBatch(string type, string? encoding, bool array)
    {
        var body = Encoding.UTF8.GetBytes(array ? Body(HeartRates(500)) : HeartRates(500, "\r\n") + "\n\n");
        var answer = await _server.PostAsync(encoding is null ? body : Gzip(body), "k", type, encoding);

        Assert.Equal((500, 0, 0, 0), answer.Counts);
        Assert.Equal([60, 61, 62], _server.Intake.All(SampleKind.HeartRate).Values[..3].ToArray());
    }

    [Fact]
    public async Task AKeyNamesOneBody()
    {
        await _server.PostAsync(Body(HeartRates(1)));
        var other = await _server.PostAsync(Body(HeartRates(2)));

        Assert.Equal((422, IdempotencyKey.Header), other.Problem);
        Assert.Equal(1, _server.Intake.Count);
    }

    [Fact]
    public async Task ItemsThatAreNoMeasurement_AreNamedAndTheOthersStored()
    {
        var answer = await _server.PostAsync(Body(string.Join(',',
            Good,
            """{"kind":"heart-rate","time":"2026-03-01T00:00:01Z","value":"NaN","unit":"/min"}""",
            """{"kind":"heart-rate","time":"2026-03-01T00:00:02Z","value":1e999,"unit":"/min"}""",
            """{"kind":"glucose","time":"2026-03-01T00:00:03Z","value":5.5,"unit":"stone"}""",
            """{"kind":"heart-rate","time":"2026-03-01T00:00:04","value":61,"unit":"/min"}""",
            """{"kind":"heart-rate","time":"1970-01-01T00:00:05Z","value":61,"unit":"/min"}""",
            """{"kind":"heart-rate","time":"2026-03-02T00:06:00Z","value":61,"unit":"/min"}""",
            """{"kind":"heart-rate","time":"2026-03-01T00:00:07Z","value":-61,"unit":"/min"}""",
            """{"kind":["mood"],"time":"2026-03-01T00:00:08Z","value":61,"unit":"/min"}""",
            """{"kind":"heart-rate","time":"2026-03-01T00:00:00.0009Z","value":62,"unit":"/min"}""",
            """{}""",
            """{"unit":"[lb_av]","value":150,"source":{"id":[1]},"time":"2026-03-01T01:00:00.250+01:00","kind":"body-weight"}""")));

        Assert.Equal(200, answer.Status);
        Assert.Equal((2, 0, 1, 9), answer.Counts);
        Assert.Equal(
            [
                (1, "not-a-number"), (2, "not-a-number"), (3, "foreign-unit"), (4, "unreadable-time"), (5, "time-too-old"), (6, "time-in-future"),
                (7, "implausible-value"), (8, "unknown-kind"), (9, "other-value"), (10, "unknown-kind"),
            ],
            answer.Items);
        Assert.Contains("glucose takes the UCUM unit mg/dL or mmol/L.", answer.Text);
        var weight = _server.Intake.All(SampleKind.BodyWeight);
        Assert.Equal([68.0389], weight.Values.ToArray());
        Assert.Equal([new DateTimeOffset(2026, 3, 1, 0, 0, 0, 250, TimeSpan.Zero).ToUnixTimeMilliseconds()], weight.Times.ToArray());
    }

    [Fact]
    public async Task ABatchOfNothingGood_Is422AndChangesNothing()
    {
        var answer = await _server.PostAsync(Body(Good.Replace("/min", "bpm")));

        Assert.Equal(422, answer.Status);
        Assert.Equal([(0, "foreign-unit")], answer.Items);
        Assert.Equal(0, _server.Intake.Count);
    }

    [Theory]
    [InlineData("""{"samples":[{"kind":"heart-rate",""", "line 1, byte ")]
    [InlineData("{\"samples\":[\n{\"value\":NaN}]}", "line 2, byte 10, samples[0]")]
    [InlineData("""[]""", "line 1, byte 1,")]
    [InlineData("""{"samples":{}}""", "line 1, byte 12,")]
    [InlineData("{\"samples\":[{},\n 61]}", "line 2, byte 2, samples[1]")]
    [InlineData("""{"samples":[],"samples":[]}""", "line 1, byte 15,")]
    [InlineData("""{"samples":[{"value":1,"value":2}]}""", "samples[0]")]
    [InlineData("""{"samples":[{}]} {}""", "line 1, byte 18,")]
    [InlineData("", "line 1, byte 1,")]
    [InlineData("""{"samples":[]}""", "samples")]
    [InlineData("""{"sample":[{}]}""", "samples")]
    public async Task ABodyThatIsNotRead_IsNamedByItsPlaceAndChangesNothing(string body, string place)
    {
        var answer = await _server.PostAsync(body);

        Assert.Equal(400, answer.Status);
        Assert.Contains(place, answer.Place);
        Assert.Empty(_server.Intake.Commands);
    }

    [Fact]
    public async Task ABrokenLineRefusesAllLines()
    {
        var answer = await _server.PostAsync($"{Good}\n{Good.Replace("61", "NaN")}\n", type: "application/x-ndjson");

        Assert.Equal(400, answer.Status);
        Assert.StartsWith("line 2, byte ", answer.Place);
        Assert.EndsWith("samples[1]", answer.Place);
        Assert.Empty(_server.Intake.Commands);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACallHasTenThousandSamplesAtMost(bool array)
    {
        var type = array ? "application/json" : "application/x-ndjson";
        var most = array ? Body(HeartRates(10_000)) : HeartRates(10_000, "\n");
        var more = array ? Body(HeartRates(10_001)) : HeartRates(10_001, "\n");
        Assert.Equal((413, "samples[10000]"), (await _server.PostAsync(more, "more", type)).Problem);
        Assert.Equal(0, _server.Intake.Count);
        Assert.Equal((10_000, 0, 0, 0), (await _server.PostAsync(most, "most", type)).Counts);
    }

    [Fact]
    public async Task ABodyHasALimit_AlsoWhenItIsSmallBeforeUnpacking()
    {
        var blanks = Encoding.UTF8.GetBytes(Body(Good).PadRight(SampleLimits.BodyBytesMax));
        Assert.Equal(200, (await _server.PostAsync(blanks, "plain")).Status);
        Assert.Equal(200, (await _server.PostAsync(Gzip(blanks), "packed", encoding: "gzip")).Status);
        Assert.Equal(413, (await _server.PostAsync([.. blanks, (byte)' '], "plain+1")).Status);
        Assert.Equal(413, (await _server.PostAsync(Gzip([.. blanks, (byte)' ']), "packed+1", encoding: "gzip")).Status);
        Assert.Equal(413, (await _server.PostAsync(Gzip(new byte[100_000_000]), "bomb", encoding: "gzip")).Status);
    }

    [Fact]
    public async Task WhatIsNotGzip_OrNotAllOfIt_IsRefused()
    {
        var whole = Gzip(Encoding.UTF8.GetBytes(Body(HeartRates(100))));
        var plain = Encoding.UTF8.GetBytes(Body(Good));
        Assert.Equal((400, "Content-Encoding"), (await _server.PostAsync(plain, "a", encoding: "gzip")).Problem);
        Assert.Equal(400, (await _server.PostAsync(whole[..^20], "b", encoding: "gzip")).Status);
        Assert.Equal(0, _server.Intake.Count);
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/json; charset=utf-16", null)]
    [InlineData("", null)]
    [InlineData("application/json", "br")]
    [InlineData("application/json", "gzip, gzip")]
    public async Task AnotherMediaTypeOrEncodingIsRefused(string type, string? encoding) =>
        Assert.Equal(415, (await _server.PostAsync(Encoding.UTF8.GetBytes(Body(Good)), "k", type, encoding)).Status);

    [Fact]
    public async Task TheKeyIsNeeded()
    {
        foreach (var key in new[] { null, "", "\"\"", "two words", "a, b", new string('k', IdempotencyKey.LengthMax + 1) })
            Assert.Equal((400, IdempotencyKey.Header), (await _server.PostAsync(Body(Good), key)).Problem);
        Assert.Equal(200, (await _server.PostAsync(Body(Good), new string('k', IdempotencyKey.LengthMax))).Status);
    }

    [Fact]
    public async Task AUuidIsTheCommand_QuotedOrNot()
    {
        const string Key = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
        await _server.PostAsync(Body(Good), Key);
        await _server.PostAsync(Body(Good), $"\"{Key}\"");

        Assert.Equal([new CommandId(Guid.Parse(Key))], _server.Intake.Commands);
    }

    [Fact]
    public async Task OnlyADeviceSends_AndItsPatientGoesWithIt()
    {
        var patient = Guid.Parse("11111111-2222-4333-8444-555555555555");
        _server.Claims.Add(new Claim(DeviceClaims.Patient, patient.ToString()));
        await _server.PostAsync(Body(Good));
        Assert.Equal(new PatientId(patient), _server.Intake.Patient);

        _server.Claims.RemoveAt(0);
        Assert.Equal(401, (await _server.PostAsync(Body(Good))).Status);
    }

    [Fact]
    public async Task AnotherPatientsDevice_LooksAbsent()
    {
        _server.Intake.Refusal = Refusal.NotFound("No such device.");
        Assert.Equal(401, (await _server.PostAsync(Body(Good))).Status);
    }

    [Fact]
    public async Task ABusyIntake_IsToldAsBusyWithATimeToWait()
    {
        _server.Intake.Refusal = new Refusal(RefusalCode.Busy, "Busy.");
        var answer = await _server.PostAsync(Body(Good));

        Assert.Equal((429, TimeSpan.FromSeconds(1)), (answer.Status, answer.RetryAfter));
    }

    [Fact]
    public async Task MoreCallsThanThereArePlaces_AreToldAsBusyBeforeTheyAreRead()
    {
        await using var server = await StartAsync(callsInFlightMax: 1);
        var gate = new TaskCompletionSource();
        server.Intake.Gate = gate.Task;
        var first = server.PostAsync(Body(HeartRates(5)), "first");
        await server.Intake.Arrived.Task.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(429, (await server.PostAsync("no JSON at all", "second")).Status);
        gate.SetResult();
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await server.PostAsync(Body(HeartRates(6)), "third")).Status);
    }

    [Fact]
    public void EveryRefusalHasAStatus()
    {
        foreach (var code in Enum.GetValues<RefusalCode>())
            Assert.InRange(IngestionProblem.From(new Refusal(code, "why")).Status, 400, 599);
    }
}
