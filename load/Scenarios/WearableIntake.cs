using System.Buffers;
using System.Text.Json;
using Hrms.Load.Measuring;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>Devices of patients send a heart rate each second, in batches as a phone does when it is on-line again. Each client is a device of its own, with a key of its own, and signs each batch.</summary>
internal sealed class WearableIntake(RunningSystem system, int copies) : IScenario
{
    public const int SamplesEach = 1_000;

    private const string SamplesPath = "/ingest/v1/samples", KeysPath = "/ingest/v1/device-keys";

    private const string Register =
        "mutation($c:ID!,$p:ID!){registerDevice(input:{commandId:$c,patient:$p,name:\"Wrist\"}){enrolmentCode errors{code message}}}";

    private const string Hours =
        "query($p:ID!,$f:DateTimeOffset!,$u:DateTimeOffset!){patient(id:$p){samples(kind:HEART_RATE,from:$f,until:$u,resolution:DAY,first:1000){points{count}}}}";

    private static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private Device[] _devices = [];

    public string Name => "wearables";

    public string Unit => $"batches of {SamplesEach} samples";

    public async Task PrepareAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Registering {copies} patients with a device each");
        var patients = await Population.PatientsAsync(system, copies, stop);
        _devices = new Device[copies];
        await Population.ForEachAsync(system, [.. Enumerable.Range(0, copies)], async (client, i) =>
        {
            using var answer = await client.AskAsync(patients[i].Token, Register, stop, ("c", Population.NewId()), ("p", patients[i].Id.ToString("D")));
            _devices[i] = new Device(patients[i], system.Url, i);
            await _devices[i].EnrolAsync(answer.RootElement.GetProperty("data").GetProperty("registerDevice").GetProperty("enrolmentCode").GetString()!, stop);
        }, stop);
    }

    public async Task<string> StepAsync(int copy, CancellationToken stop)
    {
        await _devices[copy].SendAsync(stop);
        return "send";
    }

    public async Task<IReadOnlyList<Threshold>> CheckAsync(Action<string> progress, CancellationToken stop) =>
        [await KeptAsync(progress, stop), .. await LedgerCheck.RunAsync(system, [.. _devices.Select(device => device.Patient)], progress, stop)];

    public async Task<Threshold> KeptAsync(Action<string> progress, CancellationToken stop)
    {
        progress($"Counting the samples of {copies} devices");
        var (wrong, all) = (0, 0L);
        await Population.ForEachAsync(system, _devices, async (client, device) =>
        {
            using var answer = await client.AskAsync(
                device.Patient.Token, Hours, stop, ("p", device.Patient.Id.ToString("D")), ("f", First.ToString("O")), ("u", device.Next.ToString("O")));
            var count = answer.RootElement.GetProperty("data").GetProperty("patient").GetProperty("samples").GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("count").GetInt64());
            Interlocked.Add(ref all, count);
            if (count < device.Acknowledged || count > device.Sent)
                Interlocked.Increment(ref wrong);
        }, stop);
        return new Threshold("every acknowledged sample is there once", wrong == 0, $"{all} samples, {wrong} devices with other counts than acknowledged");
    }

    public void Dispose()
    {
        foreach (var device in _devices)
            device.Dispose();
    }

    private sealed class Device(Party patient, Uri server, int seed) : IDisposable
    {
        private readonly RequestSigner _signer = new(server);
        private readonly HttpConnection _connection = new(server);
        private readonly RequestBytes _request = new(server);
        private readonly ArrayBufferWriter<byte> _body = new();
        private readonly Random _random = new(seed);

        public Party Patient => patient;

        public DateTimeOffset Next { get; private set; } = First;

        public long Acknowledged { get; private set; }

        public long Sent { get; private set; }

        public async Task EnrolAsync(string code, CancellationToken stop)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { code, jwk = _signer.Jwk });
            var (status, answer) = await _connection.SendAsync(_request.Post(KeysPath, null, "application/json", body, _signer.Sign(KeysPath, body)), stop);
            using var json = JsonDocument.Parse(answer);
            if (status != 200)
                throw new RequestFailedException($"HTTP {status}: {json.RootElement.GetRawText()}");
            _signer.KeyId = json.RootElement.GetProperty("device").GetString();
        }

        public async Task SendAsync(CancellationToken stop)
        {
            WriteBatch();
            Sent += SamplesEach;
            var (status, answer) = await _connection.SendAsync(
                _request.Post(SamplesPath, null, "application/json", _body.WrittenSpan, _signer.Sign(SamplesPath, _body.WrittenSpan, Population.NewId())), stop);
            using var json = JsonDocument.Parse(answer);
            if (status != 200 || json.RootElement.GetProperty("stored").GetInt32() != SamplesEach)
                throw new RequestFailedException($"HTTP {status}: {json.RootElement.GetRawText()}");
            Acknowledged += SamplesEach;
        }

        public void Dispose()
        {
            _connection.Dispose();
            _signer.Dispose();
        }

        private void WriteBatch()
        {
            _body.ResetWrittenCount();
            using var json = new Utf8JsonWriter(_body);
            json.WriteStartObject();
            json.WriteStartArray("samples");
            for (var i = 0; i < SamplesEach; i++, Next = Next.AddSeconds(1))
            {
                json.WriteStartObject();
                json.WriteString("kind", "heart-rate");
                json.WriteString("time", Next.UtcDateTime);
                json.WriteNumber("value", 55 + _random.Next(60));
                json.WriteString("unit", "/min");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }
}
