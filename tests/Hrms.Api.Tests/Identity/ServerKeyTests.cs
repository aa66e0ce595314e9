using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Hrms.Api.Hosting;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>The server's keys are the same after a restart; they are followed by new ones without anybody being signed out.</summary>
[Collection(nameof(TimeTravel))]
public sealed class ServerKeyTests(HrmsFixture hrms)
{
    [Fact]
    public async Task ANewKey_IsPublishedBeforeItIsUsed_AndTheOldOneHoldsAfter()
    {
        var ring = (await hrms.HostAsync()).Services.GetRequiredService<ServerKeyRing>();
        hrms.Clock.Advance(TimeSpan.FromDays(32));
        await ring.RefreshAsync(TestContext.Current.CancellationToken);
        var published = await PublishedAsync();
        using var ana = await Person.SignedInAsync(hrms);
        hrms.Clock.Advance(TimeSpan.FromMinutes(8));
        var before = (await new OAuthApp(hrms).IsConnectedAsync(ana)).Access;

        hrms.Clock.Advance(TimeSpan.FromMinutes(3));
        await ring.RefreshAsync(TestContext.Current.CancellationToken);
        var after = (await new OAuthApp(hrms).IsConnectedAsync(ana)).Access;

        Assert.NotEqual(KeyOf(before), KeyOf(after));
        Assert.Contains(KeyOf(after), published);
        Assert.True(await new Bearer(hrms, before).IsTakenAsync());
        Assert.True(await new Bearer(hrms, after).IsTakenAsync());
    }

    [Fact]
    public async Task AfterARestart_SessionsAndTokensHold()
    {
        EmbeddedPrograms.SkipWhenMissing();
        using var folder = new TemporaryFolder();
        var port = FreePort();
        string codeOfBefore;
        CookieContainer cookies = new();
        await using (var first = await StartAsync(folder["data"], port))
        {
            using var http = Client(first, cookies);
            codeOfBefore = await http.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken);
            await http.GetStringAsync("/account/sign-in", TestContext.Current.CancellationToken);
        }
        await using var second = await StartAsync(folder["data"], port);
        using var again = Client(second, cookies);
        Assert.Equal(codeOfBefore, await again.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken));
        // A form that was opened before the restart is still taken: its cookie opens with the keys of before.
        Assert.NotEmpty(cookies.GetAllCookies());
        var page = await again.GetAsync("/account/sign-in", TestContext.Current.CancellationToken);
        Assert.False(page.Headers.Contains("Set-Cookie"));
    }

    private static Task<EmbeddedHost> StartAsync(string data, int port) => EmbeddedHost.StartAsync(
        data, $"http://127.0.0.1:{port}", configure: builder => builder.Logging.ClearProviders(), stop: TestContext.Current.CancellationToken);

    private static HttpClient Client(EmbeddedHost host, CookieContainer cookies) => new(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = host.Url };

    private async Task<IReadOnlyList<string?>> PublishedAsync() =>
        [.. JsonElement.Parse(await hrms.Http.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken)).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString())];

    private static string KeyOf(string token) => new JsonWebToken(token).Kid;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
