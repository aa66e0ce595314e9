using System.Text;

namespace Hrms.Faults.Tests.Harness;

/// <summary>A patient's wearable, which signs what it sends to a running API.</summary>
internal sealed class Wearable : IDisposable
{
    private readonly ApiClient _client;
    private readonly DeviceKey _key = new();

    private Wearable(ApiClient client) => _client = client;

    public Guid Id { get; private set; }

    public DeviceKey Key => _key;

    /// <summary>The patient registers it, and it registers its key.</summary>
    public static async Task<Wearable> EnrolAsync(ApiClient client, Guid patient)
    {
        var registered = await client.SendAsync(
            Party.Patient(patient), "mutation($c:ID!,$p:ID!){registerDevice(input:{commandId:$c,patient:$p,name:\"Watch\"}){device{id} enrolmentCode errors{code}}}",
            new { c = Guid.NewGuid(), p = patient });
        var watch = new Wearable(client) { Id = registered.Field.GetProperty("device").GetProperty("id").GetGuid() };
        await watch.PostAsync("/ingest/v1/device-keys", JsonSerializer.Serialize(new { code = registered.Field.GetProperty("enrolmentCode").GetString(), jwk = watch._key.Jwk }), null);
        return watch;
    }

    public Task<string> UploadAsync(string samples, string name) => PostAsync("/ingest/v1/samples", samples, name);

    public void Dispose() => _key.Dispose();

    private async Task<string> PostAsync(string path, string body, string? name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_client.Url, path)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (name is not null)
            request.Headers.Add("Idempotency-Key", name);
        var how = new RequestSigning(name is null ? null : $"{Id:D}", TimeProvider.System.GetUtcNow());
        _key.Signs(request, Encoding.UTF8.GetBytes(body), name is null ? how with { Components = RequestSigning.OfKey } : how);
        using var answer = await _client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {text}");
        return text;
    }
}
