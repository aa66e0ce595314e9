using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Hrms.Api.Auth;

namespace Hrms.Faults.Tests.Harness;

/// <summary>Who asks: a role and its id.</summary>
internal readonly record struct Party(string Role, Guid Id)
{
    public static readonly Party Operator = new(HrmsRoles.Operator, Guid.Empty);

    public static Party Patient(Guid id) => new(HrmsRoles.Patient, id);

    public static Party Practitioner(Guid id) => new(HrmsRoles.Practitioner, id);
}

/// <summary>What came back of one GraphQL request.</summary>
internal sealed record Answer(int Status, string Body)
{
    public JsonElement Json { get; } = JsonElement.Parse(Body);

    public bool HasErrors => Json.TryGetProperty("errors", out _);

    /// <summary>The one field of <c>data</c>; fails the test when the request had errors.</summary>
    public JsonElement Field
    {
        get
        {
            Assert.False(HasErrors, $"{Status}: {Body}");
            return Json.GetProperty("data").EnumerateObject().Single().Value;
        }
    }

    /// <summary>Codes of the errors of the request and of the mutation's payload.</summary>
    public IReadOnlyList<string> Codes =>
        HasErrors
            ? [.. Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("extensions").GetProperty("code").GetString()!)]
            : Field.ValueKind == JsonValueKind.Object && Field.TryGetProperty("errors", out var refused)
                ? [.. refused.EnumerateArray().Select(error => error.GetProperty("code").GetString()!)]
                : [];
}

/// <summary>Speaks GraphQL to a running API as any party.</summary>
internal sealed class ApiClient(Uri url, DevelopmentIssuer issuer) : IDisposable
{
    private static readonly TimeSpan QuietLimit = TimeSpan.FromMinutes(3);
    private readonly ConcurrentDictionary<Party, string> _tokens = new();
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(3) };

    public int Port => url.Port;

    public Uri Url => url;

    public async Task<Answer> SendAsync(Party party, string query, object? variables = null)
    {
        using var answer = await PostAsync(party, "/graphql", JsonContent.Create(new { query, variables }));
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The text behind an address.</summary>
    public async Task<string> GetAsync(Party party, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.GetOrAdd(party, Token));
        using var answer = await _http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    public async Task<HttpResponseMessage> PostAsync(Party? party, string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (party is { } known)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.GetOrAdd(known, Token));
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await _http.SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    /// <summary>Subscribes over server-sent events; answers when the subscription is at work.</summary>
    public async Task<HttpResponseMessage> ListenAsync(Party party, string document, object variables)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = JsonContent.Create(new { query = document, variables }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.GetOrAdd(party, Token));
        request.Headers.Accept.ParseAdd("text/event-stream");
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Subscribes over a WebSocket (graphql-transport-ws), and returns with what code the server closed it.</summary>
    /// <param name="listening">Completes when the server has taken the subscription.</param>
    public async Task<int> SubscribedUntilClosedAsync(Party party, string document, object variables, TaskCompletionSource listening)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws", Path = "/graphql" }.Uri, CancellationToken.None);
        await SendAsync(new { type = "connection_init", payload = new { Authorization = $"Bearer {_tokens.GetOrAdd(party, Token)}" } });
        await SendAsync(new { id = "1", type = "subscribe", payload = new { query = document, variables } });
        // Messages are handled one after the other: the answer says that the subscription was.
        await SendAsync(new { type = "ping" });
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } received)
            if (Encoding.UTF8.GetString(buffer, 0, received.Count).Contains("pong", StringComparison.Ordinal))
                listening.TrySetResult();
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        return (int)socket.CloseStatus!;

        Task SendAsync(object message) => socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
    }

    /// <summary>Repeats a command under its id for as long as it is told to, as apps do.</summary>
    public async Task<Answer> SendUntilAnsweredAsync(Party party, string query, object variables)
    {
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(50)))
        {
            var answer = await SendAsync(party, query, variables);
            if (answer.Codes is not ["UNAVAILABLE"])
                return answer;
            Assert.True(Stopwatch.GetElapsedTime(began) < QuietLimit, $"No answer within {QuietLimit}: {answer.Body}");
        }
    }

    /// <summary>Registers a patient and returns their id.</summary>
    public async Task<Guid> PatientAsync() =>
        (await SendUntilAnsweredAsync(
            Party.Operator, "mutation($c:ID!){registerPatient(input:{commandId:$c}){patient{id} errors{code}}}", new { c = Guid.NewGuid() }))
        .Field.GetProperty("patient").GetProperty("id").GetGuid();

    /// <summary>Waits until everything durable is on the ledger and has its receipt, and says how long that took.</summary>
    public async Task<TimeSpan> LedgerQuietAsync()
    {
        var began = Stopwatch.GetTimestamp();
        JsonElement lanes = default;
        while (Stopwatch.GetElapsedTime(began) < QuietLimit)
        {
            lanes = (await SendAsync(Party.Operator, "{ledger{lane state alarm lastBatch backlog openBatches}}")).Field;
            if (lanes.EnumerateArray().All(lane => lane.GetProperty("state").GetString() == "running"
                && lane.GetProperty("backlog").GetInt32() == 0 && lane.GetProperty("openBatches").GetInt32() == 0))
                return Stopwatch.GetElapsedTime(began);
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
        Assert.Fail($"The ledger is not quiet after {QuietLimit}: {lanes}");
        return default;
    }

    public void Dispose() => _http.Dispose();

    private string Token(Party party)
    {
        Guid? As(string role) => party.Role == role ? party.Id : null;
        var claims = TokenCommand.Claims(
            As(HrmsRoles.Patient), As(HrmsRoles.Practitioner), As(HrmsRoles.Organization), null, party.Role == HrmsRoles.Operator)!;
        return issuer.Issue(claims, TimeSpan.FromHours(1), TimeProvider.System);
    }
}
