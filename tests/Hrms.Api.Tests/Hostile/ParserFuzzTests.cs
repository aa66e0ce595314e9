using System.Security.Claims;
using System.Text;
using Hrms.Api.Auth;
using Hrms.Api.Fhir;
using Hrms.Api.Fhir.Consents;
using Hrms.Api.Fhir.Everything;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.Identity.OAuth;
using Hrms.Api.Ingestion;
using Hrms.Api.Ingestion.Signatures;
using Hrms.Api.Tests.Ingestion;
using Hrms.Contracts;
using Hrms.Domain.Exports;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Records;
using Hrms.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using static Hrms.TestKit.Fuzzing.ParserFuzz;

namespace Hrms.Api.Tests.Hostile;

/// <summary>Every parser of ours between a wire or a file and the rules: damaged inputs are refused or taken, soon and in little memory, and never a fault. The GraphQL ones: <see cref="GraphQLFuzzTests"/>.</summary>
[Trait("Fault", "F37")]
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const string Observation =
        """{"resourceType":"Observation","id":"a","status":"final","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]},"code":{"coding":[{"system":"http://loinc.org","code":"1-8","display":"x"}]},"subject":{"reference":"Patient/1"},"performer":[{"reference":"Practitioner?identifier=s|v"}],"effectivePeriod":{"start":"2020-02-03","end":"2021"},"valueQuantity":{"value":1.00,"unit":"mg"}}""";

    private const string Person =
        """{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'><p>x &amp; y</p></div>"},"contained":[{"resourceType":"Organization","id":"o","name":"x"}],"name":[{"family":"A","_family":{"extension":[{"url":"http://x.example/e","valueString":"b"}]},"given":["B"]}],"managingOrganization":{"reference":"#o"},"birthDate":"1970-01-01"}""";

    private static readonly PatientId Ana = new(Guid.Parse("00000000-0000-0000-0000-000000000100"));

    [Fact]
    public void FhirResourcesAndBundles() => Run(
        output, [Utf8(Observation), Utf8(Person), Utf8($$"""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:0190aaaa-0000-7000-8000-000000000002","resource":{{Observation}}},{"resource":{{Person}}}]}""")],
        json => FhirReader.Read(json, new CommandId(Ana.Value)).Succeeded);

    [Fact]
    public void FhirConsents() => Run(
        output,
        [
            Utf8("""{"resourceType":"Consent","status":"active","scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},"category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"policy":[{"uri":"http://example.org/policy"}],"provision":{"type":"permit","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT","display":"treatment"}],"securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N","display":"normal"}],"action":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentaction","code":"access","display":"Access"}],"text":"To look"}],"provision":[{"type":"deny","actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},"reference":{"reference":"Practitioner/00000000-0000-0000-0000-000000000007","display":"Dr Lee"}}],"data":[{"meaning":"instance","reference":{"reference":"Observation/00000000-0000-0000-0000-000000000008","display":"HbA1c"}}]}]}}"""),
        ],
        json => ConsentReader.Read(json, Ana).Succeeded);

    [Fact]
    public void FhirTimes() => Run(
        output, [.. new[] { "2020", "2020-02", "2020-02-29", "2020-02-29T08:00:00Z", "2020-02-29T08:00:00.123456789+05:30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00" }.Select(Utf8)],
        bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            _ = (DateReader.Parse(text), FhirTime.ReadStart(text), FhirTime.ReadEnd(text), FhirValidation.IsDate(text), FhirValidation.IsInstant(text));
            return text.Length < 40;
        });

    [Fact]
    public void CodesScopesAndCursors() => Run(
        output,
        [
            .. new[]
            {
                "TREAT", "urn:x|code", "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory", "user/*.cruds", "system/Patient.r", "638763840000000000:0190aaaa000070008000000000000002",
                "-1:0190aaaa000070008000000000000002", "r:638763840000000000:0190aaaa000070008000000000000002", "c:0190aaaa000070008000000000000002", "a:17", "http://loinc.org|1-8",
            }.Select(Utf8),
        ],
        bytes =>
        {
            var text = Encoding.UTF8.GetString(bytes);
            _ = (PurposeOfUse.TryParse(text, out _), ResourceScope.TryParse(text, out _), Cursor.TryParse(text, out _), ExportCursor.TryParse(text));
            return text.Length < 140;
        });

    [Fact]
    public void QuestionsForARecordToTakeAway() => Run(
        output, [Utf8("?_type=Observation,Condition&_since=2020-01-01T00:00:00Z&start=2020-01&end=2021&_count=7&purposeOfUse=TREAT&after=a:17&_format=json"), Utf8("?_count=100")],
        bytes => EverythingParameters.Read(new QueryCollection(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(bytes)))).Succeeded);

    [Fact]
    public void Samples() => Run(
        output,
        [
            Utf8(IngestionTestServer.Body(IngestionTestServer.HeartRates(5))), Utf8("""{"samples":[{"kind":"heart-rate","time":"2026-01-01T00:00:00+05:30","value":1e2,"unit":"/min","note":{"a":[1]}}],"more":null}"""),
        ],
        body => SampleReader.Read(body, lines: false, new CommandId(Ana.Value), out _) is null);

    [Fact]
    public void SampleLines() => Run(
        output, [Utf8(IngestionTestServer.HeartRates(5, "\n")), Utf8(IngestionTestServer.HeartRates(2, "\r\n") + "\n")],
        body => SampleReader.Read(body, lines: true, new CommandId(Ana.Value), out _) is null);

    [Fact]
    public void PackedBodies() => Run(
        output, [IngestionTestServer.Gzip(Utf8(IngestionTestServer.Body(IngestionTestServer.HeartRates(50)))), IngestionTestServer.Gzip(new byte[8_000])],
        bytes =>
        {
            var http = new DefaultHttpContext { Request = { Body = new MemoryStream(bytes), ContentType = "application/json", Headers = { ContentEncoding = "gzip" } } };
            using var body = new SampleBody();
            var problem = body.ReadAsync(http.Request, CancellationToken.None);
            Assert.True(problem.IsCompleted);
            return problem.Result is null;
        });

    [Fact]
    public void Headers() => Run(
        output, [Utf8("application/json; charset=utf-8"), Utf8("application/graphql-response+json;q=0.9, text/event-stream"), Utf8("0190aaaa-0000-7000-8000-000000000002"), Utf8("\"a-key\"")],
        bytes =>
        {
            var text = Encoding.Latin1.GetString(bytes);
            var http = new DefaultHttpContext { Request = { ContentType = text, Headers = { Accept = text, ContentEncoding = text } } };
            _ = (MediaTypes.Negotiate(http.Request), MediaTypes.IsJson(text), MediaTypes.AcceptsHtml(http.Request), SampleBody.IsLines(http.Request), Hrms.Api.Fhir.Endpoints.FhirAnswer.TakesJson(http.Request));
            return IdempotencyKey.Command(text, new DeviceId(Ana.Value)) is not null || text.Length < 100;
        });

    [Fact]
    public void SignaturesOfDevices() => Run(
        output,
        [
            Utf8($"sig1=(\"@method\" \"@path\" \"content-digest\");created=1700000000;keyid=\"a\";alg=\"ecdsa-p256-sha256\"\nsig1=:{Convert.ToBase64String(new byte[64])}:\nsha-256=:{Convert.ToBase64String(new byte[32])}:"),
        ],
        bytes =>
        {
            var lines = Encoding.Latin1.GetString(bytes).Split('\n');
            var signature = MessageSignature.Read(lines[0], lines.ElementAtOrDefault(1));
            _ = (signature?.BaseOf(name => name), ContentDigest.Sha256Of(lines.ElementAtOrDefault(2)), EnrolmentCode.TryParse(lines[0], out _));
            return signature is not null;
        });

    [Fact]
    public void ClaimsOfTokens() => Run(
        output,
        [
            Utf8("patient|0190aaaa-0000-7000-8000-000000000002|TREAT|account|1700000000|"), Utf8("practitioner|0190aaaa-0000-7000-8000-000000000002|{\"system\":\"http://x.example\",\"code\":\"A\"}|user/Observation.rs|1|json"),
            Utf8("patient|0190aaaa-0000-7000-8000-000000000002||patient/*.rs patient/Observation.cruds openid|-5|"),
        ],
        bytes =>
        {
            var parts = Encoding.UTF8.GetString(bytes).Split('|');
            string Part(int i) => i < parts.Length ? parts[i] : "";
            List<Claim> claims = [new(HrmsClaims.Role, Part(0)), new(HrmsClaims.Scope, Part(3)), new(HrmsClaims.Epoch, Part(4)), new(JwtRegisteredClaimNames.Iat, Part(4)), new(JwtRegisteredClaimNames.AuthTime, Part(4))];
            foreach (var id in new[] { HrmsClaims.Patient, HrmsClaims.Practitioner, "sub" })
                claims.Add(new(id, Part(1)));
            // How the handlers of tokens hand on what is an object in the token.
            if (Part(2).Length > 0 && (!Part(2).StartsWith('{') || IsJson(Part(2))))
                claims.Add(new(HrmsClaims.PurposeOfUse, Part(2), Part(2).StartsWith('{') ? JsonClaimValueTypes.Json : ClaimValueTypes.String));
            var user = new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));
            _ = TokenScope.Of(user);
            return CurrentAsker.ActorOf(user) is not null && CurrentAsker.Of(user) is not null;
        });

    [Fact]
    public void FilesOfApps()
    {
        using var folder = new TemporaryFolder();
        new Identity.TestApps().Write(folder.Path);
        var path = folder["oauth-clients.json"];
        Run(
            output, [File.ReadAllBytes(path)],
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                return ClientsFile.Read(path).Select(client => client.ToDescriptor()).ToList().Count > 0;
            },
            typeof(ClientsFileException));
    }

    [Fact]
    public void SignaturesOfPasskeys() => Run(
        output, [PasskeyAnswer("""{"type":"webauthn.get","challenge":"AAAA","origin":"https://records.example","crossOrigin":false}""")],
        bytes =>
        {
            var parts = Encoding.Latin1.GetString(bytes).Split('|', 2);
            var signature = PasskeySignature.Of(new PasskeyAssertion(new byte[40], Encoding.Latin1.GetBytes(parts[0]), parts.Length > 1 ? Encoding.Latin1.GetBytes(parts[1]) : []));
            _ = (signature?.Problem(new byte[3], new byte[32], new byte[32]), signature?.ProblemWith(new RelyingParty("records.example", "https://records.example")));
            return signature is not null;
        });

    private static byte[] PasskeyAnswer(string client) => [.. Encoding.ASCII.GetBytes(client), (byte)'|', 0x30, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x07];

    private static bool IsJson(string text)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(text);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
