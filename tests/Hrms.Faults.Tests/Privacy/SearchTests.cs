namespace Hrms.Faults.Tests.Privacy;

/// <summary>How the search through all that tests make the product say knows what it looks for.</summary>
[Trait("Feature", "85")]
public sealed class SearchTests
{
    [Theory]
    [InlineData("import of quillfeather failed", "Quillfeather")]
    [InlineData("GET /fhir/Patient?name=Marigold%20Quillfeather", "Marigold Quillfeather")]
    [InlineData("name=Quillfeather", "Quillfeather")]
    [InlineData("""{"note":"first\nQuillfeather"}""", "Quillfeather")]
    [InlineData("a birth on 1931-07-23T00:00:00Z", "1931-07-23")]
    [InlineData("O\\u0027Marigold", "O'Marigold")]
    [InlineData("weight 71.8391746 kg", "71.8391746")]
    public void WhatWasSaid_IsFound_HoweverItIsWritten(string line, string said)
    {
        var search = new WordSearch();
        foreach (var form in new[] { said, Uri.EscapeDataString(said), JsonEncodedText.Encode(said).Value })
            search.Add(form, said);
        Assert.Contains(said, search.In(line));
    }

    [Theory]
    [InlineData("Readings of sensors", "Reading")]
    [InlineData("1144054006", "44054006")]
    [InlineData("440540061", "44054006")]
    public void WhatStandsInALongerWordByChance_IsNot(string line, string said)
    {
        var search = new WordSearch();
        search.Add(said, said);
        Assert.Empty(search.In(line));
    }

    [Theory]
    [InlineData("Authorization: Bearer abcdefghijklmnopqrstuv", "bearer")]
    [InlineData("cookie hrms=CfDJ8AbCdEfGhIjKlMnOpQrStUvWxYz012345", "cookie")]
    [InlineData("""{"kty":"EC","d":"AbCdEfGhIjKlMnOpQrStUvWxYz"}""", "jwk")]
    [InlineData("-----BEGIN EC " + "PRIVATE KEY-----", "key")]
    public void ASecret_IsKnownByItsLooks(string line, string kind) => Assert.Contains(kind, SecretShapes.In(line));

    [Fact]
    public void AText_IsFoundInBytesWithoutWords()
    {
        var search = new WordSearch();
        search.Add("Marigold Quillfeather", "name");
        Assert.Empty(search.In("2Marigold Quillfeather"));
        Assert.Equal(["name"], search.In("2Marigold Quillfeather", anywhere: true));
    }
}
