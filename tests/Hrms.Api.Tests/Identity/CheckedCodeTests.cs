using Hrms.Api.Identity.Recovery;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Identity;

/// <summary>What people print and type: read back whatever they did with case and blanks, and slips are noticed.</summary>
public sealed class CheckedCodeTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(16, 7)]
    [InlineData(11, 5)]
    public void Written_IsGroupsOfFour_AndIsReadAgain(int bytes, int groups)
    {
        var random = Seed.Random(output);
        for (var i = 0; i < 200; i++)
        {
            var secret = new byte[bytes];
            random.NextBytes(secret);
            var text = CheckedCode.Write(secret);
            Assert.All(text.Split('-'), group => Assert.Equal(4, group.Length));
            Assert.Equal(groups, text.Split('-').Length);
            Assert.Equal(secret, CheckedCode.Read(text, bytes));
            Assert.Equal(secret, CheckedCode.Read($" {text.ToLowerInvariant().Replace('-', ' ').Replace('0', 'o').Replace('1', 'l')} ", bytes));
            Assert.Null(CheckedCode.Read(text, bytes + 5));
        }
    }

    [Fact]
    public void OneWrongLetter_OrTwoThatChangedPlaces_AreNoticed_AllButAFew()
    {
        var random = Seed.Random(output);
        var (tried, noticed) = (0, 0);
        for (var i = 0; i < 2_000; i++)
        {
            var secret = new byte[16];
            random.NextBytes(secret);
            var letters = CheckedCode.Write(secret).Replace("-", "", StringComparison.Ordinal).ToCharArray();
            var at = random.Next(letters.Length - 1);
            if (letters[at] == letters[at + 1])
                continue;
            (letters[at], letters[at + 1]) = (letters[at + 1], letters[at]);
            (tried, noticed) = (tried + 1, noticed + (CheckedCode.Read(new string(letters), 16) is null ? 1 : 0));
        }
        Assert.True(noticed > tried * 0.99, $"{noticed} of {tried}");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("ABCD-EFGH")]
    [InlineData("UUUU-UUUU-UUUU-UUUU-UUUU-UUUU-UUUU")]
    public void SomethingElse_IsNothing(string? text) => Assert.Null(CheckedCode.Read(text, 16));
}
