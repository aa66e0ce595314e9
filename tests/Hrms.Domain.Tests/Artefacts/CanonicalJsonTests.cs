using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;

namespace Hrms.Domain.Tests.Artefacts;

/// <summary>The one form of JSON, by RFC 8785's own rules.</summary>
public sealed class CanonicalJsonTests
{
    [Theory, Trait("Feature", "22")]
    [InlineData("""{ "b" : [ 1, -7, 0 ], "a" : { "z":null, "y":true, "x":false } }""", """{"a":{"x":false,"y":true,"z":null},"b":[1,-7,0]}""")]
    [InlineData("""{"\u20ac":"Euro","\r":"CR","\ufb33":"Hebrew","1":"One","\ud83d\ude00":"Smiley","\u0080":"Control","\u00f6":"o"}""",
        "{\"\\r\":\"CR\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"o\",\"\u20ac\":\"Euro\",\"\ud83d\ude00\":\"Smiley\",\"\ufb33\":\"Hebrew\"}")]
    [InlineData("""["\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"]""", """["€$\u000f\nA'B\"\\\\\"/"]""")]
    [InlineData("-0", "0")]
    [InlineData("[9007199254740991,-9007199254740991]", "[9007199254740991,-9007199254740991]")]
    [InlineData("""["\b\t\f\u001f"]""", """["\b\t\f\u001f"]""")]
    public void Json_IsWrittenInItsOneForm(string given, string canonical) =>
        Assert.Equal(canonical, Encoding.UTF8.GetString(CanonicalJson.Write(JsonNode.Parse(given))));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("9007199254740992")]
    public void ANumberThatIsNotExactEverywhere_IsRefused(string number) => Assert.Throws<JsonException>(() => CanonicalJson.Write(JsonNode.Parse(number)));

    [Fact]
    public void HalfASurrogatePair_IsNeverReplaced() => Assert.ThrowsAny<ArgumentException>(() => CanonicalJson.Write(JsonValue.Create("\ud800")));
}
