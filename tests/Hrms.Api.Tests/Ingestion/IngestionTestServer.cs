using System.IO.Compression;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Hrms.Api.Budgets;
using Hrms.Api.Ingestion;
using Hrms.Silo.Hosting;
using Hrms.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.Ingestion;

/// <summary>The ingestion endpoint on Kestrel at a free loopback port, as a device sees it.</summary>
public sealed class IngestionTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();
    private readonly TemporaryFolder _folder;

    private IngestionTestServer(WebApplication app, TemporaryFolder folder) => (_app, _folder) = (app, folder);

    internal MemoryIntake Intake { get; } = new();

    /// <summary>The token's claims; a device's at first.</summary>
    public List<Claim> Claims { get; } = [new Claim(DeviceClaims.Device, "7b0e6f4e-28d5-4b7e-9d0c-0d4f6f0f6c11")];

    public static async Task<IngestionTestServer> StartAsync(int callsInFlightMax = SamplesEndpoint.CallsInFlightMax)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var folder = new TemporaryFolder();
        builder.Logging.ClearProviders().KeepLibrariesQuiet().AddFileLog(folder["ingestion.log"]);
        IngestionTestServer? server = null;
        builder.Services.AddSingleton<ISampleIntake>(_ => server!.Intake).AddSingleton<IRequestBudget>(UnlimitedBudget.Instance);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity(server!.Claims, "test"));
            return next();
        });
        app.MapIngestion(callsInFlightMax);
        server = new IngestionTestServer(app, folder);
        await app.StartAsync();
        return server;
    }

    public Task<Answer> PostAsync(string body, string? key = "call-1", string type = "application/json") =>
        PostAsync(Encoding.UTF8.GetBytes(body), key, type);

    public async Task<Answer> PostAsync(byte[] body, string? key, string type = "application/json", string? encoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _app.Urls.First() + SamplesEndpoint.Path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        if (key is not null) request.Headers.TryAddWithoutValidation(IdempotencyKey.Header, key);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).RootElement;
        return new Answer((int)response.StatusCode, answer, response.Headers.RetryAfter?.Delta);
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>A sample a second as members of an array, comma separated.</summary>
    public static string HeartRates(int count, string separator = ",") => string.Join(separator, Enumerable.Range(0, count).Select(second =>
        $$"""{"kind":"heart-rate","time":"{{MemoryIntake.Now.AddDays(-1).AddSeconds(second):yyyy-MM-ddTHH:mm:ssZ}}","value":{{60 + second % 9}},"unit":"/min"}"""));

    public static string Body(string samples) => $$"""{"samples":[{{samples}}]}""";

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    public sealed record Answer(int Status, JsonElement Body, TimeSpan? RetryAfter)
    {
        public (int Stored, int Duplicates, int Conflicts, int Rejected) Counts =>
            (Count("stored"), Count("duplicates"), Count("conflicts"), Count("rejected"));

        public IReadOnlyList<(int Index, string Reason)> Items =>
            [.. Body.GetProperty("items").EnumerateArray().Select(item => (item.GetProperty("index").GetInt32(), item.GetProperty("reason").GetString()!))];

        public string Text => Body.GetRawText();

        public (int Status, string? Place) Problem => (Status, Place);

        public string? Place => Body.TryGetProperty("place", out var place) ? place.GetString() : null;

        private int Count(string name) => Body.GetProperty(name).GetInt32();
    }
}
