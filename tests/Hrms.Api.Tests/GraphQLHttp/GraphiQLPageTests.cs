using System.Net;
using System.Text.RegularExpressions;

namespace Hrms.Api.Tests.GraphQLHttp;

public sealed class GraphiQLPageTests : IAsyncLifetime
{
    private GraphQLTestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GraphQLTestServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Browser_GetsAPageWhoseFilesAreAllOurs()
    {
        using var response = await AskAsync("text/html,application/xhtml+xml,*/*;q=0.8");
        var html = await response.Content.ReadAsStringAsync();
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);

        var files = Regex.Matches(html, "(?:src|href)=\"([^\"]+)\"").Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(6, files.Count);
        foreach (var file in files)
        {
            using var answer = await _server.Http.GetAsync(new Uri(new Uri(_server.Url), file));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Content.Headers.ContentLength > 20, file);
        }
    }

    [Theory]
    [InlineData("secrets.json")]
    [InlineData("index.html")]
    [InlineData("..%2fappsettings.json")]
    public async Task OtherFiles_AreNotThere(string name)
    {
        using var answer = await _server.Http.GetAsync($"{_server.Url}/ui/{name}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task SwitchedOff_NoPage()
    {
        await using var server = await GraphQLTestServer.StartAsync(options => options.ServeGraphiQL = false);
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url);
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotAcceptable, response.StatusCode);
    }

    private Task<HttpResponseMessage> AskAsync(string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _server.Url);
        request.Headers.Accept.ParseAdd(accept);
        return _server.Http.SendAsync(request);
    }
}
