using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A wearable that sends its samples.</summary>
public sealed class Device(HrmsFixture hrms, Guid id, string token) : Party(hrms, id, token)
{
    public async Task<(int Status, JsonElement Body)> UploadsAsync(string samples, string key, string type = "application/json", bool gzip = false)
    {
        var bytes = Encoding.UTF8.GetBytes(samples);
        using var request = new HttpRequestMessage(HttpMethod.Post, "ingest/v1/samples") { Content = new ByteArrayContent(gzip ? Gzip(bytes) : bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (gzip)
            request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await Hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, answer.Length == 0 ? default : JsonElement.Parse(answer));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
