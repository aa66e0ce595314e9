using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hrms.Faults.Tests.Harness;

/// <summary>A collector of telemetry that keeps what is sent to it, as sent: OTLP over HTTP, protobuf (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP").</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly ConcurrentQueue<(string Path, byte[] Bytes)> _received = [];
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _received.Enqueue((request.Path, body.ToArray()));
            // An empty answer message: everything was taken.
            return Results.Bytes([], "application/x-protobuf");
        });
    }

    /// <summary>What a process needs in its environment to send here, soon.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _app.Urls.Single(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public IReadOnlyCollection<(string Path, byte[] Bytes)> Received => _received;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until a text has come for a signal, such as <c>traces</c> or <c>metrics</c>. Protobuf writes texts as they are, in UTF-8.</summary>
    public async Task GetsAsync(string signal, string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        for (var began = Stopwatch.GetTimestamp(); !_received.Any(sent => sent.Path == $"/v1/{signal}" && sent.Bytes.AsSpan().IndexOf(wanted) >= 0);)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"No {text} among the {signal} after {Limit.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
