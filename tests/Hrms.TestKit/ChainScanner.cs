using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Hrms.TestKit;

/// <summary>Bytes that anybody with a node can read, and where they stand.</summary>
public sealed record ChainBytes(string Place, byte[] Bytes);

/// <summary>
/// Reads all that a chain shows: call data, addresses, topics and data of events, and (from anvil) every account's code and storage. Used by tests that
/// search it for what must never be there.
/// </summary>
public sealed class ChainScanner(Uri rpc) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = rpc };

    public async Task<IReadOnlyList<ChainBytes>> ReadAsync(CancellationToken cancellationToken)
    {
        List<ChainBytes> all = [];
        var last = Convert.ToInt64((await CallAsync("eth_blockNumber", [], cancellationToken)).GetString()![2..], 16);
        for (var number = 0L; number <= last; number++)
        {
            var block = await CallAsync("eth_getBlockByNumber", [Quantity(number), true], cancellationToken);
            foreach (var transaction in block.GetProperty("transactions").EnumerateArray())
                foreach (var member in transaction.EnumerateObject())
                    Add(all, $"block {number}, transaction {transaction.GetProperty("hash")}, {member.Name}", member.Value);
        }
        var logs = await CallAsync("eth_getLogs", [new { fromBlock = "0x0", toBlock = Quantity(last) }], cancellationToken);
        foreach (var log in logs.EnumerateArray())
        {
            Add(all, $"log {log.GetProperty("logIndex")} of {log.GetProperty("transactionHash")}, data", log.GetProperty("data"));
            foreach (var topic in log.GetProperty("topics").EnumerateArray())
                Add(all, $"log {log.GetProperty("logIndex")} of {log.GetProperty("transactionHash")}, topic", topic);
        }
        await AddStateAsync(all, cancellationToken);
        return all;
    }

    /// <summary>Where one of the texts stands, as UTF-8 or UTF-16 in any letter case of ASCII. Empty is what tests want.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(IEnumerable<string> texts, CancellationToken cancellationToken)
    {
        var all = (await ReadAsync(cancellationToken)).Select(found => (found.Place, Bytes: Lower(found.Bytes))).ToList();
        return [.. texts.Where(text => text.Length > 0).Distinct().SelectMany(text =>
        {
            byte[][] forms = [Lower(Encoding.UTF8.GetBytes(text)), Lower(Encoding.Unicode.GetBytes(text)), Lower(Encoding.BigEndianUnicode.GetBytes(text))];
            return all.Where(found => forms.Any(form => found.Bytes.AsSpan().IndexOf(form) >= 0)).Select(found => $"'{text}' in {found.Place}");
        })];
    }

    public void Dispose() => _http.Dispose();

    /// <summary>anvil's own dump: gzip of JSON, in hexadecimal.</summary>
    private async Task AddStateAsync(List<ChainBytes> all, CancellationToken cancellationToken)
    {
        var dump = Convert.FromHexString((await CallAsync("anvil_dumpState", [], cancellationToken)).GetString()!.AsSpan(2));
        await using var unzipped = new GZipStream(new MemoryStream(dump), CompressionMode.Decompress);
        using var state = await JsonDocument.ParseAsync(unzipped, cancellationToken: cancellationToken);
        foreach (var account in state.RootElement.GetProperty("accounts").EnumerateObject())
        {
            all.Add(new ChainBytes("account", Bytes(account.Name)));
            Add(all, $"account {account.Name}, code", account.Value.GetProperty("code"));
            foreach (var slot in account.Value.GetProperty("storage").EnumerateObject())
            {
                all.Add(new ChainBytes($"account {account.Name}, slot", Bytes(slot.Name)));
                Add(all, $"account {account.Name}, value of slot {slot.Name}", slot.Value);
            }
        }
    }

    private static void Add(List<ChainBytes> all, string place, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith("0x", StringComparison.Ordinal))
            all.Add(new ChainBytes(place, Bytes(value.GetString()!)));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Length % 2 == 0 ? hex[2..] : "0" + hex[2..]);

    private static string Quantity(long number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    private static byte[] Lower(byte[] bytes) => Array.ConvertAll(bytes, b => b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b);

    private async Task<JsonElement> CallAsync(string method, object[] parameters, CancellationToken cancellationToken)
    {
        using var answer = await _http.PostAsJsonAsync("", new { jsonrpc = "2.0", id = 1, method, @params = parameters }, cancellationToken);
        using var document = await answer.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken);
        return document!.RootElement.TryGetProperty("result", out var result)
            ? result.Clone()
            : throw new InvalidOperationException($"{method} was refused: {document.RootElement}");
    }
}
