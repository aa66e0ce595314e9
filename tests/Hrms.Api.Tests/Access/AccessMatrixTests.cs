using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using GraphQL.Types;
using Hrms.Api.Ingestion;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;

namespace Hrms.Api.Tests.Access;

/// <summary>The access matrix: what the running product offers is walked, not written down, and each of it is called by everybody.</summary>
[Collection(nameof(TimeTravel))]
public sealed class AccessMatrixTests(HrmsFixture hrms)
{
    [Fact, Trait("Feature", "65"), Trait("Feature", "66")]
    public async Task EveryOperation_GivesEachCallerWhatTheMatrixSays_AndHasARow()
    {
        var host = await hrms.HostAsync();
        var world = await AccessWorld.MakeAsync(hrms);
        // What the server did when it started is told to the installation's history within a minute.
        await hrms.SweepsAccountsAsync();
        string[] columns = ["owner", .. world.Callers.Select(caller => caller.Name).Where(name => name != "owner")];
        var (matrix, operations) = (new Matrix(columns), new SchemaOperations(host.Services.GetRequiredService<ISchema>(), world));

        foreach (var read in operations.Reads())
            matrix.Add(read.Row, await EachAsync(world, caller => ReadAsync(world, read, caller), atOnce: true));
        foreach (var subscription in operations.Subscriptions())
            matrix.Add(subscription.Row, await SubscriptionAsync(world, subscription));
        foreach (var (row, request) in Endpoints(host.Services, world))
            matrix.Add(row, await EachAsync(world, caller => EndpointAsync(row.EndsWith(SamplesEndpoint.Path, StringComparison.Ordinal) && caller.Name == "device" ? SignedBy(world.Watch) : request(), caller), atOnce: !row.Contains('{', StringComparison.Ordinal)));
        foreach (var (row, query) in Exports(world))
            matrix.Add(row, await EachAsync(world, caller => ExportAsync(world, query, caller), atOnce: false));
        foreach (var mutation in operations.Mutations())
            matrix.Add(mutation.Row, await EachAsync(world, caller => MutationAsync(world, mutation, caller), atOnce: false));

        if (Matrix.IsWriting)
            matrix.Write();
        Assert.True(matrix.Differences() is { Count: 0 }, string.Join('\n', matrix.Differences()));
    }

    /// <summary>What the file itself promises, whoever rewrites it.</summary>
    [Fact]
    public void WhoBringsNoGoodToken_GetsNothing_OfWhateverIsOfAPatient()
    {
        foreach (var (row, cells) in Matrix.Read().Where(row => row.Key.Split('.')[0] is "patient" or "viewer" or "query" or "mutation" or "subscription"))
            Assert.All(new[] { "anonymous", "forged", "token expired", "wrong audience" }, column => Assert.True(cells[column] == "UNAUTHENTICATED", $"{row}: {column} gets {cells[column]}."));
        foreach (var (row, cells) in Matrix.Read().Where(row => row.Key.StartsWith("patient.", StringComparison.Ordinal)))
            Assert.All(
                new[] { "other patient", "grant expired", "grant revoked", "other purpose", "other organisation", "organisation", "organisation administrator", "operator", "auditor", "device" },
                column => Assert.True(cells[column] == "absent", $"{row}: {column} gets {cells[column]}."));
        foreach (var (row, cells) in Matrix.Read().Where(row => row.Key.EndsWith("of what is withheld", StringComparison.Ordinal) && !row.Key.Contains("records", StringComparison.Ordinal)))
            Assert.All(new[] { "practitioner", "app" }, column => Assert.True(cells[column] == "absent", $"{row}: {column} gets {cells[column]}."));
        foreach (var (row, cells) in Matrix.Read().Where(row => row.Key.StartsWith("fhir.", StringComparison.Ordinal)))
        {
            Assert.All(new[] { "anonymous", "forged", "token expired", "wrong audience" }, column => Assert.True(cells[column] == "401", $"{row}: {column} gets {cells[column]}."));
            Assert.All(
                new[] { "other patient", "grant expired", "grant revoked", "other purpose", "other organisation", "organisation", "operator", "device" },
                column => Assert.True(cells[column] == "absent", $"{row}: {column} gets {cells[column]}."));
        }
    }

    /// <summary>What may be asked to take away: all, and what a caller with a part of it must not find by type or cursor.</summary>
    private static IEnumerable<(string Row, string Query)> Exports(AccessWorld world) =>
    [
        ("fhir.$everything", ""), ("fhir.$everything of a type that is withheld", "?_type=MedicationRequest,Condition,Consent,AuditEvent"),
        ("fhir.$everything of nothing but what is withheld", $"?_type=MedicationRequest&after=r:{new DateTimeOffset(2025, 3, 3, 8, 0, 0, TimeSpan.Zero).Ticks}:{Guid.NewGuid():N}"),
    ];

    /// <summary>One page at a time: an asker who is making one is told to wait.</summary>
    private async Task<string> ExportAsync(AccessWorld world, string query, Caller caller)
    {
        if (caller.IsKnown)
            caller = caller with { Token = await hrms.SignedInAgainAsync(caller.Token!) };
        var absent = await PageAsync(world.Nobody);
        var (status, body) = await PageAsync(world.Ana.Id);
        var same = status == absent.Status && body == absent.Body.Replace($"{world.Nobody:D}", $"{world.Ana.Id:D}", StringComparison.Ordinal);
        return status != 200 ? same ? $"{status}" : $"{status}*" : same ? "absent" : "data";

        async Task<(int Status, string Body)> PageAsync(Guid patient)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{patient}/$everything{query}");
            Authorize(request, caller);
            using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> EachAsync(AccessWorld world, Func<Caller, Task<string>> call, bool atOnce)
    {
        if (atOnce)
            return (await Task.WhenAll(world.Callers.Select(async caller => KeyValuePair.Create(caller.Name, await call(caller))))).ToDictionary();
        var cells = new Dictionary<string, string>();
        foreach (var caller in world.Callers)
            cells.Add(caller.Name, await call(caller));
        return cells;
    }

    private async Task<string> ReadAsync(AccessWorld world, Operation read, Caller caller)
    {
        var answer = await SendAsync(read, world.Ana.Id, caller);
        if (!read.IsOfPatient)
            return Code(answer) ?? (IsNothing(answer.RootElement.GetProperty("data")) ? "absent" : "data");
        var absent = await SendAsync(read, world.Nobody, caller);
        return Compared(answer, absent, world) ?? "data";
    }

    private async Task<string> MutationAsync(AccessWorld world, Operation mutation, Caller caller)
    {
        if (caller.IsKnown)
            caller = caller with { Token = await hrms.SignedInAgainAsync(caller.Token!) };
        // About nobody first: what follows may end the caller's own token.
        var absent = await SendAsync(mutation, world.Nobody, caller);
        return Compared(await SendAsync(mutation, world.Ana.Id, caller), absent, world) is { } refused and not "absent" ? refused : "done";
    }

    /// <summary>Null: it is neither refused nor what somebody who never existed answers.</summary>
    private static string? Compared(JsonDocument answer, JsonDocument absent, AccessWorld world)
    {
        var same = answer.RootElement.GetRawText() == absent.RootElement.GetRawText().Replace($"{world.Nobody:D}", $"{world.Ana.Id:D}", StringComparison.Ordinal);
        return Code(answer) is { } code ? same ? code : $"{code}*" : same ? "absent" : null;
    }

    private async Task<IReadOnlyDictionary<string, string>> SubscriptionAsync(AccessWorld world, Operation subscription)
    {
        var cells = new Dictionary<string, string>();
        var open = new Dictionary<string, LiveStream>();
        foreach (var caller in world.Callers)
        {
            using var request = Request(subscription, world.Ana.Id, caller, "text/event-stream");
            var answer = await hrms.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (answer.IsSuccessStatusCode)
                open.Add(caller.Name, LiveStream.Of(answer));
            else
                cells.Add(caller.Name, Told(JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken))));
        }
        // Whoever is refused is told at once; everybody else waits for something to happen, and the owner, who came last, is told last.
        for (var time = 0; time < 2; time++)
        {
            await HappensAsync(world);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            cells["owner"] = Told(await open["owner"].TakeAsync(limit.Token));
        }
        foreach (var (name, stream) in open)
        {
            using var limit = new CancellationTokenSource(Matrix.Read().GetValueOrDefault(subscription.Row)?.GetValueOrDefault(name) == "silent" ? TimeSpan.Zero : Matrix.IsWriting ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(10));
            try
            {
                if (name != "owner")
                    cells[name] = stream.Waiting == 0 && limit.IsCancellationRequested ? "silent" : Told(await stream.TakeAsync(limit.Token));
            }
            catch (OperationCanceledException)
            {
                cells[name] = "silent";
            }
            await stream.DisposeAsync();
        }
        return cells;

        static string Told(JsonElement told) => told.TryGetProperty("errors", out var errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString()! : "data";
    }

    /// <summary>Something of everything that is told: a record, a consent, a request, a notice; and with them a batch on the ledger.</summary>
    private async Task HappensAsync(AccessWorld world)
    {
        await world.Ana.AddsAsync(Clinic.LabResult());
        var (doctor, person) = (await hrms.PractitionerAsync(), Guid.NewGuid());
        await world.Ana.GrantsAsync(doctor, Contracts.DataClass.Imaging);
        await doctor.RequestsAsync(world.Ana, new Terms { Classes = [Contracts.DataClass.Imaging] });
        await doctor.BreaksGlassAsync(world.Ana);
    }

    /// <summary>Every endpoint that is mapped, and those that OpenIddict answers before.</summary>
    private static IEnumerable<(string Row, Func<HttpRequestMessage> Request)> Endpoints(IServiceProvider services, AccessWorld world)
    {
        var oauth = services.GetRequiredService<IOptionsMonitor<OpenIddictServerOptions>>().CurrentValue;
        var mapped = services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => (Method: method, Path: $"/{endpoint.RoutePattern.RawText!.Trim('/')}")));
        var early = oauth.ConfigurationEndpointUris.Concat(oauth.JsonWebKeySetEndpointUris).Select(uri => ("GET", $"/{uri.OriginalString.Trim('/')}"))
            .Concat(oauth.IntrospectionEndpointUris.Concat(oauth.RevocationEndpointUris).Concat(oauth.DeviceAuthorizationEndpointUris).Select(uri => ("POST", $"/{uri.OriginalString.Trim('/')}")));
        foreach (var (method, path) in mapped.Concat(early).Distinct().Order())
        {
            var address = Regex.Replace(path, @"\{[^}:]*(:[^}]*)?\}", part => Fitting(part.Groups[1].Value, world));
            yield return ($"{method} {path.Replace("|", "\\|", StringComparison.Ordinal)}", () => Request(method, address));
        }
    }

    /// <summary>What leads to the endpoint, whoever it then is for: an address that does not fit is 404 for everybody.</summary>
    private static string Fitting(string constraint, AccessWorld world) =>
        constraint.Contains(":guid", StringComparison.Ordinal) ? $"{world.Ana.Id:D}" : Regex.IsMatch(constraint, ":(int|long)") ? "1" : "x";

    private const string Beat = """{"samples":[{"kind":"heart-rate","time":"2026-01-01T01:00:00Z","value":61,"unit":"/min"}]}""";

    private static HttpRequestMessage SignedBy(Device watch) => watch.SignedUpload(System.Text.Encoding.UTF8.GetBytes(Beat), "matrix", watch.Sign());

    private static HttpRequestMessage Request(string method, string address)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (address is SamplesEndpoint.Path or DeviceKeysEndpoint.Path)
        {
            request.Content = new StringContent(
                address == SamplesEndpoint.Path ? Beat : """{"code":"AAAA","jwk":{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}}""", new MediaTypeHeaderValue("application/json"));
            request.Headers.Add(IdempotencyKey.Header, "matrix");
        }
        else if (method == "POST")
        {
            request.Content = new FormUrlEncodedContent([]);
        }
        return request;
    }

    private async Task<string> EndpointAsync(HttpRequestMessage request, Caller caller)
    {
        using (request)
        {
            Authorize(request, caller);
            using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = hrms.Http.BaseAddress };
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            var status = ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return answer.Headers.Location is { } location ? $"{status} {(location.IsAbsoluteUri ? location.AbsolutePath : location.OriginalString.Split('?')[0])}" : status;
        }
    }

    private async Task<JsonDocument> SendAsync(Operation operation, Guid patient, Caller caller)
    {
        using var request = Request(operation, patient, caller, "application/graphql-response+json");
        using var answer = await hrms.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized || document.RootElement.TryGetProperty("data", out _), $"{operation.Row} could not be sent: {operation.Document}\n{document.RootElement}");
        return document;
    }

    private static HttpRequestMessage Request(Operation operation, Guid patient, Caller caller, string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = JsonContent.Create(new { query = operation.Document, variables = operation.VariablesFor(patient) }, options: Answer.Json),
        };
        request.Headers.Accept.ParseAdd(accept);
        Authorize(request, caller);
        return request;
    }

    private static void Authorize(HttpRequestMessage request, Caller caller)
    {
        if (caller.Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
    }

    /// <summary>Why it was refused: of a question an error, of a command its payload.</summary>
    private static string? Code(JsonDocument answer)
    {
        if (answer.RootElement.TryGetProperty("errors", out var errors))
            return errors[0].GetProperty("extensions").GetProperty("code").GetString();
        return answer.RootElement.GetProperty("data").EnumerateObject().First().Value is { ValueKind: JsonValueKind.Object } payload
            && payload.TryGetProperty("errors", out var refused) && refused is { ValueKind: JsonValueKind.Array } && refused.GetArrayLength() > 0
            ? refused[0].GetProperty("code").GetString()
            : null;
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(member => member.Name == "__typename" || IsNothing(member.Value)),
        _ => false,
    };
}
