using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Hrms.Api.Auth;
using Hrms.Api.Ingestion;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.GraphQLHttp;
using Hrms.Api.Tests.Identity;
using Hrms.Api.Tests.Ingestion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Hrms.Api.Tests.Hostile;

/// <summary>What attackers send to each edge of the running product.</summary>
internal sealed class Attacks(HrmsFixture hrms, Patient ana, Device watch)
{
    private readonly Answered _answered = new(hrms);

    public IEnumerable<Attack> OfDocuments()
    {
        yield return Document("fragments that double", "400 DOCUMENT_TOO_LARGE_EXPANDED", "{viewer{patient{...F0}}}" + Repeat(20, i => $"fragment F{i} on Patient{{...F{i + 1} ...F{i + 1} id}}") + "fragment F20 on Patient{id}");
        yield return Document("10,000 aliases", "400 DOCUMENT_TOO_LARGE", $"{{{Repeat(10_000, i => $"a{i}:__typename ")}}}");
        yield return Document("100 aliases of a look-up", "400 DOCUMENT_TOO_MANY_ALIASES", $"{{{Repeat(100, i => $"a{i}:provider(id:\"{Guid.Empty}\"){{id}} ")}}}");
        yield return Document("50 providers tried at once", "400 DOCUMENT_REPEATS_LOOK_UP", $"{{{Repeat(50, i => $"a{i}:provider(id:\"{Guid.NewGuid()}\"){{id}} ")}}}");
        yield return Document("patients tried through fragments", "400 DOCUMENT_REPEATS_LOOK_UP",
            $"{{...{{...F0}} ...F1 viewer{{id}}}}{Repeat(2, i => $"fragment F{i} on Query{{a{i}:patient(id:\"{Guid.NewGuid()}\"){{records{{totalCount}}}}}}")}");
        yield return Document("a flood of directives", "400 DOCUMENT_TOO_MANY_DIRECTIVES", $"{{viewer{{id {Repeat(500, _ => "@include(if:true)")}}}}}");
        yield return Document("fragments within fragments", "400 DOCUMENT_TOO_DEEP", $"{{{Repeat(1_300, _ => "...{")}__typename{Repeat(1_300, _ => "}")}}}");
        yield return Document("introspection in circles", "400 INTROSPECTION_TOO_DEEP", "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}");
        yield return Document("a fragment that is its own", "400 FRAGMENT_CYCLE", "{viewer{patient{...A}}} fragment A on Patient{...A}");
        yield return Document("900 unknown fields", "400 VALIDATION_FAILED", $"{{{Repeat(900, i => $"viewe{i} ")}}}");
        yield return Document("a list of 150,000 values in variables", "400 TOO_MANY_VARIABLE_VALUES", "query($w:RecordFilter){viewer{patient{records(where:$w){totalCount}}}}", $$$"""{"w":{"classes":[{{{Repeat(150_000, _ => "\"IMAGING\",")}}}"IMAGING"]}}""");
        yield return Body("10,000 levels of JSON", "400 BAD_REQUEST", Encoding.UTF8.GetBytes($$$"""{"query":"{viewer{id}}","variables":{"a":{{{Repeat(10_000, _ => "[")}}}{{{Repeat(10_000, _ => "]")}}}}}"""));
        yield return Body("1,000 requests in one", "400 BATCHING_NOT_SUPPORTED", Encoding.UTF8.GetBytes($"[{Repeat(999, _ => "{\"query\":\"{viewer{id}}\"},")}{{\"query\":\"{{viewer{{id}}}}\"}}]"));
        yield return Body("bytes that are no UTF-8", "400 BAD_REQUEST", [.. "{\"query\":\"{viewer{id}} #"u8, 0xC3, 0x28, 0xFF, .. "\"}"u8]);
        yield return Body("17 MiB", "413 BODY_TOO_LARGE", new byte[17 << 20]);
    }

    public IEnumerable<Attack> OfForms()
    {
        yield return _answered.Of("a form of another site", "415 UNSUPPORTED_MEDIA_TYPE", () => Answered.GraphQL(ana.Token, "query=mutation{signOutEverywhere}"u8.ToArray(), "application/x-www-form-urlencoded"));
        yield return _answered.Of("a simple request of another site", "415 UNSUPPORTED_MEDIA_TYPE", () => Answered.GraphQL(ana.Token, Answered.Query("{viewer{id}}"), "text/plain"));
        yield return _answered.Of("a command in a link", "405 MUTATION_BY_GET", () => Answered.Bearing(
            new HttpRequestMessage(HttpMethod.Get, $"graphql?query={Uri.EscapeDataString($"mutation{{revokeConsent(input:{{commandId:\"{Guid.NewGuid()}\",patient:\"{ana.Id}\",consent:\"{Guid.NewGuid()}\"}}){{consent{{id}}}}}}")}"), ana.Token));
        yield return _answered.Of("signing in from another site's form", "400", () => new HttpRequestMessage(HttpMethod.Post, "account/sign-in") { Content = Form(("email", "a@example.org"), ("password", "x")) });
        yield return _answered.Of("a consent given from another site's form", "400", () => new HttpRequestMessage(HttpMethod.Post, "connect/authorize") { Content = Form(("decision", "allow")) });
        yield return _answered.Of("a redirect elsewhere", "400", () => new HttpRequestMessage(
            HttpMethod.Get, $"connect/authorize?client_id={TestApps.Diary}&response_type=code&redirect_uri={Uri.EscapeDataString("https://elsewhere.example/")}&code_challenge={new string('a', 43)}&code_challenge_method=S256&scope=openid"));
        yield return _answered.Of("a host of the attacker's", "200", () =>
        {
            var request = new HttpRequestMessage(HttpMethod.Get, ".well-known/openid-configuration");
            request.Headers.Host = "elsewhere.example";
            return request;
        });
    }

    public IEnumerable<Attack> OfRecords()
    {
        const string Add = "mutation($p:ID!,$c:ID!,$r:FhirJson){addRecord(input:{commandId:$c,patient:$p,resource:$r}){count errors{code message place}}}";
        const string Import = "mutation($p:ID!,$c:ID!,$r:FhirJson){importBundle(input:{commandId:$c,patient:$p,bundle:$r}){count errors{code message place}}}";
        yield return Resource("markup that names a file", "200 INVALID", Add, """{"resourceType":"Patient","text":{"status":"generated","div":"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><div xmlns='http://www.w3.org/1999/xhtml'>&x;</div>"}}""");
        yield return Resource("100,000 levels of markup", "200 INVALID", Add, $$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{{{Repeat(100_000, _ => "<b>")}}}</div>"}}""");
        yield return Resource("a NUL in a text", "200 INVALID", Add, """{"resourceType":"Observation","status":"final","code":{"text":"x\u0000"}}""");
        yield return Resource("half a character", "200 INVALID", Add, """{"resourceType":"Observation","status":"final","code":{"text":"x\ud800"}}""");
        yield return Resource("a resource with 10,000 levels", "400 BAD_REQUEST", Add, $$"""{"resourceType":"Observation","extension":{{Repeat(10_000, _ => "[")}}{{Repeat(10_000, _ => "]")}}}""");
        const string Entry = """{"resource":{"resourceType":"Patient"}}""";
        yield return Resource("50,000 entries", "200 LIMIT_EXCEEDED", Import, $$"""{"resourceType":"Bundle","type":"collection","entry":[{{Repeat(50_000, _ => $"{Entry},")}}{{Entry}}]}""");
        yield return _answered.Of("an export with what nobody knows", "422 invalid", () => Answered.Bearing(new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{ana.Id}/$everything?_include=*"), ana.Token));
        yield return _answered.Of("a cursor of one's own making", "422 invalid", () => Answered.Bearing(new HttpRequestMessage(HttpMethod.Get, $"fhir/Patient/{ana.Id}/$everything?after=r:9999999999999999999:x"), ana.Token));
    }

    public IEnumerable<Attack> OfSamples()
    {
        yield return Sample("a bomb of gzip", "413 Body too large", IngestionTestServer.Gzip(new byte[64 << 20]), gzip: true);
        yield return Sample("no gzip", "400 Malformed body", "junk"u8.ToArray(), gzip: true);
        yield return Sample("10,000 levels of JSON in a batch", "400 Malformed body", Encoding.UTF8.GetBytes("{\"samples\":" + new string('[', 10_000)));
        yield return Sample("10,001 samples", "413 Too many samples", Encoding.UTF8.GetBytes(IngestionTestServer.Body(IngestionTestServer.HeartRates(10_001))));
        yield return Sample("a number without end", "400 Malformed body", Encoding.UTF8.GetBytes("{\"samples\":[{\"value\":" + new string('9', 1 << 20)));
        yield return _answered.Of("a call without a name", "401 Not signed by a device", Nameless);
        yield return _answered.Of("a name without end", "400 Missing key", () => Samples("{}"u8.ToArray(), new string('k', 300), gzip: false));
        yield return _answered.Of("a bearer token in the place of a signature", "401 Not signed by a device", () => Answered.Bearing(
            new HttpRequestMessage(HttpMethod.Post, SamplesEndpoint.Path.TrimStart('/')) { Content = new ByteArrayContent("{}"u8.ToArray()) }, watch.Token));
    }

    public async Task<IReadOnlyList<Attack>> OfTokensAsync()
    {
        var key = (await hrms.HostAsync()).Services.GetRequiredService<DevelopmentIssuer>().Key;
        var good = await hrms.TokenAsync(patient: ana.Id);
        var (header, payload) = (good.Split('.')[0], good.Split('.')[1]);
        var confused = $"{Base64UrlEncoder.Encode("""{"alg":"HS256","typ":"JWT"}""")}.{payload}";
        using var person = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var (code, tokens) = (await app.IsAllowedAsync(person), await new OAuthApp(hrms).IsConnectedAsync(person));
        var given = await app.ExchangesAsync(code);
        await app.RefreshesAsync(given.Refresh);
        return
        [
            Token("no signature (alg none)", $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{payload}."),
            Token("the public key as a shared secret", $"{confused}.{Base64UrlEncoder.Encode(HMACSHA256.HashData(((ECDsaSecurityKey)key).ECDsa.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(confused)))}"),
            Token("another's claims under one's own signature", $"{header}.{(await hrms.TokenAsync(isOperator: true)).Split('.')[1]}.{good.Split('.')[2]}"),
            Token("an expired one", new JsonWebTokenHandler().CreateToken(Descriptor(key, DevelopmentIssuer.Audience, -1))),
            Token("one for another server", new JsonWebTokenHandler().CreateToken(Descriptor(key, "urn:hrms:elsewhere", 1))),
            Token("one of a foreign key", new JsonWebTokenHandler().CreateToken(Descriptor(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), DevelopmentIssuer.Audience, 1))),
            Token("an identity token", tokens.Body.GetProperty("id_token").GetString()!),
            Token("a refresh token", tokens.Refresh),
            Token("10,000 dots", new string('.', 10_000)),
            _answered.Of("a token of 100 kB", "431", () => Answered.GraphQL(new string('a', 100_000), Answered.Query("{viewer{id}}")), 100_000),
            Exchange("a code that was used", ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", TestApps.Redirect), ("client_id", TestApps.Diary), ("code_verifier", new string('a', 43))),
            Exchange("a refresh token that was used", ("grant_type", "refresh_token"), ("refresh_token", given.Refresh), ("client_id", TestApps.Diary)),
            Exchange("a refresh token by another app", ("grant_type", "refresh_token"), ("refresh_token", tokens.Refresh), ("client_id", TestApps.Other)),
        ];
    }

    public IEnumerable<Attack> OfSockets()
    {
        yield return new("a message of 10 MiB", "1009", 10 << 20, () => hrms.UnlessTimeLeapsAsync(async () =>
        {
            await using var client = await ConnectAsync(initialise: true);
            try
            {
                await client.SendTextAsync(new string(' ', 10 << 20));
            }
            catch (WebSocketException)
            {
                // The server does not wait for the end of it.
            }
            return $"{await client.ClosedWithAsync()}";
        }, ended => ended == "4403"));
        yield return new("a subscription of nobody", "4401", 100, async () =>
        {
            await using var client = await ConnectAsync(initialise: false);
            await client.SubscribeAsync("1", "{viewer{id}}");
            return $"{await client.ClosedWithAsync()}";
        });
        yield return new("a token that is none", "4403", 100, async () =>
        {
            await using var client = await ConnectAsync(initialise: false);
            await client.SendAsync(new { type = "connection_init", payload = new { Authorization = "Bearer junk" } });
            return $"{await client.ClosedWithAsync()}";
        });
        yield return new("a page of another site", "403", 100, async () =>
        {
            try
            {
                await using var client = await SocketClient.ConnectAsync(Address, "https://elsewhere.example");
                return "taken";
            }
            catch (WebSocketException refused)
            {
                return refused.Message.Contains("403", StringComparison.Ordinal) ? "403" : refused.Message;
            }
        });
    }

    private string Address => new Uri(hrms.Http.BaseAddress!, "graphql").ToString();

    /// <summary>With a token of now: other tests move the clock.</summary>
    private async Task<SocketClient> ConnectAsync(bool initialise) =>
        await SocketClient.ConnectAsync(Address, initialise: initialise, payload: new { authorization = $"Bearer {await hrms.TokenAsync(patient: ana.Id)}" });

    private Attack Document(string name, string ends, string query, string variables = "{}") => Body(name, ends, Answered.Query(query, variables));

    private Attack Body(string name, string ends, byte[] body) => _answered.Of(name, ends, () => Answered.GraphQL(ana.Token, body), body.Length);

    private Attack Resource(string name, string ends, string mutation, string resource) => _answered.Of(
        name, ends, () => Answered.GraphQL(ana.Token, Answered.Query(mutation, $$"""{"p":"{{ana.Id}}","c":"{{Guid.NewGuid()}}","r":{{resource}}}""")), resource.Length);

    private Attack Token(string name, string token) => _answered.Of(name, "401 UNAUTHENTICATED", () => Answered.GraphQL(token, Answered.Query("{viewer{id}}")), token.Length);

    private Attack Exchange(string name, params (string, string)[] fields) =>
        _answered.Of(name, "400 invalid_grant", () => new HttpRequestMessage(HttpMethod.Post, "connect/token") { Content = Form(fields) });

    private Attack Sample(string name, string ends, byte[] body, bool gzip = false) => _answered.Of(name, ends, () => Samples(body, $"{Guid.NewGuid()}", gzip), body.Length);

    private HttpRequestMessage Samples(byte[] body, string name, bool gzip) =>
        watch.SignedUpload(body, name, gzip ? watch.Sign() with { Components = [.. watch.Sign().Components, "content-encoding"] } : watch.Sign(), gzip: gzip);

    private HttpRequestMessage Nameless()
    {
        var request = Samples("{}"u8.ToArray(), "name", gzip: false);
        request.Headers.Remove(IdempotencyKey.Header);
        return request;
    }

    private SecurityTokenDescriptor Descriptor(SecurityKey key, string audience, int hours) => new()
    {
        Issuer = DevelopmentIssuer.Issuer, Audience = audience, TokenType = "JWT", SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-3), Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(hours),
        Claims = TokenCommand.Claims(ana.Id, null, null, null, false)!.ToDictionary(claim => claim.Type, claim => (object)claim.Value),
    };

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));

    private static string Repeat(int count, Func<int, string> part) => new StringBuilder().AppendJoin("", Enumerable.Range(0, count).Select(part)).ToString();
}
