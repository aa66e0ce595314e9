using System.Net.Http.Headers;
using System.Text;
using Hrms.Contracts;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What a wearable sends is taken when its own key signed all of it, just now, and nobody used that signature before. Nothing else is, and nobody learns why.</summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "78")]
public sealed class SignedUploadTests(HrmsFixture hrms)
{
    private const string Beat = """{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00Z","value":60,"unit":"/min"}]}""";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes(Beat);

    [Fact]
    public async Task WhateverIsWrongWithASignature_IsOneAnswer_AndChangesNothing()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var (watch, his, ended) = (await ana.EnrolsDeviceAsync(), await ben.EnrolsDeviceAsync(), await ana.EnrolsDeviceAsync("Old watch"));
        (await ana.SendsAsync("revokeDevice", new { commandId = Guid.NewGuid(), patient = ana.Id, device = ended.Id }, "device { id }")).Done();
        var right = watch.Sign();
        Assert.Equal(200, (await watch.SendsAsync(watch.SignedUpload(Body, "first", right))).Status);

        Dictionary<string, HttpRequestMessage> wrong = new()
        {
            ["unknown device"] = watch.SignedUpload(Body, "a", right with { KeyId = $"{Guid.NewGuid():D}" }),
            ["a patient's id for a device's"] = watch.SignedUpload(Body, "a", right with { KeyId = $"{ana.Id:D}" }),
            ["no id"] = watch.SignedUpload(Body, "a", right with { KeyId = null }),
            ["an id of another form"] = watch.SignedUpload(Body, "a", right with { KeyId = "watch" }),
            ["another patient's device"] = watch.SignedUpload(Body, "a", right with { KeyId = $"{his.Id:D}" }),
            ["another device's key"] = watch.SignedUpload(Body, "a", right, by: his.Key),
            ["a device that was revoked"] = ended.SignedUpload(Body, "a", ended.Sign()),
            ["of six minutes ago"] = watch.SignedUpload(Body, "a", right with { Created = right.Created.AddMinutes(-6) }),
            ["of six minutes ahead"] = watch.SignedUpload(Body, "a", right with { Created = right.Created.AddMinutes(6) }),
            ["over"] = watch.SignedUpload(Body, "a", right with { Further = $";expires={right.Created.ToUnixTimeSeconds() - 1}" }),
            ["of another algorithm by its word"] = watch.SignedUpload(Body, "a", right with { Further = ";alg=\"hmac-sha256\"" }),
            ["the digest of other content"] = watch.SignedUpload(Body, "a", right with { DigestOf = Encoding.UTF8.GetBytes("{}") }),
            ["not signed at all"] = Without(watch, "Signature-Input", "Signature"),
            ["half of it"] = Without(watch, "Signature"),
            ["other content"] = Changed(watch, request => Replace(request, Encoding.UTF8.GetBytes(Beat.Replace("60", "61", StringComparison.Ordinal)))),
            ["a content coding that was not signed"] = Changed(watch, request => request.Content!.Headers.ContentEncoding.Add("gzip")),
            ["another name"] = Changed(watch, request => Header(request, "Idempotency-Key", "b")),
            ["another host"] = Changed(watch, request => request.Headers.Host = "records.example"),
            ["another signature field"] = Changed(watch, request => Header(request, "Signature", $"sig=:{Convert.ToBase64String(new byte[64])}:")),
            ["a token of the device instead"] = Changed(watch, request =>
            {
                request.Headers.Remove("Signature");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", watch.Token);
            }),
            ["a token of the patient instead"] = Changed(watch, request =>
            {
                request.Headers.Remove("Signature");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", ana.Token);
            }),
        };
        foreach (var left in right.Components)
            wrong.Add($"not over {left}", watch.SignedUpload(Body, "a", right with { Components = [.. right.Components.Where(component => component != left)] }));

        string? answer = null;
        foreach (var (what, request) in wrong)
        {
            // A signature of this moment, unless its time is what is wrong.
            var upload = await watch.SendsAsync(request);
            Assert.True(upload.Status == 401, $"{what}: {upload.Bytes}");
            answer ??= upload.Bytes;
            Assert.True(answer == upload.Bytes, $"{what}: {upload.Bytes}");
        }
        Assert.Equal((1, 0), (await CountAsync(ana), await CountAsync(ben)));
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task AReplayedSignature_IsRefused_AlsoAfterEveryoneForgot_AndARepeatSignedAnewIsOneSet()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        var signed = watch.Sign();
        HttpRequestMessage Captured() => watch.SignedUpload(Body, "first", signed);
        using var captured = Captured();
        var (input, signature) = (captured.Headers.GetValues("Signature-Input").Single(), captured.Headers.GetValues("Signature").Single());
        HttpRequestMessage Replayed() => Changed(watch, request =>
        {
            Header(request, "Idempotency-Key", "first");
            Header(request, "Signature-Input", input);
            Header(request, "Signature", signature);
        });

        Assert.Equal((200, 1, 0), (await watch.SendsAsync(Replayed())).Counts);
        var replayed = await watch.SendsAsync(Replayed());
        // ECDSA has many signatures of one message: another one over the same is the same.
        var otherwise = await watch.SendsAsync(Captured());
        await hrms.ForgetAsync();
        var later = await watch.SendsAsync(Replayed());
        var again = await watch.UploadsAsync(Beat, "first");

        Assert.Equal((401, replayed.Bytes, replayed.Bytes), (replayed.Status, otherwise.Bytes, later.Bytes));
        Assert.Equal((200, 0, 1), again.Counts);
        Assert.Equal(1, await CountAsync(ana));
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task DuplicatesAndDisorder_AreOneSeries()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        string Batch(params int[] seconds) => $$"""{"samples":[{{string.Join(',', seconds.Select(second => $$"""{"kind":"heart-rate","time":"2026-01-01T00:00:{{second:00}}Z","value":{{60 + second}},"unit":"/min"}"""))}}]}""";

        Assert.Equal((200, 3, 0), (await watch.UploadsAsync(Batch(9, 3, 6), "late")).Counts);
        Assert.Equal((200, 2, 1), (await watch.UploadsAsync(Batch(6, 0, 12), "early")).Counts);
        Assert.Equal((200, 0, 3), (await watch.UploadsAsync(Batch(3, 9, 6), "again")).Counts);

        const string Query = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-01T01:00:00Z\", resolution: RAW) { points { mean } } } }";
        var points = (await ana.AsksAsync(Query, new { id = ana.Id })).Patient.GetProperty("samples").GetProperty("points");
        Assert.Equal([60, 63, 66, 69, 72], points.EnumerateArray().Select(point => point.GetProperty("mean").GetInt32()));
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task WhatNoBodyMeasures_IsLeftOutWithItsReason_AndUnitsAreNeverMixed()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        var ahead = hrms.Clock.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        string Item(string kind, string time, string value, string unit) => $$"""{"kind":"{{kind}}","time":"{{time}}","value":{{value}},"unit":"{{unit}}"}""";

        var answer = await watch.UploadsAsync($$"""
            {"samples":[{{Item("heart-rate", "1970-01-01T00:00:09Z", "60", "/min")}},{{Item("heart-rate", ahead, "60", "/min")}},{{Item("heart-rate", "2026-01-01T00:00:00Z", "\"NaN\"", "/min")}},
            {{Item("heart-rate", "2026-01-01T00:00:00Z", "60", "mg/dL")}},{{Item("heart-rate", "2026-01-01T00:00:00Z", "9000", "/min")}},
            {{Item("glucose", "2026-01-01T00:00:00Z", "90", "mg/dL")}},{{Item("glucose", "2026-01-01T00:01:00Z", "5", "mmol/L")}}]}
            """, "mixed");

        Assert.Equal((200, 2, 0), answer.Counts);
        Assert.Equal(
            [(0, "time-too-old"), (1, "time-in-future"), (2, "not-a-number"), (3, "foreign-unit"), (4, "implausible-value")],
            answer.Body.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("index").GetInt32(), item.GetProperty("reason").GetString()!)));
        const string Query = "query($id: ID!) { patient(id: $id) { samples(kind: GLUCOSE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-01T01:00:00Z\", resolution: RAW) { unit points { mean } } } }";
        var glucose = (await ana.AsksAsync(Query, new { id = ana.Id })).Patient.GetProperty("samples");
        Assert.Equal("mg/dL", glucose.GetProperty("unit").GetString());
        Assert.Equal([90, 90.1], glucose.GetProperty("points").EnumerateArray().Select(point => Math.Round(point.GetProperty("mean").GetDouble(), 1)));
    }

    [Fact]
    [Trait("Fault", "F38")]
    public async Task ADeviceOfAnotherPatient_AddsNothingToHer()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        var (hers, his) = (await ana.EnrolsDeviceAsync(), await ben.EnrolsDeviceAsync());

        Assert.Equal(401, (await his.SendsAsync(his.SignedUpload(Body, "a", hers.Sign()))).Status);
        Assert.Equal(200, (await his.UploadsAsync(Beat, "b")).Status);

        Assert.Equal((0, 1), (await CountAsync(ana), await CountAsync(ben)));
    }

    /// <summary>A hundred batches of ten thousand, all at once, as a watch that was away for a week sends them: each is taken, or told to come again.</summary>
    [Fact]
    [Trait("Fault", "F38")]
    public async Task ABurstOfAMillionSamples_IsTakenOrToldToWait_AndEachIsThereOnce()
    {
        const int Batches = 100, Each = SampleLimits.BatchSamplesMax;
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        var first = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        byte[] Batch(int number) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(number * Each, Each)
            .Select(second => $$"""{"kind":"heart-rate","time":"{{first.AddSeconds(second):yyyy-MM-ddTHH:mm:ssZ}}","value":{{50 + second % 60}},"unit":"/min"}""")));

        var (told, slots) = (0, new SemaphoreSlim(16));
        await Task.WhenAll(Enumerable.Range(0, Batches).Select(async number =>
        {
            await slots.WaitAsync(TestContext.Current.CancellationToken);
            var body = Batch(number);
            for (var done = false; !done;)
            {
                var upload = await watch.SendsAsync(watch.SignedUpload(body, $"burst-{number}", watch.Sign(), "application/x-ndjson"));
                Assert.True(upload.Status is 200 or 429 or 503, upload.Bytes);
                done = upload.Status == 200;
                if (!done)
                    Interlocked.Increment(ref told);
            }
            slots.Release();
        }));

        TestContext.Current.TestOutputHelper?.WriteLine($"{told} batches were told to come again.");
        const string Query = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-02-01T00:00:00Z\", resolution: DAY) { points { count } } } }";
        var points = (await ana.AsksAsync(Query, new { id = ana.Id })).Patient.GetProperty("samples").GetProperty("points");
        Assert.Equal(Batches * Each, points.EnumerateArray().Sum(point => point.GetProperty("count").GetInt32()));
    }

    private static HttpRequestMessage Without(Device watch, params string[] fields) => Changed(watch, request => Array.ForEach(fields, field => request.Headers.Remove(field)));

    private static HttpRequestMessage Changed(Device watch, Action<HttpRequestMessage> change)
    {
        var request = watch.SignedUpload(Body, "a", watch.Sign());
        change(request);
        return request;
    }

    private static void Header(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    private static void Replace(HttpRequestMessage request, byte[] body)
    {
        var content = new ByteArrayContent(body);
        foreach (var header in request.Content!.Headers)
            content.Headers.TryAddWithoutValidation(header.Key, header.Value);
        request.Content = content;
    }

    private static async Task<int> CountAsync(Patient patient)
    {
        const string Query = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-02T00:00:00Z\", resolution: DAY) { points { count } } } }";
        return (await patient.AsksAsync(Query, new { id = patient.Id })).Patient.GetProperty("samples").GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("count").GetInt32());
    }
}
