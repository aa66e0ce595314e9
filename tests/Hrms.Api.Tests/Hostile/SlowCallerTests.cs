using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;

namespace Hrms.Api.Tests.Hostile;

/// <summary>
/// Who reads or sends a byte now and then, or nothing at all, is cut off with a code, costs little until then, and keeps nobody else waiting. Memory and processor time are those of this process, which is
/// server, silo and clients in one, so it runs alone; the figures are in the test's output.
/// </summary>
[Collection(nameof(HostileDocumentTests))]
[Trait("Feature", "68")]
[Trait("Fault", "F34")]
public sealed class SlowCallerTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private const int Sockets = 1_000, RecordsOfAConsent = 200;

    /// <summary>More than there are places for requests at one time.</summary>
    private static readonly int SlowBodies = 128 * Environment.ProcessorCount + 44;

    /// <summary>Far above what a socket takes on both of its ends.</summary>
    private const long BytesOfASocketMax = 256 << 10;

    /// <summary>Three times what may wait for a slow reader: it lies in arrays of up to twice its size, and the client has some of it.</summary>
    private const long BytesOfASlowReaderMax = 96L << 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60), ProcessorTimeOfOneMax = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task ASlowReader_LosesTheConnection_AndWhoReadsGetsEverything()
    {
        const int events = 400;
        await using var server = await GraphQLTestServer.StartAsync(options => options.Subscriptions.OutgoingQueueMax = 64);
        await using var slow = await SocketClient.ConnectAsync(server);
        await using var quick = await SocketClient.ConnectAsync(server);
        foreach (var client in new[] { slow, quick })
            await client.SubscribeAsync("1", "subscription{ticks(topic:\"f34\")}");
        await server.Events.ListenersAsync("f34", 2);

        var large = new string('x', 64 << 10);
        for (var i = 0; i < events; i++)
        {
            server.Events.Publish("f34", $"{i} {large}");
            var next = await quick.ReceiveAsync();
            Assert.StartsWith($"{i} ", next.GetProperty("payload").GetProperty("data").GetProperty("ticks").GetString(), StringComparison.Ordinal);
        }
        Assert.Equal(4413, await slow.ClosedWithAsync());
        await server.Events.ListenersAsync("f34", 1);
    }

    /// <summary>On the product: each consent that is given is told as large as a document can make it, and one of two listeners reads nothing.</summary>
    [Fact]
    public async Task ASlowReaderOfLargeEvents_HoldsNoMoreMemoryThanTheQueueMay()
    {
        var (ana, doctor) = (await hrms.PatientAsync(), await hrms.PractitionerAsync());
        var large = $"subscription($id: ID!) {{ consentChanged(patient: $id) {{ id {string.Concat(Enumerable.Range(0, 50).Select(i => $"a{i}: resource "))} }} }}";
        var terms = new Terms { Records = [.. Enumerable.Range(0, RecordsOfAConsent).Select(_ => Guid.NewGuid())] };
        var address = new Uri((await hrms.HostAsync()).Url, "graphql").ToString();
        await using var slow = await SocketClient.ConnectAsync(address, payload: new { authorization = $"Bearer {ana.Token}" });
        await using var quick = await SocketClient.ConnectAsync(address, payload: new { authorization = $"Bearer {ana.Token}" });
        foreach (var client in new[] { slow, quick })
            await client.SubscribeAsync("1", large, new { id = ana.Id });

        var (before, most, sent, times) = (GC.GetTotalMemory(forceFullCollection: true), 0L, 0L, 0);
        // What the machine's own buffers take in comes on top of the queue.
        while (sent < 96L << 20)
        {
            await ana.GrantsAsync(doctor, terms);
            sent += (await quick.ReceiveAsync()).GetRawText().Length;
            if (++times % 8 == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }
        output.WriteLine($"{times} events of {sent / times:N0} bytes, {sent:N0} together, to somebody who reads nothing: {most:N0} bytes more in memory at most");
        Assert.True(most < BytesOfASlowReaderMax, $"{most:N0} bytes");
        // The code is for who reads within five seconds; who does not is cut off.
        var closed = await Record.ExceptionAsync(async () => Assert.Equal(4413, await slow.ClosedWithAsync()));
        Assert.True(closed is null or WebSocketException, $"{closed}");
    }

    [Fact]
    public async Task AThousandIdleSockets_AreClosedByTheServer_AndOthersGoOn()
    {
        var (ana, url) = (await hrms.PatientAsync(), new UriBuilder((await hrms.HostAsync()).Url) { Scheme = "ws", Path = "/graphql" }.Uri);
        await ana.AddsAsync(Clinic.LabResult());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(async _ =>
        {
            var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("graphql-transport-ws");
            await socket.ConnectAsync(url, TestContext.Current.CancellationToken);
            return socket;
        }));
        var bytesEach = (GC.GetTotalMemory(forceFullCollection: true) - before) / Sockets;
        var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        Assert.Single(await ana.SeesAsync(ana));
        output.WriteLine($"{Sockets} open sockets of which nothing came: {bytesEach:N0} bytes each, both ends; a read beside them took {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        Assert.True(bytesEach < BytesOfASocketMax, $"{bytesEach:N0} bytes for each socket");

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var codes = await Task.WhenAll(sockets.Select(async socket =>
        {
            using (socket)
                return (await socket.ReceiveAsync(new byte[256], limit.Token)).MessageType == WebSocketMessageType.Close ? (int)socket.CloseStatus! : 0;
        }));
        Assert.All(codes, code => Assert.Equal(4408, code));
        var each = (Environment.CpuUsage.TotalTime - cpu) / Sockets;
        output.WriteLine($"{each.TotalMilliseconds:F2} ms of processor time each, until all were closed after {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        Assert.True(each < ProcessorTimeOfOneMax, $"{each.TotalMilliseconds:F2} ms for each socket");
    }

    [Theory]
    [InlineData("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 16000000\r\n\r\n")]
    [InlineData("POST /ingest/v1/device-keys HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")]
    public async Task BodiesThatComeByteByByte_AreAnswered408_AndOthersGoOn(string head)
    {
        var (ana, url) = (await hrms.PatientAsync(), (await hrms.HostAsync()).Url);
        Assert.Empty(await ana.SeesAsync(ana));
        using var limit = new CancellationTokenSource(Soon);
        var (before, cpu, began) = (GC.GetTotalMemory(forceFullCollection: true), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        var slow = Enumerable.Range(0, SlowBodies).Select(_ => TrickleAsync(url, Encoding.ASCII.GetBytes(head), "{"u8.ToArray(), limit.Token)).ToList();
        // Whoever comes meanwhile does not wait for them.
        Assert.Empty(await ana.SeesAsync(ana));
        var bytesEach = (GC.GetTotalMemory(forceFullCollection: true) - before) / SlowBodies;
        var answers = await Task.WhenAll(slow);

        var each = (Environment.CpuUsage.TotalTime - cpu) / SlowBodies;
        output.WriteLine($"{SlowBodies} bodies, a byte now and then: {each.TotalMilliseconds:F1} ms of processor time and {bytesEach:N0} bytes each, until they were given up after {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
        Assert.All(answers, answer => Assert.StartsWith("HTTP/1.1 408 ", Encoding.ASCII.GetString(answer), StringComparison.Ordinal));
        Assert.True(each < ProcessorTimeOfOneMax, $"{each.TotalMilliseconds:F1} ms");
        Assert.True(bytesEach < BytesOfASocketMax, $"{bytesEach:N0} bytes");
    }

    /// <summary>RFC 6455, section 5.2: one frame, whose header says that 1,000 bytes come.</summary>
    [Fact]
    public async Task AFrameThatComesByteByByte_IsClosedByTheServer_AsASocketOfWhichNothingComes()
    {
        var url = (await hrms.HostAsync()).Url;
        const string Head = "GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";
        byte[] begun = [.. Encoding.ASCII.GetBytes(Head), 0x81, 0x80 | 126, 1_000 >> 8, 1_000 & 0xFF, 0, 0, 0, 0];
        using var limit = new CancellationTokenSource(Soon);
        var (before, cpu) = (GC.GetTotalMemory(forceFullCollection: true), Environment.CpuUsage.TotalTime);
        var slow = Enumerable.Range(0, SlowBodies).Select(_ => TrickleAsync(url, begun, "{"u8.ToArray(), limit.Token)).ToList();
        var answers = await Task.WhenAll(slow);

        var each = (Environment.CpuUsage.TotalTime - cpu) / SlowBodies;
        var bytesEach = (GC.GetTotalMemory(forceFullCollection: true) - before) / SlowBodies;
        output.WriteLine($"{SlowBodies} frames, a byte now and then: {each.TotalMilliseconds:F1} ms of processor time and {bytesEach:N0} bytes each");
        // The close frame (opcode 8) with its code in network order.
        Assert.All(answers, answer => Assert.True(answer.AsSpan().IndexOf((ReadOnlySpan<byte>)[4408 >> 8, 4408 & 0xFF]) is var at && at > 2 && answer[at - 2] == 0x88, Encoding.Latin1.GetString(answer)));
        Assert.True(each < ProcessorTimeOfOneMax, $"{each.TotalMilliseconds:F1} ms");
        Assert.True(bytesEach < BytesOfASocketMax, $"{bytesEach:N0} bytes");
    }

    /// <summary>Sends the beginning at once and then a byte four times a second, until the server has said all that it says.</summary>
    private static async Task<byte[]> TrickleAsync(Uri url, byte[] begin, byte[] drop, CancellationToken limit)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, limit);
        await using var stream = client.GetStream();
        await stream.WriteAsync(begin, limit);
        using var told = new MemoryStream();
        var listening = ListenAsync();
        while (await Task.WhenAny(listening, Task.Delay(TimeSpan.FromMilliseconds(250), limit)) != listening)
        {
            limit.ThrowIfCancellationRequested();
            try
            {
                await stream.WriteAsync(drop, limit);
            }
            catch (IOException)
            {
                // The server has closed; what it said is still to be read.
            }
        }
        await listening;
        return told.ToArray();

        async Task ListenAsync()
        {
            try
            {
                await stream.CopyToAsync(told, limit);
            }
            catch (IOException)
            {
                // A byte of ours came after the server had closed.
            }
        }
    }
}
