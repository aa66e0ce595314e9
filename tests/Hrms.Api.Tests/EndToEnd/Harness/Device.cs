using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Hrms.TestKit;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>What a device was answered.</summary>
/// <param name="Bytes">Of the answer, status and headers that could tell something included.</param>
public sealed record Upload(int Status, JsonElement Body, string Bytes)
{
    public (int Status, int Stored, int Duplicates) Counts => (Status, Body.GetProperty("stored").GetInt32(), Body.GetProperty("duplicates").GetInt32());
}

/// <summary>A wearable that signs and sends its samples.</summary>
/// <param name="token">One that names the device as somebody else's identity server might issue it; uploads don't use it.</param>
public sealed class Device(HrmsFixture hrms, Guid id, string token, DeviceKey key) : Party(hrms, id, token)
{
    public const string Path = "/ingest/v1/samples";

    public DeviceKey Key => key;

    public async Task<Upload> UploadsAsync(string samples, string name, string type = "application/json", bool gzip = false)
    {
        var bytes = gzip ? Gzip(Encoding.UTF8.GetBytes(samples)) : Encoding.UTF8.GetBytes(samples);
        return await Hrms.UnlessTimeLeapsAsync(
            () => SendsAsync(SignedUpload(bytes, name, gzip ? Sign() with { Components = [.. Sign().Components, "content-encoding"] } : Sign(), type, gzip)), answer => answer.Status == 401);
    }

    /// <summary>As an honest device signs now.</summary>
    public RequestSigning Sign() => new($"{Id:D}", Hrms.Clock.GetUtcNow());

    public HttpRequestMessage SignedUpload(byte[] body, string name, RequestSigning how, string type = "application/json", bool gzip = false, DeviceKey? by = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Hrms.Http.BaseAddress!, Path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (gzip)
            request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("Idempotency-Key", name);
        (by ?? key).Signs(request, body, how);
        return request;
    }

    public async Task<Upload> SendsAsync(HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await Hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return await ReadAsync(response);
        }
    }

    /// <summary>Brings a code and this key; what is given here stands in the place of what is right.</summary>
    public static async Task<Upload> RegistersKeyAsync(HrmsFixture hrms, string code, DeviceKey key, RequestSigning? how = null, object? jwk = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hrms.Http.BaseAddress!, "/ingest/v1/device-keys"));
        var body = JsonSerializer.SerializeToUtf8Bytes(new { code, jwk = jwk ?? key.Jwk });
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        key.Signs(request, body, how ?? new RequestSigning(null, hrms.Clock.GetUtcNow()) { Components = RequestSigning.OfKey });
        using var response = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ReadAsync(response);
    }

    private static async Task<Upload> ReadAsync(HttpResponseMessage response)
    {
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal);
        return new Upload(
            (int)response.StatusCode, answer.Length == 0 ? default : JsonElement.Parse(answer),
            $"{(int)response.StatusCode}\n{string.Join('\n', headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"))}\n\n{answer}");
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
