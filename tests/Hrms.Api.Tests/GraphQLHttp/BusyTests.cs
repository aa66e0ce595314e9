using System.Net;
using System.Text;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>More ask at a time than can be answered in time.</summary>
public sealed class BusyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task WhoComesWhenAllPlacesAreTaken_IsToldAtOnce_AndServedWhenOneIsFree()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.RequestsUnderWayMax = 1);
        var rest = new TaskCompletionSource();
        // Somebody whose request is read, and does not end.
        using var slow = new HttpRequestMessage(HttpMethod.Post, server.Url) { Content = new HalfSent("""{"query":"{hello}"}""", rest.Task) };
        var first = server.Http.SendAsync(slow, TestContext.Current.CancellationToken);

        var turnedAway = await UntilAsync(server, HttpStatusCode.ServiceUnavailable);
        Assert.Equal("1", turnedAway.Headers.GetValues("Retry-After").Single());
        Assert.Contains("\"BUSY\"", await turnedAway.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        rest.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        await UntilAsync(server, HttpStatusCode.OK);
    }

    private static async Task<HttpResponseMessage> UntilAsync(GraphQLTestServer server, HttpStatusCode status)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var answer = await server.Http.PostAsync(server.Url, new StringContent("""{"query":"{hello}"}""", Encoding.UTF8, "application/json"), limit.Token);
            if (answer.StatusCode == status)
                return answer;
        }
    }

    /// <summary>All of a body but its last letter, which comes when it may.</summary>
    private sealed class HalfSent : HttpContent
    {
        private readonly byte[] _body;
        private readonly Task _rest;

        public HalfSent(string body, Task rest)
        {
            (_body, _rest) = (Encoding.UTF8.GetBytes(body), rest);
            Headers.ContentType = new("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_body.AsMemory(0, _body.Length - 1));
            await stream.FlushAsync();
            await _rest;
            await stream.WriteAsync(_body.AsMemory(_body.Length - 1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
