using System.Text;
using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Hostile;

/// <summary>Something that an attacker sends, and the one way in which it may end.</summary>
/// <param name="Ends">As <see cref="Answered"/> says it: a status, and a code where the answer has one.</param>
/// <param name="BytesSent">How much of it there is.</param>
/// <param name="SendAsync">Sends it once and tells how it ended.</param>
public sealed record Attack(string Name, string Ends, long BytesSent, Func<Task<string>> SendAsync);

/// <summary>Requests that no client library makes, and the names of their answers.</summary>
public sealed class Answered(HrmsFixture hrms)
{
    public Attack Of(string name, string ends, Func<HttpRequestMessage> request, long bytesSent = 0) => new(name, ends, bytesSent, async () =>
    {
        using var sent = request();
        // Each its own connection: what a server ends is nobody else's.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = hrms.Http.BaseAddress };
        using var answer = await client.SendAsync(sent, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return Named((int)answer.StatusCode, answer, body);
    });

    public static HttpRequestMessage GraphQL(string? token, byte[] body, string type = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        request.Headers.Accept.ParseAdd("application/graphql-response+json");
        return Bearing(request, token);
    }

    public static HttpRequestMessage Bearing(HttpRequestMessage request, string? token)
    {
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return request;
    }

    public static byte[] Query(string query, string variables = "{}") => Encoding.UTF8.GetBytes($$"""{"query":{{JsonSerializer.Serialize(query)}},"variables":{{variables}}}""");

    /// <summary>The status and the code: of GraphQL an error's or a payload's, of FHIR the issue's, of OAuth the error, of ingestion the title; of an address the way it leads.</summary>
    private static string Named(int status, HttpResponseMessage answer, string body)
    {
        if (answer.Headers.Location is { } location)
            return $"{status} to {(location.IsAbsoluteUri ? location.GetLeftPart(UriPartial.Authority) : location.OriginalString.Split('?')[0])}";
        if (answer.Content.Headers.ContentType is not { MediaType: { } type } || !type.EndsWith("json", StringComparison.Ordinal))
            return $"{status}";
        var json = JsonElement.Parse(body);
        return Code(json) is { } code ? $"{status} {code}" : $"{status}";
    }

    private static string? Code(JsonElement json)
    {
        if (json.TryGetProperty("errors", out var errors))
            return errors[0].GetProperty("extensions").GetProperty("code").GetString();
        if (json.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object && data.EnumerateObject().First().Value is { ValueKind: JsonValueKind.Object } payload
            && payload.TryGetProperty("errors", out var refused) && refused.GetArrayLength() > 0)
            return refused[0].GetProperty("code").GetString();
        if (json.TryGetProperty("issue", out var issue))
            return issue[0].GetProperty("code").GetString();
        return json.TryGetProperty("error", out var error) ? error.GetString() : json.TryGetProperty("title", out var title) ? title.GetString() : null;
    }
}
