using System.Diagnostics;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;

namespace Hrms.Api.Tests.Hostile;

/// <summary>Who reads or sends a byte now and then, or nothing at all, is cut off with a code, costs little until then, and keeps nobody else waiting.</summary>
[Trait("Feature", "68")]
[Trait("Fault", "F34")]
public sealed class SlowCallerTests(HrmsFixture hrms, ITestOutputHelper output)
{
    private const int Sockets = 1_000;

    /// <summary>Far above what a socket takes on both of its ends.</summary>
    private const long BytesOfASocketMax = 256 << 10;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

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
        var began = Stopwatch.GetTimestamp();
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
    }

    [Theory]
    [InlineData("POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")]
    [InlineData("POST /ingest/v1/device-keys HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n")]
    public async Task ABodyThatComesByteByByte_IsGivenUp_AndOthersGoOn(string head)
    {
        var (ana, url) = (await hrms.PatientAsync(), (await hrms.HostAsync()).Url);
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);

        using var limit = new CancellationTokenSource(Soon);
        var answered = stream.ReadAsync(new byte[64], limit.Token).AsTask();
        while (!answered.IsCompleted)
        {
            try
            {
                await stream.WriteAsync("{"u8.ToArray(), limit.Token);
            }
            catch (IOException)
            {
                break;
            }
            Assert.Empty(await ana.SeesAsync(ana));
            await Task.WhenAny(answered, Task.Delay(TimeSpan.FromMilliseconds(250), limit.Token));
        }
        // Closed with 408 or without a word: in any case by the server.
        try
        {
            Assert.True(await answered >= 0);
        }
        catch (IOException)
        {
            // Reset.
        }
        Assert.False(limit.IsCancellationRequested, $"Still open after {Soon.TotalSeconds} s.");
    }
}
