using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Hrms.Embedded.Processes;

namespace Hrms.Embedded.Evm;

/// <summary>Starts the node process, waits until it answers, and sets its clock.</summary>
internal sealed class EvmNodeServer(EmbeddedEvmNodeOptions options)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public static Uri Url(int port) => new($"http://127.0.0.1:{port}");

    /// <summary>Null when another process took the port first and this was not the last try.</summary>
    public async Task<ServiceProcess?> TryStartAsync(int port, bool lastTry, CancellationToken ct)
    {
        var process = await ServiceProcess.StartAsync(EvmNodeCommand.For(options, port), ct);
        try
        {
            if (await IsReadyAsync(process, port, ct))
                return process;
        }
        catch
        {
            await process.StopAsync(options.Time);
            throw;
        }
        var tail = process.LogTail();
        return !lastTry && tail.Contains("in use", StringComparison.Ordinal)
            ? null
            : throw new EmbeddedServiceException(
                $"The EVM node ended while it started. {tail}. If it can't read state.json in {options.Folder}, delete that file: " +
                "the ledger writer builds the chain again from the database.");
    }

    /// <summary>False when the node ended instead.</summary>
    private async Task<bool> IsReadyAsync(ServiceProcess process, int port, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = Url(port) };
        var began = options.Time.GetTimestamp();
        while (!process.Exited.IsCompleted)
        {
            // Another node may have taken the port in the moment since it was picked: its chain is not ours to touch.
            if (PortOwner.Is(process.ProcessId, port) && await TrySetClockAsync(http, ct))
                return true;
            if (options.Time.GetElapsedTime(began) > options.StartPatience)
                throw new EmbeddedServiceException(
                    $"The EVM node did not answer in {options.StartPatience.TotalSeconds:0} s. {process.LogTail()}");
            await Task.Delay(PollInterval, options.Time, ct);
        }
        return false;
    }

    /// <summary>
    /// The node counts time from its genesis block's, which is fixed: every start sets it to the real one. False when it
    /// does not listen yet.
    /// </summary>
    private async Task<bool> TrySetClockAsync(HttpClient http, CancellationToken ct)
    {
        var call = new JsonObject
        {
            ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "evm_setTime", ["params"] = new JsonArray(options.Time.GetUtcNow().ToUnixTimeSeconds()),
        };
        try
        {
            using var answer = await http.PostAsJsonAsync("", call, ct);
            var body = await answer.Content.ReadFromJsonAsync<JsonObject>(ct);
            return body?["error"] is null
                ? true
                : throw new EmbeddedServiceException($"The EVM node refused to set its clock: {body["error"]}");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
