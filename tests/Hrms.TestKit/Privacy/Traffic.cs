using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Hrms.TestKit;

/// <summary>
/// Hears every request of this process that goes by <see cref="HttpClient"/>, whoever made the client, and its answer. What the tests send of persons, and what they are told in confidence, is looked for everywhere from
/// then on (<see cref="Said"/>). It looks itself at addresses, which proxies and histories keep, and at answers that are errors: they say nothing but what the asker just said.
/// </summary>
public sealed partial class Traffic : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const int BodyMax = 1 << 20;
    private static readonly string[] People = ["/account", "/connect/"];
    private static readonly AsyncLocal<bool> IsOnPurpose = new();
    private readonly ConcurrentDictionary<string, bool> _found = [];
    private readonly List<IDisposable> _subscriptions = [];
    private int _requests;

    public Traffic() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    public IReadOnlyCollection<string> Found => [.. _found.Keys];

    public int Requests => _requests;

    /// <summary>A test asks by an address with a person's words in it, to see that nobody keeps it: until what is returned is disposed.</summary>
    public static IDisposable AddressesOnPurpose()
    {
        IsOnPurpose.Value = true;
        return new Purpose();
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == "HttpHandlerDiagnosticListener")
            _subscriptions.Add(value.Subscribe(this, name => name is "System.Net.Http.HttpRequestOut" or "System.Net.Http.HttpRequestOut.Start" or "System.Net.Http.HttpRequestOut.Stop"));
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key.EndsWith(".Start", StringComparison.Ordinal) && PartOf<HttpRequestMessage>(value.Value, "Request") is { } asked && IsOfTests(asked))
            HearRequest(asked);
        else if (value.Key.EndsWith(".Stop", StringComparison.Ordinal) && PartOf<HttpResponseMessage>(value.Value, "Response") is { RequestMessage: { } request } response && IsOfTests(request))
            HearAnswer(request, response);
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }

    public void Dispose() => _subscriptions.ForEach(subscription => subscription.Dispose());

    /// <summary>The product itself asks the ledger's nodes, whose address has no path.</summary>
    private static bool IsOfTests(HttpRequestMessage request) => request.RequestUri is { IsAbsoluteUri: true } address && address.PathAndQuery.Length > 1;

    private void HearRequest(HttpRequestMessage request)
    {
        Interlocked.Increment(ref _requests);
        if (SentBy(request) is { } sent)
        {
            if (request.Content!.Headers.ContentType?.MediaType == "application/x-www-form-urlencoded")
                foreach (var (name, value) in FieldsOf(sent))
                    SpokenJson.Field(name, value);
            else if (sent.Length > 0 && sent[0] is (byte)'{' or (byte)'[')
                SpokenJson.Read(sent);
        }
        if (!IsOnPurpose.Value)
            Look(WebAddress(request.RequestUri!, isRedirect: false), "", "the address of a request", request);
    }

    private void HearAnswer(HttpRequestMessage request, HttpResponseMessage response)
    {
        foreach (var cookie in response.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
            if (cookie.Split(';')[0].Split('=', 2) is [var name, { Length: >= 16 } value])
                Said.Secret(value, $"the cookie {name}");
        if (response.Headers.Location is { } location && !IsOnPurpose.Value)
            Look(WebAddress(location, isRedirect: true), "", "the address of a redirect", request);
        var type = response.Content.Headers.ContentType?.MediaType;
        if ((int)response.StatusCode >= 400 || type is "application/json" or "application/graphql-response+json" or "text/html")
            response.Content = new HeardContent(response.Content, body => HearBody(request, (int)response.StatusCode, type, body));
    }

    private void HearBody(HttpRequestMessage request, int status, string? type, ReadOnlyMemory<byte> body)
    {
        if (type == "text/html")
        {
            foreach (Match shown in Shown().Matches(Encoding.UTF8.GetString(body.Span)))
                foreach (var secret in new[] { shown.Groups[1].Value, shown.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal) })
                    if (secret.Length >= 8)
                        Said.Secret(secret, "a code that a page showed");
            return;
        }
        if (body.Span.IndexOf("enrolmentCode\""u8) >= 0 || body.Span.IndexOf("_code\""u8) >= 0 || body.Span.IndexOf("invitation\""u8) >= 0 || body.Span.IndexOf("launch\""u8) >= 0)
            SpokenJson.Read(body.Span, secretsAlone: true);
        if (status >= 400)
            Look(Encoding.UTF8.GetString(body.Span), Asked(request), $"an answer with {status}", request);
        else if (body.Span.IndexOf("\"errors\":[{"u8) >= 0)
            foreach (var errors in ErrorsIn(body))
                Look(errors, Asked(request), "an error of an answer", request);
    }

    private void Look(string text, string asked, string place, HttpRequestMessage request)
    {
        foreach (var found in asked.Length == 0 ? Said.In(text) : Said.In(text, asked))
            _found.TryAdd($"{found} in {place}: {request.Method} {request.RequestUri!.AbsolutePath}, while {TestContext.Current.TestCase?.TestClassName}.{TestContext.Current.TestCase?.TestMethodName} ran", true);
    }

    /// <summary>What the asker said: what comes back of it they know.</summary>
    private static string Asked(HttpRequestMessage request) => Uri.UnescapeDataString(request.RequestUri!.ToString()) + (SentBy(request) is { } sent ? Uri.UnescapeDataString(Encoding.UTF8.GetString(sent)) : "") + request.Headers;

    /// <summary>
    /// On people's pages without what OAuth and OpenID Connect have in addresses (RFC 6749, 4.1.2; RP-Initiated Logout, 2): good once, for the app that keeps its secret half (RFC 7636); what a mailed link
    /// brings, good once; and a sealed note of when a sign-in was asked for, which opens nothing. An address within an address, too. Where a page sends a browser back to an app, its code. Everywhere
    /// else nothing is in its place: a token in the address of a question is a leak, whatever the parameter is called (RFC 6750, 5.3).
    /// </summary>
    private static string WebAddress(Uri address, bool isRedirect)
    {
        var text = Uri.UnescapeDataString(Uri.UnescapeDataString(address.ToString()));
        var path = address.IsAbsoluteUri ? address.AbsolutePath : text;
        return People.Any(page => path.StartsWith(page, StringComparison.OrdinalIgnoreCase)) ? OnceGood().Replace(text, "$1")
            : isRedirect && address.IsAbsoluteUri ? Code().Replace(text, "$1")
            : text;
    }

    private static byte[]? SentBy(HttpRequestMessage request)
    {
        // Others, such as slow or broken streams, are left as they are, and what is sent for its size alone is not copied.
        if (request.Content is not (ByteArrayContent or JsonContent) || request.Content.Headers.ContentLength > BodyMax)
            return null;
        try
        {
            request.Content.LoadIntoBufferAsync().GetAwaiter().GetResult();
            using var copy = new MemoryStream();
            request.Content.ReadAsStream().CopyTo(copy);
            request.Content.ReadAsStream().Position = 0;
            return copy.ToArray();
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Name, string Value)> FieldsOf(byte[] form) => Encoding.UTF8.GetString(form).Split('&')
        .Select(field => field.Split('=', 2)).Where(field => field.Length == 2).Select(field => (field[0], Uri.UnescapeDataString(field[1].Replace('+', ' '))));

    private static List<string> ErrorsIn(ReadOnlyMemory<byte> body)
    {
        List<string> found = [];
        try
        {
            using var answer = JsonDocument.Parse(body);
            Collect(answer.RootElement, found);
        }
        catch (JsonException)
        {
            // Cut off behind what is kept of a long answer.
        }
        return found;
    }

    private static void Collect(JsonElement element, List<string> errors)
    {
        if (element.ValueKind == JsonValueKind.Array)
            foreach (var item in element.EnumerateArray())
                Collect(item, errors);
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in element.EnumerateObject())
            if (member.NameEquals("errors"))
                errors.Add(member.Value.GetRawText());
            else
                Collect(member.Value, errors);
    }

    private static T? PartOf<T>(object? payload, string name) where T : class =>
        payload?.GetType().GetProperty(name, BindingFlags.Public | BindingFlags.Instance)?.GetValue(payload) as T;

    private sealed class Purpose : IDisposable
    {
        public void Dispose() => IsOnPurpose.Value = false;
    }

    [GeneratedRegex("<code>([^<]{6,})</code>")]
    private static partial Regex Shown();

    [GeneratedRegex("([?&]code=)[^&#]*")]
    private static partial Regex Code();

    [GeneratedRegex("([?&](?:code|id_token_hint|token|request_uri|user_code|launch|invitation|hrms_sent_at)=)[^&#]*")]
    private static partial Regex OnceGood();
}
