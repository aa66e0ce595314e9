using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Identity;

/// <summary>Our own web app in somebody's browser: it has no token, and says with each request that it is on our own origin.</summary>
public sealed class WebApp(Browser browser, string origin)
{
    public const string Viewer = "{ viewer { kind id } }";

    public string Origin => origin;

    public static async Task<WebApp> OfAsync(HrmsFixture hrms, Person person) =>
        new(person.Browser, (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url.GetLeftPart(UriPartial.Authority));

    /// <summary>A request as a browser sends it for a script of ours; a test makes it another one's.</summary>
    public HttpRequestMessage Request(HttpMethod method, string address, object? body = null)
    {
        var request = new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body, options: Answer.Json) };
        request.Headers.Add("X-CSRF", "1");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        if (method != HttpMethod.Get)
            request.Headers.Add("Origin", origin);
        return request;
    }

    public Task<HttpResponseMessage> SendsAsync(HttpRequestMessage request, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) => browser.AsksAsync(request, until);

    public Task<Answer> AsksAsync(string query, object? variables = null) => AsksAsync(Request(HttpMethod.Post, "graphql", new { query, variables }));

    public async Task<Answer> AsksAsync(HttpRequestMessage request)
    {
        request.Headers.Accept.ParseAdd("application/graphql-response+json");
        using var response = await SendsAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A subscription by the cookie.</summary>
    public async Task<LiveStream> ListensAsync(string query, object variables)
    {
        var request = Request(HttpMethod.Post, "graphql", new { query, variables });
        request.Headers.Accept.ParseAdd("text/event-stream");
        return LiveStream.Of(await SendsAsync(request, HttpCompletionOption.ResponseHeadersRead));
    }

    /// <summary>Who is signed in; null: nobody.</summary>
    public async Task<JsonElement?> SessionAsync()
    {
        using var answer = await SendsAsync(Request(HttpMethod.Get, "session"));
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
            return null;
        return JsonElement.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
