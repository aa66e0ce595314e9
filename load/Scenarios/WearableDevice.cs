using System.Buffers;
using System.Text.Json;
using Hrms.Load.Running;

namespace Hrms.Load.Scenarios;

/// <summary>A patient's device with a key of its own: a heart rate each second, in batches that it signs, one request at a time.</summary>
/// <param name="server">The API process that it sends to.</param>
/// <param name="random">Of what it measures.</param>
internal sealed class WearableDevice(Party patient, Uri server, Random random) : IDisposable
{
    private const string SamplesPath = "/ingest/v1/samples", KeysPath = "/ingest/v1/device-keys";

    private const string Register =
        "mutation($c:ID!,$p:ID!){registerDevice(input:{commandId:$c,patient:$p,name:\"Wrist\"}){enrolmentCode errors{code message}}}";

    private readonly RequestSigner _signer = new(server);
    private readonly HttpConnection _connection = new(server);
    private readonly RequestBytes _request = new(server);
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>When the first sample is of.</summary>
    public static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Party Patient => patient;

    public DateTimeOffset Next { get; private set; } = First;

    public long Acknowledged { get; private set; }

    public long Sent { get; private set; }

    /// <summary>Registers one for a patient, and its key.</summary>
    public static async Task<WearableDevice> EnrolAsync(RunningSystem system, GraphQLClient client, Party patient, int number, CancellationToken stop)
    {
        using var answer = await client.AskAsync(patient.Token, Register, stop, ("c", Population.NewId()), ("p", patient.Id.ToString("D")));
        var device = new WearableDevice(patient, system.NextUrl(), system.NewRandom(number));
        await device.EnrolAsync(answer.RootElement.GetProperty("data").GetProperty("registerDevice").GetProperty("enrolmentCode").GetString()!, stop);
        return device;
    }

    private async Task EnrolAsync(string code, CancellationToken stop)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { code, jwk = _signer.Jwk });
        var (status, answer) = await _connection.SendAsync(_request.Post(KeysPath, null, "application/json", body, _signer.Sign(KeysPath, body)), stop);
        using var json = JsonDocument.Parse(answer);
        if (status != 200)
            throw new RequestFailedException($"HTTP {status}: {json.RootElement.GetRawText()}");
        _signer.KeyId = json.RootElement.GetProperty("device").GetString();
    }

    /// <summary>So many samples more, in one signed request.</summary>
    public async Task SendAsync(int samples, CancellationToken stop)
    {
        WriteBatch(samples);
        Sent += samples;
        var (status, answer) = await _connection.SendAsync(
            _request.Post(SamplesPath, null, "application/json", _body.WrittenSpan, _signer.Sign(SamplesPath, _body.WrittenSpan, Population.NewId())), stop);
        using var json = JsonDocument.Parse(answer);
        if (status != 200 || json.RootElement.GetProperty("stored").GetInt32() != samples)
            throw new RequestFailedException($"HTTP {status}: {json.RootElement.GetRawText()}");
        Acknowledged += samples;
    }

    public void Dispose()
    {
        _connection.Dispose();
        _signer.Dispose();
    }

    private void WriteBatch(int samples)
    {
        _body.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_body);
        json.WriteStartObject();
        json.WriteStartArray("samples");
        for (var i = 0; i < samples; i++, Next = Next.AddSeconds(1))
        {
            json.WriteStartObject();
            json.WriteString("kind", "heart-rate");
            json.WriteString("time", Next.UtcDateTime);
            json.WriteNumber("value", 55 + random.Next(60));
            json.WriteString("unit", "/min");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
