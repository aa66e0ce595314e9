using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Hrms.Api.Hosting;
using Hrms.Api.Identity.Keys;
using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Tests.Identity;

/// <summary>The server's keys are the same after a restart; they are followed by new ones without anybody being signed out.</summary>
[Collection(nameof(TimeTravel))]
public sealed class ServerKeyTests(HrmsFixture hrms)
{
    private const string Ready = "HRMS ready: ";

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

    /// <summary>As on a machine that was asleep: the key that its process used until now is long over when the process looks again.</summary>
    [Fact]
    public async Task WhatWasGivenWithTheKeyInUse_Holds_WhenThatKeyIsOverAtOnce()
    {
        var ring = (await hrms.HostAsync()).Services.GetRequiredService<ServerKeyRing>();
        hrms.Clock.Advance(TimeSpan.FromDays(32));
        await ring.RefreshAsync(TestContext.Current.CancellationToken);
        hrms.Clock.Advance(TimeSpan.FromDays(32));

        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var code = await app.IsAllowedAsync(ana);
        await ring.RefreshAsync(TestContext.Current.CancellationToken);
        Assert.Null((await app.ExchangesAsync(code)).Error);
    }

    [Fact]
    public async Task AfterARestart_KeysAndOpenFormsHold()
    {
        EmbeddedPrograms.SkipWhenMissing();
        using var folder = new TemporaryFolder();
        CookieContainer cookies = new();
        var before = await RunningAsync(folder["data"], cookies, async http =>
        {
            await http.GetStringAsync("/account/sign-in", TestContext.Current.CancellationToken);
            return await http.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken);
        });
        Assert.NotEmpty(cookies.GetAllCookies());
        await RunningAsync(folder["data"], cookies, async http =>
        {
            Assert.Equal(before, await http.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken));
            // The cookie of a form that was opened before opens with the keys of before: no new one is needed.
            using var page = await http.GetAsync("/account/sign-in", TestContext.Current.CancellationToken);
            return Assert.Single([page.Headers.Contains("Set-Cookie")], taken => !taken);
        });
    }

    /// <summary>Starts the product as a process of its own, asks it something and stops it.</summary>
    private static async Task<T> RunningAsync<T>(string data, CookieContainer cookies, Func<HttpClient, Task<T>> ask)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EmbeddedHost).Assembly.Location, "--data", data, "--urls", "http://127.0.0.1:0"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in PrivacyWatch.Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await using var log = new StreamWriter(Path.Combine(Path.GetDirectoryName(data)!, $"host{process.Id}.log"));
        try
        {
            string? line;
            while ((line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))?.StartsWith(Ready, StringComparison.Ordinal) == false)
                await log.WriteLineAsync(line);
            var reading = process.StandardOutput.ReadToEndAsync();
            using var http = new HttpClient(new HttpClientHandler { CookieContainer = cookies }) { BaseAddress = new Uri(line![Ready.Length..]) };
            var answer = await ask(http);
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await log.WriteAsync(await reading);
            return answer;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private async Task<IReadOnlyList<string?>> PublishedAsync() =>
        [.. JsonElement.Parse(await hrms.Http.GetStringAsync("/.well-known/jwks", TestContext.Current.CancellationToken)).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString())];

    private static string KeyOf(string token) => new JsonWebToken(token).Kid;
}
