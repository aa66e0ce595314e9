using System.Text.RegularExpressions;
using Hrms.Api.Identity;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Identity.Pages;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>What holds for every address of the pages and the OAuth server; the addresses are the running product's own.</summary>
[Collection(nameof(TimeTravel))]
public sealed partial class PageHeadersTests(HrmsFixture hrms)
{
    /// <summary>Where programs post, who show themselves otherwise; and where a form that is not ours only gets the question.</summary>
    private static readonly string[] OfPrograms =
        [OAuthServer.Token, OAuthServer.Introspect, OAuthServer.Revoke, OAuthServer.DeviceAuthorization, "/session/sign-out", OAuthServer.Authorize, OAuthServer.Verify];

    [Fact]
    public async Task EveryAnswer_IsKeptNowhere_FramedNowhere_AndRunsOurOwnFilesAlone()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var stranger = await Browser.OpenAsync(hrms);
        var addresses = await AddressesAsync();
        Assert.True(addresses.Count > 25, $"{addresses.Count} addresses");
        foreach (var (method, path) in addresses)
        {
            foreach (var browser in new[] { ana.Browser, stranger })
            {
                using var answer = await browser.AsksAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new FormUrlEncodedContent([]) : null });
                var headers = answer.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value));
                Assert.Contains("no-store", headers["Cache-Control"], StringComparison.Ordinal);
                Assert.Equal(("nosniff", "DENY", "no-referrer", "same-origin"), (headers["X-Content-Type-Options"], headers["X-Frame-Options"], headers["Referrer-Policy"], headers["Cross-Origin-Opener-Policy"]));
                Assert.StartsWith("default-src 'none'; ", headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.DoesNotContain("unsafe", headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.Contains("frame-ancestors 'none'; base-uri 'none'", headers["Content-Security-Policy"], StringComparison.Ordinal);
                Assert.False(headers.ContainsKey("Access-Control-Allow-Origin"), path);
                AssertRunsNothing(path, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task NoForm_IsTakenFromAnotherSite()
    {
        using var ana = await Person.SignedInAsync(hrms);
        foreach (var (_, path) in (await AddressesAsync()).Where(address => address.Method == "POST" && !OfPrograms.Contains(address.Path)))
        {
            using var answer = await ana.Browser.AsksAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([new("email", ana.Email)]) });
            Assert.True((int)answer.StatusCode == 400, $"{path} answers {answer.StatusCode} to a form without our token.");
        }
        Assert.Equal("Your account", (await ana.Browser.GoesToAsync("/account")).Title);
    }

    [Theory]
    [InlineData("https://records.example/", "max-age=31536000; includeSubDomains")]
    [InlineData("http://localhost:5080/", "")]
    public void OverTls_ItStaysSo(string publicUrl, string expected)
    {
        var http = new DefaultHttpContext();
        PageHeaders.Set(http, new PublicAddress(
            new HrmsIdentityOptions { Postgres = "", KeyFile = "", ClientsFile = "", OutboxFolder = "", PublicUrl = new Uri(publicUrl) }, null!));
        Assert.Equal(expected, http.Response.Headers.StrictTransportSecurity.ToString());
        Assert.Equal(publicUrl, new Uri($"{http.Request.Scheme}://{http.Request.Host}/").AbsoluteUri);
    }

    /// <summary>Every form carries our token, and nothing runs that is not a file of ours.</summary>
    private static void AssertRunsNothing(string path, string html)
    {
        if (!html.StartsWith("<!DOCTYPE html>", StringComparison.Ordinal))
            return;
        Assert.All(Forms().Matches(html).Select(form => form.Value), form => Assert.Contains("__RequestVerificationToken", form, StringComparison.Ordinal));
        Assert.False(Inline().IsMatch(html), $"{path}: {Inline().Match(html)}");
        Assert.All(Sources().Matches(html).Select(source => source.Groups[1].Value), source => Assert.StartsWith("/account/", source, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyList<(string Method, string Path)>> AddressesAsync() =>
    [
        .. (await hrms.HostAsync()).Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (method, $"/{endpoint.RoutePattern.RawText!.Trim('/')}")))
            .Where(address => PageHeaders.IsOurs(address.Item2)).Where(address => address.Item2 != "/.well-known/consent-keys.json").Order(),
        ("GET", "/.well-known/openid-configuration"), ("GET", "/.well-known/jwks"), ("POST", OAuthServer.Introspect), ("POST", OAuthServer.Revoke), ("GET", "/account/nowhere"),
    ];

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\son\w+=|\sstyle=|javascript:")]
    private static partial Regex Inline();

    [GeneratedRegex("<(?:script[^>]*\\ssrc|link[^>]*\\shref|img[^>]*\\ssrc)=\"([^\"]*)\"")]
    private static partial Regex Sources();
}
