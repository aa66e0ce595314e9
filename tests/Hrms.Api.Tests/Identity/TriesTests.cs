using System.Net;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>An installation that lets an address try, and ask without a token, as seldom as the product does; a header says which address that is.</summary>
public sealed class StrictHrms : HrmsFixture
{
    public const string From = "X-Tests-Address";

    public StrictHrms() => (TriesPerMinute, AnonymousCostPerMinute) = (null, null);

    protected override void Configure(IServiceCollection services) => services.AddSingleton<IStartupFilter, ComesFrom>();

    private sealed class ComesFrom : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(rest => http =>
            {
                if (http.Request.Headers[From] is [{ } address])
                    http.Connection.RemoteIpAddress = IPAddress.Parse(address);
                return rest(http);
            });
            next(app);
        };
    }
}

/// <summary>Whoever tries passwords, or asks the OAuth server without end, is held up, by the address they come from.</summary>
[Trait("Feature", "67")]
public sealed class TriesTests(StrictHrms hrms) : IClassFixture<StrictHrms>
{
    private const int TriesMax = 30, CostMax = 6_000, CostOfAQuestion = 10, CostOfADeviceCode = 100;

    [Fact]
    public async Task MoreTriesThanAMinuteAllows_AreAnswered429()
    {
        var sent = await UntilTooManyAsync("/account/sign-in", _ => "192.0.2.1", TriesMax);
        Assert.InRange(sent, TriesMax, int.MaxValue);
    }

    /// <summary>Who has one address of IPv6 has 2^64 of them.</summary>
    [Theory]
    [InlineData("/account/sign-in", "2001:db8:0:1"), InlineData("/account/second-factor", "2001:db8:0:2"), InlineData("/connect/verify", "2001:db8:0:3"), InlineData("/account/recover/sheet", "2001:db8:0:4")]
    public async Task AllAddressesOfANetwork_HaveTheTriesOfOne_AndTheNextNetworkHasItsOwn(string page, string network)
    {
        await UntilTooManyAsync(page, i => $"{network}:{i:x}::{i:x}", TriesMax);

        using var beside = await SendAsync(page, $"{network}0::1");
        Assert.NotEqual(HttpStatusCode.TooManyRequests, beside.StatusCode);
    }

    [Theory]
    [InlineData("/connect/token", "2001:db8:1:1"), InlineData("/connect/introspect", "2001:db8:1:2"), InlineData("/Connect/Revoke/", "2001:db8:1:3")]
    public async Task WhoAsksTheOAuthServerWithoutEnd_IsToldToComeBack_AndOthersGoOn(string endpoint, string network)
    {
        var sent = await UntilTooManyAsync(endpoint, i => $"{network}:{i:x}::1", CostMax / CostOfAQuestion, ("client_id", "nobody"));
        Assert.InRange(sent, CostMax / CostOfAQuestion, int.MaxValue);

        using var beside = await SendAsync(endpoint, $"{network}0::1", ("client_id", "nobody"));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, beside.StatusCode);
    }

    [Fact]
    public async Task AFloodOfDeviceCodes_LeavesNoMoreRowsThanTheBudgetPaysFor()
    {
        (string, string)[] form = [("client_id", TestApps.Hub), ("scope", "patient/Observation.crus")];
        var before = await TokensAsync();
        var sent = await UntilTooManyAsync("/connect/device", i => $"2001:db8:2:1:{i:x}::1", CostMax / CostOfADeviceCode, form);
        Assert.InRange(sent, CostMax / CostOfADeviceCode, int.MaxValue);
        // A device code and the code that its owner types.
        Assert.Equal(2 * sent, await TokensAsync() - before);

        using var beside = await SendAsync("/connect/device", "2001:db8:2:2::1", form);
        Assert.Equal(HttpStatusCode.OK, beside.StatusCode);
    }

    /// <summary>How many were answered before one was not; that one says when to come again. On a slow machine minutes pass meanwhile, in which more is allowed.</summary>
    private async Task<int> UntilTooManyAsync(string path, Func<int, string> from, int most, params (string Name, string Value)[] form)
    {
        for (var sent = 0; sent < 20 * most; sent++)
        {
            using var answer = await SendAsync(path, from(sent), form);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                continue;
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
            if (form.Length > 0)
                Assert.Equal("temporarily_unavailable", JsonElement.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetString());
            return sent;
        }
        throw new Xunit.Sdk.XunitException("Nothing was refused.");
    }

    private async Task<HttpResponseMessage> SendAsync(string path, string from, params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri((await hrms.HostAsync()).Url, path)) { Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
        request.Headers.Add(StrictHrms.From, from);
        return await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private async Task<long> TokensAsync() => (long)(await hrms.QueryAsync("select count(*) from identity.oauth_token", row => (object)row.GetInt64(0)))!;
}
