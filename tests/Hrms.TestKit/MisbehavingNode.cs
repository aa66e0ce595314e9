using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.TestKit;

/// <summary>
/// Stands before a real node and misbehaves on demand: for calls of one method or all, the next few times, always, or at random from a seed. What a real node
/// won't do when a test wants it.
/// </summary>
public sealed class MisbehavingNode : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentDictionary<string, int> _calls = [];
    private readonly Lock _lock = new();
    private readonly List<(string? Method, Misbehaviour What, int Times)> _planned = [];
    private readonly CancellationTokenSource _stop = new();
    private Uri _real;
    private Random? _chance;
    private double _share;
    private IReadOnlyList<Misbehaviour> _mix = [];
    private long? _frozenAt;

    private MisbehavingNode(WebApplication server, Uri real) => (_server, _real) = (server, real);

    public Uri Url => new(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>How often it misbehaved.</summary>
    public int Misbehaved { get; private set; }

    public static async Task<MisbehavingNode> StartAsync(Uri real)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        var node = new MisbehavingNode(server, real);
        server.Run(node.ServeAsync);
        await server.StartAsync();
        return node;
    }

    /// <summary>How often a method was called.</summary>
    public int Calls(string method) => _calls.GetValueOrDefault(method);

    /// <param name="method">The method that is answered wrongly; null: each.</param>
    /// <param name="times">How many of its next calls.</param>
    public void Next(string? method, Misbehaviour what, int times = 1)
    {
        lock (_lock)
            _planned.Add((method, what, times));
    }

    public void Always(string? method, Misbehaviour what) => Next(method, what, int.MaxValue);

    /// <summary>Each call goes wrong with a chance, in one of the ways.</summary>
    public void Mix(Random random, double share, IReadOnlyList<Misbehaviour> ways)
    {
        lock (_lock)
            (_chance, _share, _mix) = (random, share, ways);
    }

    /// <summary>No new blocks, as this node tells it: what is mined from now on is not shown.</summary>
    public async Task FreezeAsync()
    {
        var answer = JsonNode.Parse(await ForwardAsync("""{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}""", default))!;
        _frozenAt = Convert.ToInt64(answer["result"]!.GetValue<string>()[2..], 16);
    }

    /// <summary>Stands before another node from now on: an operator's mistake, or a network that leads elsewhere.</summary>
    public void LeadTo(Uri real) => _real = real;

    /// <summary>Nothing goes wrong any more.</summary>
    public void Behave()
    {
        lock (_lock)
        {
            _planned.Clear();
            (_chance, _frozenAt) = (null, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var request = await reader.ReadToEndAsync();
        var methods = Methods(request);
        foreach (var method in methods)
            _calls.AddOrUpdate(method, 1, (_, count) => count + 1);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stop.Token);
        try
        {
            if (Due(methods) is { } due)
                await MisbehaveAsync(context, due.What, due.Method, request, gone.Token);
            else
                await AnswerAsync(context, await ForwardAsync(request, gone.Token), gone.Token);
        }
        catch (Exception lost) when (lost is OperationCanceledException or HttpRequestException or IOException)
        {
            context.Abort();
        }
    }

    private (Misbehaviour What, string? Method)? Due(IReadOnlyList<string> methods)
    {
        lock (_lock)
        {
            var found = _planned.FindIndex(plan => plan.Method is null || methods.Contains(plan.Method));
            if (found >= 0)
            {
                var plan = _planned[found];
                if (plan.Times > 1)
                    _planned[found] = plan with { Times = plan.Times == int.MaxValue ? plan.Times : plan.Times - 1 };
                else
                    _planned.RemoveAt(found);
                Misbehaved++;
                return (plan.What, plan.Method);
            }
            if (_chance is null || _chance.NextDouble() >= _share)
                return null;
            Misbehaved++;
            return (_mix[_chance.Next(_mix.Count)], null);
        }
    }

    private async Task MisbehaveAsync(HttpContext context, Misbehaviour what, string? method, string request, CancellationToken cancellation)
    {
        switch (what.Kind)
        {
            case Misbehaviour.How.Delay:
                await Task.Delay(what.Wait, cancellation);
                await AnswerAsync(context, await ForwardAsync(request, cancellation), cancellation);
                return;
            case Misbehaviour.How.Hang:
                await Task.Delay(Timeout.Infinite, cancellation);
                return;
            case Misbehaviour.How.Cut:
                context.Abort();
                return;
            case Misbehaviour.How.DropReply:
                await ForwardAsync(request, cancellation);
                context.Abort();
                return;
            case Misbehaviour.How.Duplicate:
                await ForwardAsync(request, cancellation);
                await AnswerAsync(context, await ForwardAsync(request, cancellation), cancellation);
                return;
            case Misbehaviour.How.Truncate:
                var whole = await ForwardAsync(request, cancellation);
                await AnswerAsync(context, whole[..(whole.Length / 2)], cancellation);
                return;
            case Misbehaviour.How.Html:
                await AnswerAsync(context, "<html><body>Sign in to the network</body></html>", cancellation);
                return;
            case Misbehaviour.How.Status:
                context.Response.StatusCode = what.Code;
                await AnswerAsync(context, await ForwardAsync(request, cancellation), cancellation);
                return;
            case Misbehaviour.How.Result:
                await AnswerAsync(context, Instead(request, await ForwardAsync(request, cancellation), method, what), cancellation);
                return;
            default:
                await AnswerAsync(context, Each(what.Kind == Misbehaviour.How.WrongId ? await ForwardAsync(request, cancellation) : request, what), cancellation);
                return;
        }
    }

    /// <summary>The answer, or all of a batch, with another id, result or error.</summary>
    private static string Each(string json, Misbehaviour what) => JsonNode.Parse(json) switch
    {
        JsonArray many => new JsonArray([.. many.Select(one => Changed(one!, what))]).ToJsonString(),
        var one => Changed(one!, what).ToJsonString(),
    };

    private static JsonObject Changed(JsonNode one, Misbehaviour what)
    {
        if (what.Kind == Misbehaviour.How.WrongId)
        {
            var answer = one.DeepClone().AsObject();
            answer["id"] = answer["id"]!.GetValue<long>() + 100_000;
            return answer;
        }
        var changed = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = one["id"]!.DeepClone() };
        if (what.Kind == Misbehaviour.How.Error)
            changed["error"] = new JsonObject { ["code"] = what.Code, ["message"] = what.Text };
        else
            changed["result"] = null;
        return changed;
    }

    /// <summary>The node's answers, but for one method another result.</summary>
    private static string Instead(string request, string answer, string? method, Misbehaviour what)
    {
        var (calls, answers) = (Many(request), JsonNode.Parse(answer)!);
        foreach (var one in answers is JsonArray many ? [.. many.OfType<JsonNode>()] : new[] { answers })
            if (method is null || calls.First(call => call!["id"]!.GetValue<long>() == one!["id"]!.GetValue<long>())!["method"]!.GetValue<string>() == method)
                one!["result"] = JsonNode.Parse(what.Text);
        return answers.ToJsonString();

        static IReadOnlyList<JsonNode?> Many(string json) => JsonNode.Parse(json) is JsonArray array ? [.. array] : [JsonNode.Parse(json)];
    }

    private async Task<string> ForwardAsync(string request, CancellationToken cancellation)
    {
        if (_frozenAt is { } block)
            request = request.Replace("\"latest\"", "\"0x" + block.ToString("x", CultureInfo.InvariantCulture) + "\"", StringComparison.Ordinal);
        using var content = new StringContent(request, System.Text.Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(_real, content, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return _frozenAt is { } at && Methods(request) is ["eth_getTransactionReceipt"] && IsAfter(text, at) ? Each(request, Misbehaviour.NullResult) : text;
    }

    private static bool IsAfter(string answer, long block) =>
        JsonNode.Parse(answer)?["result"] is JsonObject receipt && Convert.ToInt64(receipt["blockNumber"]!.GetValue<string>()[2..], 16) > block;

    private static IReadOnlyList<string> Methods(string request)
    {
        using var parsed = JsonDocument.Parse(request);
        return parsed.RootElement.ValueKind == JsonValueKind.Array
            ? [.. parsed.RootElement.EnumerateArray().Select(one => one.GetProperty("method").GetString()!)]
            : [parsed.RootElement.GetProperty("method").GetString()!];
    }

    private static Task AnswerAsync(HttpContext context, string body, CancellationToken cancellation)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, cancellation);
    }
}
