using System.Text;
using Hrms.Api.Fhir;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Fhir;

[Trait("Fault", "F37")]
public class HostileInputTests
{
    private const string Good = """{"resourceType":"Observation","status":"final","code":{"text":"x"}}""";

    [Theory]
    [InlineData("", null)]
    [InlineData("null", null)]
    [InlineData("[]", null)]
    [InlineData("5", null)]
    [InlineData("{\n  \"resourceType\": \"Patient\",\n  \"active\": tru\n}", "line 3, byte 16")]
    [InlineData("{}", "resourceType")]
    [InlineData("""{"resourceType":5}""", "resourceType")]
    [InlineData("""{"resourceType":"Spaceship","id":"a"}""", "resourceType")]
    [InlineData("""{"resourceType":"Parameters"}""", "resourceType")]
    [InlineData("""{"resourceType":"Observation","status":"bogus","code":{"text":"x"}}""", "Observation.status")]
    [InlineData("""{"resourceType":"Observation","code":{"text":"x"}}""", "Observation.status")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"extra":1}""", "Observation.extra")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x\u0000"}}""", "byte 62")]
    [InlineData("""{"resourceType":"Observation","status":"final","code":{"text":"x\ud800"}}""", "byte 62")]
    [InlineData("""{"resourceType":"Bundle"}""", "Bundle.type")]
    [InlineData("""{"resourceType":"Bundle","type":"collection"}""", "Bundle.entry")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[]}""", "Bundle.entry")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":{}}""", "Bundle.entry")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[7]}""", "Bundle.entry[0]")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:oid:2.1"}]}""", "Bundle.entry[0].resource")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":[]}]}""", "Bundle.entry[0].resource")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"id":"a"}}]}""", "Bundle.entry[0].resource.resourceType")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Bundle","type":"collection"}}]}""", "Bundle.entry[0].resource.resourceType")]
    [InlineData("""{"resourceType":"Bundle","type":"collection","surprise":1,"entry":[{"resource":{"resourceType":"Patient","active":true}}]}""", "Bundle.surprise")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","active":true}}]}""", "Bundle.entry[0].request")]
    [InlineData("""{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient","active":true},"request":{"method":"DELETE","url":"Patient/1"}}]}""", "Bundle.entry[0].request.method")]
    public void WrongInput_IsRefusedWithItsPlace(string json, string? place)
    {
        var refusal = Given.Refused(json);

        Assert.Equal((RefusalCode.Invalid, place ?? refusal.Place), (refusal.Code, refusal.Place));
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("document")]
    [InlineData("message")]
    [InlineData("searchset")]
    [InlineData("history")]
    [InlineData("transaction-response")]
    public void Bundle_OfAnotherType_IsRefused(string type) =>
        Assert.Equal("Bundle.type", Given.Refused($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{"resource":{{Good}}}]}""").Place);

    [Fact]
    public void Bundle_WithOneBadEntry_IsRefusedAsAWholeAndNamesTheEntry()
    {
        var refusal = Given.Refused(Given.Transaction(("urn:oid:2.1", Good), ("urn:oid:2.2", Good.Replace("final", "wrong"))));

        Assert.Equal("Bundle.entry[1].resource.status", refusal.Place);
        Assert.Contains("'wrong'", refusal.Message);
    }

    [Fact]
    public void FullUrl_ThatComesTwice_IsRefused() =>
        Assert.Equal("Bundle.entry[1].fullUrl", Given.Refused(Given.Transaction(("urn:oid:2.1", Good), ("urn:oid:2.1", Good))).Place);

    [Fact]
    public void Key_ThatComesTwice_IsRefused() =>
        Assert.Contains("status", Given.Refused("""{"resourceType":"Observation","status":"final","code":{"text":"x"},"status":"final"}""").Message);

    [Fact]
    public void Json_NestedTenThousandDeep_IsRefused()
    {
        Given.Refused(new string('[', 10_000));
        Given.Refused(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)));
    }

    [Fact]
    public void Depth_AtTheLimitIsTaken_OneMoreIsNot()
    {
        var limits = FhirLimits.Default with { Depth = 3 };
        Assert.True(FhirReader.Read(Given.Utf8("""{"resourceType":"Patient","name":[{"family":"a"}]}"""), Given.Command, limits).Succeeded);
        Assert.False(FhirReader.Read(Given.Utf8("""{"resourceType":"Patient","name":[{"given":["a"]}]}"""), Given.Command, limits).Succeeded);
    }

    [Fact]
    public void Bytes_ThatAreNotUtf8_AreRefused()
    {
        byte[] json = [.. Encoding.UTF8.GetBytes("""{"resourceType":"Patient","language":"""), (byte)'"', 0xC3, 0x28, (byte)'"', (byte)'}'];
        Assert.Contains("UTF-8", Given.Refused(json).Message);
        Given.Refused("\0");
        Given.Refused("{\"resourceType\":\"Patient\",\"language\":\"\0\"}");
    }

    [Fact]
    public void ByteOrderMark_IsSkipped() => Given.Accepted('\uFEFF' + Good);

    [Fact]
    public void Entries_FiftyThousand_AreRefusedByTheLimit()
    {
        var entries = string.Join(',', Enumerable.Repeat($$"""{"resource":{{Good}}}""", 50_000));
        var refusal = Given.Refused($$"""{"resourceType":"Bundle","type":"collection","entry":[{{entries}}]}""");

        Assert.Equal((RefusalCode.LimitExceeded, "Bundle.entry"), (refusal.Code, refusal.Place));
    }

    [Fact]
    public void Limits_AreTakenExactlyAndNotExceeded()
    {
        var two = Given.Utf8($$"""{"resourceType":"Bundle","type":"collection","entry":[{"resource":{{Good}}},{"resource":{{Good}}}]}""");
        var entry = $$"""{"resource":{{Good}}}""".Length;
        FhirLimits[] enough = [new(BundleEntries: 2), new(BodySizeBytes: two.Length), new(ResourceSizeBytes: entry), new(ResourceTokens: 15)];
        FhirLimits[] tooFew = [new(BundleEntries: 1), new(BodySizeBytes: two.Length - 1), new(ResourceSizeBytes: entry - 1), new(ResourceTokens: 12)];

        Assert.All(enough, limits => Assert.True(FhirReader.Read(two, Given.Command, limits).Succeeded));
        Assert.All(tooFew, limits => Assert.Equal(RefusalCode.LimitExceeded, Given.Refused(two, limits).Code));
    }

    [Theory]
    [InlineData(100, "x", true)]
    [InlineData(101, "x", false)]
    [InlineData(100_000, "x", false)]
    [InlineData(100_000, "&nbsp;", false)]
    public void Narrative_NestedBeyondTheLimit_IsRefused(int depth, string inner, bool accepted)
    {
        var div = string.Concat(Enumerable.Repeat("<span>", depth - 1)) + inner + string.Concat(Enumerable.Repeat("</span>", depth - 1));

        var outcome = FhirReader.Read(Given.Utf8(WithNarrative(div)), Given.Command);

        Assert.Equal(accepted ? null : "Patient.text.div", outcome.Refusal?.Place);
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<p onclick='alert(1)'>x</p>")]
    [InlineData("<p>not closed")]
    [InlineData("&unknown;")]
    public void Narrative_WithWhatFhirForbids_IsRefused(string inner) =>
        Assert.Equal("Patient.text.div", Given.Refused(WithNarrative(inner)).Place);

    [Fact]
    public void Narrative_WithADocumentType_IsRefused() => Given.Refused(
        """{"resourceType":"Patient","text":{"status":"generated","div":"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><div xmlns='http://www.w3.org/1999/xhtml'>&x;</div>"}}""");

    private static string WithNarrative(string inner) =>
        $$$"""{"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{{{inner}}}</div>"}}""";

    [Fact]
    public void Kind_ThatIsNotExpected_IsRefused()
    {
        Assert.False(FhirReader.ReadBundle(Given.Utf8(Good), Given.Command).Succeeded);
        Assert.False(FhirReader.ReadResource(Given.Utf8(Given.Transaction(("urn:oid:2.1", Good))), Given.Command).Succeeded);
    }
}
