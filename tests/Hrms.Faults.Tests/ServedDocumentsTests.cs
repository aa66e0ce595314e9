using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Hrms.Faults.Tests;

/// <summary>An API process in production answers the documents of its folder, by name or as text, and no other.</summary>
public sealed class ServedDocumentsTests(PostgresFixture postgres, EvmNodeFixture node)
{
    private const string Known = "query WhoAmI { viewer { kind } }", Other = "query WhoAmI { viewer { id } }";

    [Fact]
    [Trait("Feature", "67")]
    public async Task WithAFolderOfDocuments_ThoseAreAnswered_AndAnyOtherIsRefused_AlsoOverAWebSocket()
    {
        await using var installation = await ServedInstallation.StartAsync(postgres, node, "served_documents");
        Directory.CreateDirectory(installation["documents"]);
        await File.WriteAllTextAsync(Path.Combine(installation["documents"], "WhoAmI.graphql"), Known);
        var api = await installation.ApiAsync(("Hrms__AnyDocument", null), ("Hrms__TrustedDocuments", installation["documents"]));
        using var ana = new PersonsBrowser(api);
        await ana.SignsUpAsync(installation);
        var (access, _) = await ana.ConnectsAppAsync();

        foreach (var known in new object[] { new { query = Known }, new { documentId = "WhoAmI" }, new { documentId = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Known)))}" } })
            Assert.Equal("PATIENT", (await ServedInstallation.AsksAsync(api, known, access)).Body.GetProperty("data").GetProperty("viewer").GetProperty("kind").GetString());
        foreach (var (document, code) in new (object, string)[]
        {
            (new { query = Other }, "DOCUMENT_NOT_TRUSTED"), (new { query = $"{Known} " }, "DOCUMENT_NOT_TRUSTED"), (new { query = "{ __typename }" }, "DOCUMENT_NOT_TRUSTED"),
            (new { query = $"{Known} {{ __typename }}", operationName = "WhoAmI" }, "DOCUMENT_NOT_TRUSTED"), (new { documentId = "WhoIsShe" }, "DOCUMENT_NOT_FOUND"),
        })
        {
            var (status, body) = await ServedInstallation.AsksAsync(api, document, access);
            Assert.Equal((HttpStatusCode.BadRequest, code), (status, CodeOf(body.GetProperty("errors"))));
            Assert.False(body.TryGetProperty("data", out _));
        }

        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        await socket.ConnectAsync(new UriBuilder(api.Url) { Scheme = "ws", Path = "/graphql" }.Uri, CancellationToken.None);
        await SendAsync(socket, new { type = "connection_init", payload = new { Authorization = $"Bearer {access}" } });
        Assert.Equal("connection_ack", (await ReceiveAsync(socket)).GetProperty("type").GetString());
        await SendAsync(socket, new { id = "1", type = "subscribe", payload = new { query = Other } });
        var refused = await ReceiveAsync(socket);
        Assert.Equal(("error", "DOCUMENT_NOT_TRUSTED"), (refused.GetProperty("type").GetString(), CodeOf(refused.GetProperty("payload"))));
        await SendAsync(socket, new { id = "2", type = "subscribe", payload = new { query = Known } });
        var answered = await ReceiveAsync(socket);
        Assert.Equal(("next", "2"), (answered.GetProperty("type").GetString(), answered.GetProperty("id").GetString()));
    }

    private static string? CodeOf(JsonElement errors) => errors[0].GetProperty("extensions").GetProperty("code").GetString();

    private static Task SendAsync(ClientWebSocket socket, object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (buffer, length) = (new byte[16_384], 0);
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), deadline.Token);
            Assert.True(part.MessageType == WebSocketMessageType.Text, $"Closed: {part.CloseStatus} {part.CloseStatusDescription}");
            length += part.Count;
        }
        while (!part.EndOfMessage);
        return JsonElement.Parse(buffer.AsSpan(0, length).ToArray());
    }
}
