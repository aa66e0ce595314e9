using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Hrms.Ledger.Rpc;

/// <summary>
/// One node, spoken to by JSON-RPC 2.0 over HTTP. Takes an answer for one only if it is complete JSON with our id and exactly one of result
/// and error; all else is a <see cref="NodeFailureException"/>.
/// </summary>
public sealed class RpcNode(Uri url, HttpClient http, TimeSpan callTimeout)
{
    /// <summary>Above any answer we ask for; the largest is a block's header.</summary>
    private const int AnswerBytesMax = 16 * 1024 * 1024;

    private long _lastId;

    /// <summary>Host and port, for messages: an address may carry a secret in the rest.</summary>
    public string Name { get; } = $"{url.Host}:{url.Port}";

    /// <summary>Sends calls in one HTTP request and returns their answers in the order of the calls.</summary>
    /// <exception cref="NodeFailureException">No usable answer.</exception>
    public async Task<IReadOnlyList<RpcAnswer>> CallAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        var firstId = Interlocked.Add(ref _lastId, calls.Count) - calls.Count + 1;
        var began = Stopwatch.GetTimestamp();
        using var activity = LedgerTelemetry.Source.StartActivity($"rpc {calls[0].Method}", ActivityKind.Client);
        activity?.SetTag("server.address", url.Host).SetTag("server.port", url.Port).SetTag("rpc.calls", calls.Count);
        try
        {
            var body = await PostAsync(RpcWire.Write(calls, firstId), cancellationToken);
            var answers = RpcWire.Read(body, calls.Count, firstId);
            LedgerTelemetry.Called(calls, Name, Stopwatch.GetElapsedTime(began));
            return answers;
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LedgerTelemetry.Failed(calls, Name);
            activity?.SetStatus(ActivityStatusCode.Error);
            throw new NodeFailureException($"{Name} gave no usable answer to {calls[0].Method}: {Reason(failure)}", failure);
        }
    }

    private async Task<byte[]> PostAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(callTimeout);
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"HTTP status {(int)response.StatusCode}", null, response.StatusCode);
        await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
        using var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0;)
        {
            if (answer.Length + read > AnswerBytesMax)
                throw new InvalidDataException($"more than {AnswerBytesMax} bytes");
            answer.Write(buffer, 0, read);
        }
        return answer.ToArray();
    }

    private string Reason(Exception failure) => failure switch
    {
        OperationCanceledException => $"none in {callTimeout.TotalSeconds:0.###} s",
        JsonException => "not the JSON of an answer",
        _ => failure.Message,
    };
}
