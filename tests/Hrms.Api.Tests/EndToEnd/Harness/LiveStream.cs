using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;

namespace Hrms.Api.Tests.EndToEnd;

/// <summary>A subscription over server-sent events, open until disposed.</summary>
public sealed class LiveStream : IAsyncDisposable
{
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private readonly CancellationTokenSource _leaving = new();
    private readonly HttpResponseMessage _response;
    private readonly Task _reading;

    private LiveStream(HttpResponseMessage response)
    {
        _response = response;
        _reading = ReadAsync();
    }

    /// <summary>How many events have come that nobody has taken.</summary>
    public int Waiting => _events.Reader.Count;

    /// <summary>Answers when the subscription is at work.</summary>
    public static async Task<LiveStream> OpenAsync(HttpClient http, Party party, string query, object? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = JsonContent.Create(new { query, variables }, options: Answer.Json) };
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", party.Token);
        return Of(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken));
    }

    /// <summary>A stream that somebody opened in a way of their own.</summary>
    public static LiveStream Of(HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new LiveStream(response);
    }

    /// <summary>The data of the next event; fails when none comes in time.</summary>
    public async Task<JsonElement> NextAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(10));
        var next = await _events.Reader.ReadAsync(limit.Token);
        Assert.False(next.TryGetProperty("errors", out _), next.ToString());
        return next.GetProperty("data");
    }

    /// <summary>The next thing that is sent, data or errors.</summary>
    public async Task<JsonElement> TakeAsync(CancellationToken cancellationToken) => await _events.Reader.ReadAsync(cancellationToken);

    /// <summary>Fails when the server does not end the stream in time, or sends something before.</summary>
    public async Task EndsAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        Assert.False(await _events.Reader.WaitToReadAsync(limit.Token), "Something was sent before the end.");
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _reading;
        _response.Dispose();
        _leaving.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            using var lines = new StreamReader(await _response.Content.ReadAsStreamAsync(_leaving.Token));
            while (await lines.ReadLineAsync(_leaving.Token) is { } line)
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    _events.Writer.TryWrite(JsonElement.Parse(line.AsSpan(6)));
            _events.Writer.Complete();
        }
        catch (Exception left) when (left is OperationCanceledException or IOException or HttpRequestException)
        {
            _events.Writer.TryComplete(left);
        }
    }
}
