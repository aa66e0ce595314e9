using System.Diagnostics;
using System.Text.Json;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>How a wearable comes to send for a patient, and how it ends.</summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "78")]
public sealed class DeviceTests(HrmsFixture hrms)
{
    private const string Listed = "query($id: ID!) { patient(id: $id) { devices { id name status by { kind id } enrolledAt revokedAt } } }";

    [Fact]
    public async Task APatientEnrolsADevice_SeesIt_AndRevokesIt()
    {
        var ana = await hrms.PatientAsync();
        var (id, code) = await ana.RegistersDeviceAsync("Watch");
        using var key = new DeviceKey();
        Assert.Equal(["AWAITING_KEY"], (await DevicesAsync(ana)).Select(Status));

        var enrolled = await Device.RegistersKeyAsync(hrms, code, key);
        var watch = new Device(hrms, id, ana.Token, key);
        var sent = await watch.UploadsAsync(Beat(0), "first");

        Assert.Equal((200, id, 200), (enrolled.Status, enrolled.Body.GetProperty("device").GetGuid(), sent.Status));
        var device = Assert.Single(await DevicesAsync(ana));
        Assert.Equal(("Watch", "ENROLLED", "PATIENT", ana.Id), (device.GetProperty("name").GetString(), Status(device), device.GetProperty("by").GetProperty("kind").GetString(), device.GetProperty("by").GetProperty("id").GetGuid()));

        var revoked = (await RevokesAsync(ana, id)).Done();
        Assert.Equal("REVOKED", Status(revoked.Payload.GetProperty("device")));
        Assert.Equal(401, (await watch.UploadsAsync(Beat(1), "second")).Status);
        Assert.Equal(1, await CountAsync(ana));
        Assert.Null((await RevokesAsync(ana, id)).Refusal);
    }

    [Fact]
    public async Task ARevokedDevice_IsDeadAlsoAfterEveryoneForgot_AndItsSamplesStay()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        await watch.UploadsAsync(Beat(0), "first");
        (await RevokesAsync(ana, watch.Id)).Done();

        await hrms.ForgetAsync();

        Assert.Equal(401, (await watch.UploadsAsync(Beat(1), "second")).Status);
        Assert.Equal(1, await CountAsync(ana));
    }

    /// <summary>While it sends as fast as it can: what was not acknowledged before the revocation is not there after it, and nothing comes to it.</summary>
    [Fact]
    public async Task ARevocation_HoldsForUploadsThatAreUnderWay()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        using var stop = new CancellationTokenSource();
        var sending = Enumerable.Range(0, 4).Select(async sender =>
        {
            var stored = 0;
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                using var upload = watch.SignedUpload(System.Text.Encoding.UTF8.GetBytes(Beat((i * 4) + sender)), $"{sender}-{i}", watch.Sign());
                if ((await watch.SendsAsync(upload)).Status == 200)
                    stored++;
            }
            return stored;
        }).ToList();
        while (await CountAsync(ana) < 8)
        {
        }

        (await RevokesAsync(ana, watch.Id)).Done();
        var atOnce = await CountAsync(ana);
        await stop.CancelAsync();
        var acknowledged = (await Task.WhenAll(sending)).Sum();

        Assert.Equal((atOnce, atOnce), (acknowledged, await CountAsync(ana)));
    }

    [Fact]
    public async Task ACode_IsGoodOnce_ForOneKey_ForAQuarterOfAnHour_AndUntilThePatientSignsOutEverywhere()
    {
        var ana = await hrms.PatientAsync();
        using var key = new DeviceKey();
        using var other = new DeviceKey();
        var (_, used) = await ana.RegistersDeviceAsync();
        var first = await Device.RegistersKeyAsync(hrms, used, key);

        Assert.Equal(first.Bytes, (await Device.RegistersKeyAsync(hrms, used, key)).Bytes);
        var refused = await Device.RegistersKeyAsync(hrms, used, other);
        Assert.Equal(401, refused.Status);

        var (_, over) = await ana.RegistersDeviceAsync();
        hrms.Clock.Advance(Limits.EnrolmentCodeLife);
        Assert.Equal((refused.Bytes, refused.Bytes), ((await Device.RegistersKeyAsync(hrms, over, key)).Bytes, (await Device.RegistersKeyAsync(hrms, used, key)).Bytes));

        var (_, begunByATheft) = await ana.RegistersDeviceAsync();
        (await ana.SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Done();
        Assert.Equal(refused.Bytes, (await Device.RegistersKeyAsync(hrms, begunByATheft, key)).Bytes);
    }

    [Fact]
    public async Task WhoeverCannotShowTheKey_OrBringsAnotherCode_RegistersNone()
    {
        var (ana, ben) = (await hrms.PatientAsync(), await hrms.PatientAsync());
        using var key = new DeviceKey();
        using var stolen = new DeviceKey();
        var (id, code) = await ana.RegistersDeviceAsync();
        EnrolmentCode.TryParse(code, out var parts);
        var now = hrms.Clock.GetUtcNow();
        var covering = RequestSigning.OfKey;
        Upload[] refused =
        [
            await Device.RegistersKeyAsync(hrms, code, key, jwk: stolen.Jwk),
            await Device.RegistersKeyAsync(hrms, code, key, new RequestSigning(null, now.AddMinutes(-6)) { Components = covering }),
            await Device.RegistersKeyAsync(hrms, code, key, new RequestSigning(null, now.AddMinutes(6)) { Components = covering }),
            await Device.RegistersKeyAsync(hrms, code, key, new RequestSigning(null, now) { Components = [.. covering.Where(component => component != "content-digest")] }),
            await Device.RegistersKeyAsync(hrms, code, key, new RequestSigning(null, now) { Components = covering, DigestOf = [1] }),
            await Device.RegistersKeyAsync(hrms, $"{parts! with { Secret = new byte[16] }}", key),
            await Device.RegistersKeyAsync(hrms, $"{parts with { Patient = new PatientId(ben.Id) }}", key),
            await Device.RegistersKeyAsync(hrms, $"{parts with { Device = new DeviceId(ben.Id) }}", key),
            await Device.RegistersKeyAsync(hrms, "12345678", key),
            await Device.RegistersKeyAsync(hrms, code, key, jwk: new { kty = "EC", crv = "P-256", x = new string('A', 43), y = new string('A', 43) }),
        ];

        Assert.Equal(401, refused[0].Status);
        Assert.All(refused, answer => Assert.Equal(refused[0].Bytes, answer.Bytes));
        Assert.Equal(["AWAITING_KEY"], (await DevicesAsync(ana)).Select(Status));
        Assert.Equal(200, (await Device.RegistersKeyAsync(hrms, code, key)).Status);
        Assert.Equal(id, (await DevicesAsync(ana)).Single().GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task OfThePatientsDelegates_WhoActsFully_EnrolsAndRevokes_AndOthersFindNobody()
    {
        var (ana, full, viewer) = (await hrms.PatientAsync(), await hrms.PatientAsync(), await hrms.PatientAsync());
        await ana.AppointsAsync(full, DelegateLevel.Full);
        await ana.AppointsAsync(viewer, DelegateLevel.View);
        var (guardian, watcher) = (await hrms.ActingForAsync(full, ana), await hrms.ActingForAsync(viewer, ana));
        var input = new { commandId = Guid.NewGuid(), patient = ana.Id, name = "Patch" };

        Assert.Equal("NOT_FOUND", (await watcher.SendsAsync("registerDevice", input, "device { id }")).Refusal);
        var device = (await guardian.SendsAsync("registerDevice", input, "device { id by { id } }")).Done().Payload.GetProperty("device");
        Assert.Equal(full.Id, device.GetProperty("by").GetProperty("id").GetGuid());
        Assert.Equal("NOT_FOUND", (await RevokesAsync(watcher, device.GetProperty("id").GetGuid(), ana.Id)).Refusal);
        Assert.Null((await RevokesAsync(guardian, device.GetProperty("id").GetGuid(), ana.Id)).Refusal);
    }

    [Fact]
    public async Task WhoSignsOutEverywhere_KeepsTheDevicesTheyEnrolled()
    {
        var ana = await hrms.PatientAsync();
        var watch = await ana.EnrolsDeviceAsync();
        (await ana.SendsAsync("signOutEverywhere", new { commandId = Guid.NewGuid(), patient = ana.Id }, "endedAt")).Done();
        Assert.Equal(200, (await watch.UploadsAsync(Beat(0), "first")).Status);
    }

    /// <summary>The README's walk, with a device that is written for another runtime and shares nothing with ours.</summary>
    [Fact]
    public async Task TheDeviceForTheTerminal_EnrolsAndSends_AndIsRefusedWhenRevoked()
    {
        var ana = await hrms.PatientAsync();
        var (id, code) = await ana.RegistersDeviceAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["samples.json"], Beat(0), TestContext.Current.CancellationToken);

        Assert.Equal((0, $"{id:D}"), await RunAsync("enrol", code, folder["watch.json"]));
        Assert.Equal((0, """{"stored":1,"duplicates":0,"conflicts":0,"rejected":0,"items":[]}"""), await RunAsync("send", folder["watch.json"], folder["samples.json"]));
        (await RevokesAsync(ana, id)).Done();
        Assert.Equal(1, (await RunAsync("send", folder["watch.json"], folder["samples.json"])).Exit);
        Assert.Equal(1, await CountAsync(ana));
    }

    /// <summary>Runs <c>eng/device.mjs</c> by the installation's clock.</summary>
    private async Task<(int Exit, string Printed)> RunAsync(params string[] arguments)
    {
        var ahead = (long)hrms.Clock.Ahead.TotalMilliseconds;
        using var node = Process.Start(new ProcessStartInfo(
            "node", ["--import", $"data:text/javascript,const now = Date.now; Date.now = () => now() + {ahead}", Path.Combine(RepositoryFolder.Root, "eng", "device.mjs"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["HRMS_URL"] = hrms.Http.BaseAddress!.AbsoluteUri },
        })!;
        var errors = node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var printed = await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(await errors);
        return (node.ExitCode, printed.Trim());
    }

    internal static string Beat(int second) =>
        $$"""{"samples":[{"kind":"heart-rate","time":"{{new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(second):yyyy-MM-ddTHH:mm:ssZ}}","value":60,"unit":"/min"}]}""";

    private async Task<IReadOnlyList<JsonElement>> DevicesAsync(Patient patient) =>
        [.. (await patient.AsksAsync(Listed, new { id = patient.Id })).Patient.GetProperty("devices").EnumerateArray()];

    private static string? Status(JsonElement device) => device.GetProperty("status").GetString();

    private static Task<Reply> RevokesAsync(Party by, Guid device, Guid? patient = null) =>
        by.SendsAsync("revokeDevice", new { commandId = Guid.NewGuid(), patient = patient ?? by.Id, device }, "device { status }");

    private static async Task<int> CountAsync(Patient patient)
    {
        const string Query = "query($id: ID!) { patient(id: $id) { samples(kind: HEART_RATE, from: \"2026-01-01T00:00:00Z\", until: \"2026-01-03T00:00:00Z\", resolution: DAY) { points { count } } } }";
        return (await patient.AsksAsync(Query, new { id = patient.Id })).Patient.GetProperty("samples").GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("count").GetInt32());
    }
}
