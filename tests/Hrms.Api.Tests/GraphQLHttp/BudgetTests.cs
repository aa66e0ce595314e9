using System.Security.Claims;
using Hrms.Api.Budgets;
using Microsoft.AspNetCore.Http;

namespace Hrms.Api.Tests.GraphQLHttp;

/// <summary>What a request is charged for, and how a caller without budget is told: by each transport.</summary>
[Trait("Feature", "67")]
public sealed class BudgetTests : IAsyncLifetime
{
    private readonly Purse _purse = new();
    private GraphQLTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GraphQLTestServer.StartAsync(options => options.Budget = _purse);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("{hello}", 1 + 1)]
    [InlineData("{node{level next{level}}}", 1 + 4)]
    [InlineData("{hello(name:\"a\")}", 1 + 10)]
    [InlineData("{a:hello(name:\"a\") b:hello(name:\"b\") c:hello(name:\"c\")}", 1 + 30)]
    [InlineData("{node{...F}} fragment F on Node{level next{level}}", 1 + 4)]
    [InlineData("query A{hello} query B{node{level}}", 1 + 1, "A")]
    [InlineData("query A{hello} query B{node{level}}", 1 + 2, "B")]
    [InlineData("{", 1 + RequestCost.RefusedDocument)]
    public async Task ARequest_CostsItsSelections_AndMoreForWhatAsksWithArguments(string query, long cost, string? operation = null)
    {
        await _server.PostAsync(new { query, operationName = operation });
        Assert.Equal(cost, _purse.Spent);
    }

    [Fact]
    public async Task WhatIsSentAndAnswered_CostsByItsSize()
    {
        var name = new string('x', 5_000);
        await _server.PostAsync(new { query = "query($n:String!){hello(name:$n)}", variables = new { n = name } });
        Assert.InRange(_purse.Spent, 1 + 10 + 4 + 4, 1 + 10 + 4 + 5);
    }

    [Theory]
    [InlineData("application/graphql-response+json"), InlineData("application/json"), InlineData("text/event-stream")]
    public async Task WithoutBudget_TheAnswerIs429_WithTheTimeToComeBack(string accept)
    {
        _purse.Left = 0;
        var answer = await _server.PostAsync(new { query = "{hello}" }, accept);
        Assert.Equal((429, "THROTTLED", TimeSpan.FromSeconds(7)), (answer.Status, answer.Code, answer.Headers.RetryAfter?.Delta));
        Assert.Equal(7, answer.Body.GetProperty("errors")[0].GetProperty("extensions").GetProperty("retryAfterSeconds").GetInt32());
        Assert.False(answer.Body.TryGetProperty("data", out _));
    }

    [Fact]
    public async Task OverAWebSocket_TheOperationAloneIsRefused()
    {
        await using var client = await SocketClient.ConnectAsync(_server);
        _purse.Left = 0;
        await client.SubscribeAsync("1", "{hello}");
        var error = await client.ReceiveAsync();
        Assert.Equal(("error", "1"), (error.GetProperty("type").GetString(), error.GetProperty("id").GetString()));
        Assert.Equal("THROTTLED", error.GetProperty("payload")[0].GetProperty("extensions").GetProperty("code").GetString());

        _purse.Left = 100;
        await client.SubscribeAsync("1", "{hello}");
        Assert.Equal("next", (await client.ReceiveAsync()).GetProperty("type").GetString());
    }

    /// <summary>A budget that tells what was taken from it.</summary>
    private sealed class Purse : IRequestBudget
    {
        private long _spent;

        public long Spent => Interlocked.Read(ref _spent);

        public long Left { get; set; } = long.MaxValue;

        public TimeSpan? Admit(HttpContext http, ClaimsPrincipal user, long cost)
        {
            if (Left <= 0)
                return TimeSpan.FromSeconds(7);
            Charge(http, user, cost);
            return null;
        }

        public void Charge(HttpContext http, ClaimsPrincipal user, long cost) => Interlocked.Add(ref _spent, cost);
    }
}
