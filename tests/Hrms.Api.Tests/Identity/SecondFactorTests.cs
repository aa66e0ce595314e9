using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>A password alone is no way in any more once there is an authenticator app; a lost one is made up for by a recovery code, once.</summary>
[Collection(nameof(TimeTravel))]
public sealed class SecondFactorTests(HrmsFixture hrms)
{
    [Fact]
    public async Task WithAnAuthenticator_ThePasswordAloneIsNoWayIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (key, _) = await AddsAuthenticatorAsync(ana);
        await ana.Browser.GoesToAsync("/account");
        await ana.Browser.SendsAsync("/account/sign-out");

        Assert.Equal("One more step", (await ana.SignsInAsync()).Title);
        Assert.Equal("Sign in", (await ana.Browser.GoesToAsync("/account")).Title);
        await ana.SignsInAsync();
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", CodeOf(key, later: 1)))).Title);
    }

    /// <summary>RFC 6238, section 5.2: who read it over a shoulder comes too late.</summary>
    [Fact]
    public async Task ACodeOfTheApp_IsGoodOnce_AndTheNextOneIsGood()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (key, _) = await AddsAuthenticatorAsync(ana);
        var code = CodeOf(key, later: 1);
        await ana.SignsInAsync();
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", code))).Title);

        using var thief = await Browser.OpenAsync(hrms);
        await thief.GoesToAsync("/account/sign-in");
        await thief.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        Assert.Equal("One more step", (await thief.SendsAsync("/account/second-factor", ("code", code))).Title);
        Assert.Equal("One more step", (await thief.SendsAsync("/account/second-factor", ("code", $"{code[..3]} {code[3..]}"))).Title);
        Assert.Equal("Your account", (await thief.SendsAsync("/account/second-factor", ("code", CodeOf(key, later: 2)))).Title);
    }

    /// <summary>Two who come with it at once are still two.</summary>
    [Fact]
    public async Task OfManyWhoComeWithOneCodeAtOnce_OneGetsIn()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (key, _) = await AddsAuthenticatorAsync(ana);
        var browsers = new List<Browser>();
        for (var i = 0; i < 4; i++)
        {
            browsers.Add(await Browser.OpenAsync(hrms));
            await browsers[i].GoesToAsync("/account/sign-in");
            await browsers[i].SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        }
        var code = CodeOf(key, later: 1);
        var pages = await Task.WhenAll(browsers.Select(browser => browser.SendsAsync("/account/second-factor", ("code", code))));
        browsers.ForEach(browser => browser.Dispose());
        Assert.Single(pages, page => page.Title == "Your account");
    }

    [Fact]
    public async Task RecoveryCode_IsAWayIn_Once()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var (_, codes) = await AddsAuthenticatorAsync(ana);

        await ana.SignsInAsync();
        Assert.Equal("Your account", (await ana.Browser.SendsAsync("/account/second-factor", ("code", codes[0]))).Title);
        await ana.SignsInAsync();
        Assert.Equal("One more step", (await ana.Browser.SendsAsync("/account/second-factor", ("code", codes[0]))).Title);
    }

    [Fact]
    public async Task TheKey_IsShownForThePasswordAlone_AndUsingItEndsWhatWasGivenBefore()
    {
        using var ana = await Person.SignedInAsync(hrms);
        var app = new OAuthApp(hrms);
        var tokens = await app.IsConnectedAsync(ana);
        await ana.Browser.GoesToAsync("/account/authenticator");
        Assert.DoesNotContain("<code>", (await ana.Browser.SendsAsync("/account/authenticator", ("password", "not my password"))).Html, StringComparison.Ordinal);

        await AddsAuthenticatorAsync(ana);
        Assert.Equal("Your account", (await ana.Browser.GoesToAsync("/account")).Title);
        Assert.Equal("invalid_grant", (await app.RefreshesAsync(tokens.Refresh)).Error);
    }

    private static async Task<(string Key, IReadOnlyList<string> Codes)> AddsAuthenticatorAsync(Person person)
    {
        await person.Browser.GoesToAsync("/account/authenticator");
        var key = KeyOf(await person.Browser.SendsAsync("/account/authenticator", ("password", Person.Password)));
        var page = await person.Browser.SendsAsync("/account/authenticator/use", ("code", CodeOf(key)));
        Assert.Equal("Keep these codes", page.Title);
        return (key, [.. Regex.Matches(page.Html, "<code>(.*?)</code>").Select(match => match.Groups[1].Value)]);
    }

    private static string KeyOf(PageShown page) => Regex.Match(page.Html, "<code>(.*?)</code>").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>What an authenticator app shows (RFC 6238), by the machine's clock as Identity has it.</summary>
    /// <param name="later">How many steps of half a minute: an app whose clock goes fast, which is taken for two of them.</param>
    private static string CodeOf(string key, int later = 0)
    {
        var step = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + later);
        var hash = HMACSHA1.HashData(FromBase32(key), step);
        var at = hash[^1] & 0xf;
        return $"{(BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(at)) & 0x7fffffff) % 1_000_000:D6}";
    }

    private static byte[] FromBase32(string text)
    {
        List<byte> bytes = [];
        var (bits, value) = (0, 0);
        foreach (var letter in text.TrimEnd('='))
        {
            (value, bits) = ((value << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter), bits + 5);
            if (bits < 8)
                continue;
            bits -= 8;
            bytes.Add((byte)(value >> bits));
            value &= (1 << bits) - 1;
        }
        return [.. bytes];
    }
}
