using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Pages;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Identity;

/// <summary>Pages and mails speak the language of the browser, and no word of theirs is out of a translator's reach.</summary>
[Collection(nameof(TimeTravel))]
public sealed class WordsTests(HrmsFixture hrms)
{
    private static readonly ResourceManager Resources = new(typeof(Words));

    [Fact]
    public void EveryLanguage_SaysEverything_WithTheSamePlacesForNames()
    {
        var english = Of(CultureInfo.InvariantCulture);
        Assert.True(english.Count > 100);
        foreach (var language in Words.Languages.Skip(1))
        {
            var other = Of(language);
            Assert.Equal(english.Keys.Order(StringComparer.Ordinal), other.Keys.Order(StringComparer.Ordinal));
            Assert.All(english, word => Assert.Equal(Places(word.Value), Places(other[word.Key])));
            Assert.DoesNotContain(other, word => word.Value.Length > 8 && word.Value == english[word.Key]);
        }
    }

    [Theory]
    [InlineData("de", "de", "Anmelden"), InlineData("de-AT,de;q=0.9,en;q=0.5", "de", "Anmelden"), InlineData("fr,en;q=0.5", "en", "Sign in"), InlineData("ja", "en", "Sign in"), InlineData("nonsense;;;", "en", "Sign in")]
    public async Task APage_SpeaksTheBrowsersLanguage_OrEnglish_AndSaysWhich(string accepted, string language, string title)
    {
        using var browser = await Browser.OpenAsync(hrms);
        browser.Speaks(accepted);
        var page = await browser.GoesToAsync("/account/sign-in");
        Assert.Equal(title, page.Title);
        Assert.Contains($"<html lang=\"{language}\">", page.Html, StringComparison.Ordinal);
        Assert.Equal([language], page.Response.Content.Headers.ContentLanguage);
    }

    [Fact]
    public async Task WhoSpeaksGerman_GetsMailsInGerman()
    {
        using var browser = await Browser.OpenAsync(hrms);
        browser.Speaks("de");
        var ana = new Person(hrms, browser);
        Assert.Equal("Sehen Sie in Ihre E-Mails", (await ana.SignsUpAsync()).Title);
        Assert.Contains("Bestätigen Sie innerhalb eines Tages", Assert.Single(ana.Mails()), StringComparison.Ordinal);
        Assert.Equal("Willkommen", (await ana.ConfirmsAsync()).Title);
    }

    [Fact]
    public async Task NoPage_AndNoMail_HasAWordOfItsOwn()
    {
        using var browser = await Browser.OpenAsync(hrms);
        browser.Speaks(PseudoLanguage.Tag);
        var ana = new Person(hrms, browser);
        HashSet<string> seen = [];
        void Look()
        {
            Assert.Empty(PseudoLanguage.WordsOutside(browser.Page.Html));
            seen.Add(browser.Page.Title);
        }
        async Task GoesToAsync(string path)
        {
            await browser.GoesToAsync(path);
            Look();
        }
        async Task SendsAsync(string action, params (string Name, string Value)[] typed)
        {
            await browser.SendsAsync(action, typed);
            Look();
        }

        await GoesToAsync("/account/sign-up");
        await SendsAsync("/account/sign-up", ("email", "nobody"));
        await SendsAsync("/account/sign-up", ("email", ana.Email));
        var confirm = ana.Mails()[0];
        await GoesToAsync(ana.NewestLink("/account/confirm"));
        await SendsAsync("/account/confirm/passkey");
        await SendsAsync("/account/confirm", ("password", "short"));
        await SendsAsync("/account/confirm", ("password", Person.Password));
        await GoesToAsync("/account/confirm?account=x&token=y");
        await ana.SignsUpAsync();
        var ben = new Person(hrms, browser);
        await ben.SignsUpAsync();
        await ben.ConfirmsAsync(await hrms.AuthenticatorAsync());
        Look();
        await GoesToAsync("/account/passkeys");
        await SendsAsync("/account/passkeys/remove");
        await GoesToAsync("/account");
        await SendsAsync("/account/sign-out");
        await GoesToAsync("/account/forgot-password");
        await SendsAsync("/account/forgot-password", ("email", ana.Email));
        await GoesToAsync(ana.NewestLink("/account/new-password"));
        await SendsAsync("/account/new-password", ("password", "short"));
        await SendsAsync("/account/new-password", ("password", Person.Password));
        await GoesToAsync("/account/new-password?account=x&token=y");
        await SendsAsync("/account/new-password", ("password", Person.Password));
        await GoesToAsync("/account/sign-in");
        await SendsAsync("/account/sign-in/passkey");
        await SendsAsync("/account/sign-in", ("email", ana.Email), ("password", "not my password"));
        await SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        await browser.GoesToAsync(new OAuthApp(hrms).Question(("scope", "openid fhirUser launch/patient offline_access account patient/Observation.crus?category=laboratory user/Observation.rs patient/*.rs patient/Basic.rs")));
        Look();
        await browser.SendsAsync("/connect/authorize", ("decision", "allow"));
        await GoesToAsync("/account");
        await GoesToAsync("/account/passkeys");
        await SendsAsync("/account/passkeys");
        await ana.AddsPasskeyAsync(hrms, shown: "⟦Remove this passkey⟧");
        Look();
        await GoesToAsync("/account/authenticator");
        await SendsAsync("/account/authenticator", ("password", "not my password"));
        await SendsAsync("/account/authenticator", ("password", Person.Password));
        var key = AuthenticatorApp.KeyOn(browser.Page.Html);
        await SendsAsync("/account/authenticator/use", ("code", "000000"));
        await SendsAsync("/account/authenticator/use", ("code", AuthenticatorApp.CodeOf(key)));
        await GoesToAsync("/account");
        await SendsAsync("/account/sign-out");
        await GoesToAsync("/account/sign-in");
        await SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        await SendsAsync("/account/second-factor", ("code", "000000"));
        await SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 1)));
        await SendsAsync("/account/sign-out-everywhere");

        await GoesToAsync("/account/device/allowed");
        await GoesToAsync("/account/device/refused");
        await GoesToAsync("/account/invitation?code=nothing");
        await GoesToAsync("/connect/verify");
        await SendsAsync("/account/sign-in", ("email", ana.Email), ("password", Person.Password));
        await SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 2)));
        await SendsAsync("/connect/verify", ("user_code", "000000000000"));

        await GoesToAsync("/account/history");

        // Of whoever is no patient, and of a server that can't write: StaffWordsTests.
        string[] ofOthers = ["NotNow.Title", "ForPatients.Title", "Invitation.Title", "InvitationAccepted.Title"];
        var titles = Of(CultureInfo.InvariantCulture).Where(word => word.Key.EndsWith(".Title", StringComparison.Ordinal) && !ofOthers.Contains(word.Key)).Select(word => $"⟦{word.Value.Replace("{0}", "Health Diary", StringComparison.Ordinal)}⟧");
        Assert.Empty(titles.Except(seen));
        foreach (var mail in ana.Mails())
            Assert.Empty(PseudoLanguage.Left(mail.ReplaceLineEndings("\n").Split("\n\n", 2)[1].Split('\n').Where(line => !line.StartsWith("http", StringComparison.Ordinal))));
        Assert.Equal(3, ana.Mails().Count);
        Assert.Contains("⟦", confirm, StringComparison.Ordinal);
    }

    /// <summary>A way of signing in, and every other line of an account's history.</summary>
    [Fact]
    public void EveryLineOfAHistory_HasItsWords_InEveryLanguage()
    {
        foreach (var act in Enum.GetValues<AccountEventKind>().SelectMany(kind => Enum.GetValues<SignInWay>().Select(way => new AccountAct(kind, Actor.Anyone, way, "Health Diary", 3, DateTimeOffset.UnixEpoch))))
        {
            var english = AccountWords.InEnglish(act);
            Assert.DoesNotContain("Account.", english, StringComparison.Ordinal);
            Assert.EndsWith(".", english, StringComparison.Ordinal);
            foreach (var language in Words.Languages)
                Assert.NotNull(Resources.GetString(act.Kind == AccountEventKind.SignInFailed ? "Account.SignInsFailed" : $"Account.{act.Kind}", language));
        }
        Assert.Equal("Somebody tried to sign in 3 times and did not get in, since 1970-01-01 00:00 UTC.", AccountWords.InEnglish(new AccountAct(AccountEventKind.SignInFailed, Actor.Anyone, Count: 3, Since: DateTimeOffset.UnixEpoch)));
    }

    [Fact]
    public async Task TheHistory_SpeaksTheBrowsersLanguage()
    {
        using var browser = await Browser.OpenAsync(hrms);
        browser.Speaks("de");
        var ana = new Person(hrms, browser);
        await ana.SignsUpAsync();
        await ana.ConfirmsAsync();
        await ana.SignsInAsync();
        var page = await browser.GoesToAsync("/account/history");
        Assert.True(page.Says("Jemand hat sich angemeldet, mit dem Passwort.") && page.Says("Das Konto wurde angelegt"), page.Html);
        Assert.False(page.Says("Somebody"));
    }

    [Fact]
    public void NoPagesSource_HasAWordBetweenItsTags()
    {
        var pages = Directory.GetFiles(Path.Combine(RepositoryFolder.Root, "api", "Identity", "Pages"), "*.razor");
        Assert.True(pages.Length > 15);
        foreach (var page in pages)
        {
            var markup = Regex.Replace(File.ReadAllText(page), @"@code \{.*|@\*.*?\*@|^@\w+ .*?$|@W\[(?:[^\[\]]|\[[^\[\]]*\])*\]", "", RegexOptions.Singleline | RegexOptions.Multiline);
            var words = Regex.Matches(markup, @">([^<>@{}]*)<").Select(text => text.Groups[1].Value).Where(text => text.Any(char.IsLetter)).ToList();
            Assert.True(words.Count == 0, $"{Path.GetFileName(page)}: {string.Join(" | ", words)}");
            Assert.DoesNotMatch(@"\b(?:Title|alt|title|placeholder|aria-label|data-failed|data-not-used)=""[^""@]", markup);
        }
    }

    private static Dictionary<string, string> Of(CultureInfo language) => Resources.GetResourceSet(language, createIfNotExists: true, tryParents: false)!
        .Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!);

    private static string Places(string text) => string.Concat(Regex.Matches(text, @"\{\d\}").Select(place => place.Value).Order());
}
