using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Hrms.TestKit;

/// <summary>A collector of telemetry: OTLP over HTTP, protobuf (opentelemetry.io/docs/specs/otlp, "OTLP/HTTP"). Protobuf writes texts as they are, in UTF-8.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    /// <summary>How the file is called that gets what comes, where it is searched.</summary>
    public const string File = "otlp.log";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly ConcurrentQueue<(string Path, byte[] Bytes)> _received = [];
    private readonly WebApplication _app;
    private readonly TextWriter? _file;
    private readonly bool _keeps;
    private int _messages;

    /// <param name="file">Gets what comes, each text a line; null: nothing does.</param>
    /// <param name="keeps">Whether it is kept in memory, for a test that looks at it.</param>
    private OtlpReceiver(string? file, bool keeps)
    {
        (_file, _keeps) = (file is null ? null : new StreamWriter(file), keeps);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            Take(request.Path, body.ToArray());
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

    public int Messages => _messages;

    /// <param name="file">Gets what comes, each text a line, where it is searched; null: it is kept in memory alone.</param>
    /// <param name="keeps">Whether it is kept in memory, too.</param>
    public static async Task<OtlpReceiver> StartAsync(string? file = null, bool keeps = false)
    {
        var receiver = new OtlpReceiver(file, keeps || file is null);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until a text has come for a signal, such as <c>traces</c> or <c>metrics</c>.</summary>
    public async Task GetsAsync(string signal, string text)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        for (var began = Stopwatch.GetTimestamp(); !_received.Any(sent => sent.Path == $"/v1/{signal}" && sent.Bytes.AsSpan().IndexOf(wanted) >= 0);)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"No {text} among the {signal} after {Limit.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    /// <summary>Waits until the spans that have come hold something, and gives all of them.</summary>
    public async Task<IReadOnlyList<OtlpSpan>> SpansAsync(string what, Func<IReadOnlyList<OtlpSpan>, bool> holds)
    {
        var (spans, read) = (new List<OtlpSpan>(), 0);
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(100)))
        {
            foreach (var (path, bytes) in _received.Skip(read).ToList())
            {
                read++;
                if (path == "/v1/traces")
                    spans.AddRange(OtlpSpan.Read(bytes));
            }
            if (holds(spans))
                return spans;
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, $"No {what} among {spans.Count} spans after {Limit.TotalSeconds} s.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        if (_file is not null)
            await _file.DisposeAsync();
    }

    private void Take(string path, byte[] bytes)
    {
        Interlocked.Increment(ref _messages);
        if (_keeps)
            _received.Enqueue((path, bytes));
        if (_file is null)
            return;
        // A text stands behind its tag and its length, of which the length may look like a letter: it is searched for in the middle of words, too.
        var text = Encoding.UTF8.GetString(bytes);
        lock (_file)
        {
            _file.Write($"{path} ");
            foreach (var letter in text)
                _file.Write(char.IsControl(letter) ? '\n' : letter);
            _file.WriteLine();
        }
    }
}
