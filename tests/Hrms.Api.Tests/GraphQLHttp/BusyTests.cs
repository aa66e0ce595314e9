using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>More ask at a time than can be answered in time.</summary>
public sealed class BusyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task WhoComesWhenAllPlacesAreTaken_IsToldAtOnce_AndServedWhenOneIsFree()
    {
        var (entered, mayEnd) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource());
        await using var server = await GraphQLTestServer.StartAsync(options =>
        {
            options.RequestsUnderWayMax = 1;
            options.CreateUserContext = (_, _) =>
            {
                // The first takes its time.
                if (entered.TrySetResult())
                    mayEnd.Task.WaitAsync(Limit).GetAwaiter().GetResult();
                return new Dictionary<string, object?>();
            };
        });
        var first = AskAsync(server);
        await entered.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        using var turnedAway = await AskAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, turnedAway.StatusCode);
        Assert.Equal("1", turnedAway.Headers.GetValues("Retry-After").Single());
        Assert.Contains("\"BUSY\"", await turnedAway.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        mayEnd.SetResult();
        using (var answered = await first)
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        // A place is free a moment after its answer is out.
        using var limit = new CancellationTokenSource(Limit);
        while ((await AskAsync(server)).StatusCode != HttpStatusCode.OK)
            limit.Token.ThrowIfCancellationRequested();
    }

    /// <summary>What is turned away costs next to nothing, or there would soon be nothing but turning away.</summary>
    [Theory]
    [InlineData("/graphql", 0)]
    [InlineData("/GraphQL/", 1)]
    public async Task WhoIsTurnedAway_IsNotEvenAskedWhoTheyAre(string path, int askedAtAnotherSpelling)
    {
        var (entered, mayEnd, asked) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(), 0);
        await using var server = await GraphQLTestServer.StartAsync(
            options => options.RequestsUnderWayMax = 1,
            pipeline: app => app.Use(async (http, next) =>
            {
                // Where a host validates tokens; the first takes its time.
                if (Interlocked.Increment(ref asked) == 1)
                {
                    entered.SetResult();
                    await mayEnd.Task.WaitAsync(Limit);
                }
                await next(http);
            }));
        var first = AskAsync(server);
        await entered.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        using var turnedAway = await server.Http.PostAsync(new Uri(new Uri(server.Url), path), Question(), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 1 + askedAtAnotherSpelling), (turnedAway.StatusCode, asked));
        Assert.Equal(("no-store", "application/json; charset=utf-8"), (turnedAway.Headers.CacheControl!.ToString(), turnedAway.Content.Headers.ContentType!.ToString()));
        mayEnd.SetResult();
        using var answered = await first;
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
    }

    [Fact]
    [Trait("Fault", "F34")]
    public async Task WhoSendsSlowly_TakesNoPlaceFromOthers_AndIsAnsweredWhenAllHasCome()
    {
        var (entered, arrived) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await using var server = await GraphQLTestServer.StartAsync(
            options => options.RequestsUnderWayMax = 1,
            // However slow this machine is, the slow one is not given up.
            services => services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MinRequestBodyDataRate = null),
            app => app.Use((http, next) =>
            {
                if (Interlocked.Increment(ref arrived) == 1)
                    entered.SetResult();
                return next(http);
            }));
        using var slow = new TcpClient();
        await slow.ConnectAsync(new Uri(server.Url).Host, new Uri(server.Url).Port, TestContext.Current.CancellationToken);
        await using var stream = slow.GetStream();
        await stream.WriteAsync("POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"u8.ToArray(), TestContext.Current.CancellationToken);
        await entered.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);

        // A moment after it has come in, the slow one has no place any more.
        using (var limit = new CancellationTokenSource(Limit))
            while ((await AskAsync(server)).StatusCode != HttpStatusCode.OK)
                limit.Token.ThrowIfCancellationRequested();
        await stream.WriteAsync("\"query\":\"{hello}\"}"u8.ToArray(), TestContext.Current.CancellationToken);
        using var answer = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 200 OK", await answer.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    private static Task<HttpResponseMessage> AskAsync(GraphQLTestServer server) =>
        server.Http.PostAsync(server.Url, Question(), TestContext.Current.CancellationToken);

    private static StringContent Question() => new("""{"query":"{hello}"}""", Encoding.UTF8, "application/json");
}
