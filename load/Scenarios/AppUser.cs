using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hrms.Load.Running;
using Hrms.TestKit;

namespace Hrms.Load.Scenarios;

/// <summary>Somebody with an account and three ways to prove it: a password with an authenticator app beside it, and a passkey.</summary>
internal sealed partial class AppUser
{
    private const string Password = "four words, all of mine", SignInPage = "/account/sign-in", PasskeyForm = "/account/sign-in/passkey", QuestionForm = "/connect/authorize";

    /// <summary>The server takes codes of two half minutes before and after its own; one is left for clocks that differ.</summary>
    private const int StepsAhead = 1, StepsBehind = 2;

    private readonly string _email;
    private readonly VirtualPasskey _passkey;
    private readonly string _key;
    private long _lastStep;

    private AppUser(string email, VirtualPasskey passkey, string key, long step) => (_email, _passkey, _key, _lastStep) = (email, passkey, key, step);

    /// <summary>Who they are in the record system, once an app has asked as them.</summary>
    public Guid? Patient { get; set; }

    /// <summary>Sign-ins that were begun, and those that were answered to the end.</summary>
    public int Begun { get; set; } = 1;

    public int Done { get; set; } = 1;

    /// <summary>The refresh token of a sign-in that was used since.</summary>
    public string? UsedRefresh { get; set; }

    /// <summary>Whether the authenticator app shows a code that was not used: each is good once.</summary>
    public bool HasCode => NextStep <= AuthenticatorApp.Step + StepsAhead;

    private long NextStep => Math.Max(_lastStep + 1, AuthenticatorApp.Step - StepsBehind);

    /// <summary>Makes an account page by page, follows the mail's link, signs in, and adds both the passkey and the authenticator app.</summary>
    public static async Task<AppUser> SignUpAsync(Uri server, WebBrowser browser, Outbox outbox, CancellationToken stop)
    {
        var email = $"{Guid.NewGuid():N}@example.org";
        await browser.GoAsync("/account/sign-up", stop);
        await browser.SendAsync("/account/sign-up", stop, ("email", email));
        await browser.GoAsync(outbox.LinkFor(email), stop);
        await browser.SendAsync("/account/confirm", stop, ("password", Password));
        await browser.GoAsync(SignInPage, stop);
        await browser.SendAsync(SignInPage, stop, ("email", email), ("password", Password));

        var passkey = new VirtualPasskey(OriginOf(server));
        await browser.GoAsync("/account/passkeys", stop);
        var question = JsonElement.Parse(await browser.FetchAsync("/account/passkeys", "/account/passkeys/options", stop));
        Expect(await browser.SendAsync("/account/passkeys", stop, ("credential", passkey.Creates(question))), "/account/passkeys/remove");

        await browser.GoAsync("/account/authenticator", stop);
        var shown = await browser.SendAsync("/account/authenticator", stop, ("password", Password));
        var key = AuthenticatorApp.KeyOn(shown.Html);
        var step = AuthenticatorApp.Step;
        var codes = await browser.SendAsync("/account/authenticator/use", stop, ("code", AuthenticatorApp.CodeAt(key, step)));
        return RecoveryCodes().IsMatch(codes.Html) ? new AppUser(email, passkey, key, step) : throw codes.NotExpected("the recovery codes");
    }

    /// <summary>From the page that an app's question led to, to the page that asks whether the app may.</summary>
    public async Task ByPasskeyAsync(WebBrowser browser, Func<string, Func<Task>, Task> timed, CancellationToken stop)
    {
        JsonElement question = default;
        await timed("passkey-options", async () => question = JsonElement.Parse(await browser.FetchAsync(PasskeyForm, "/account/sign-in/passkey/options", stop)));
        // Before the time is taken: what the person's authenticator works is not the server's.
        var credential = _passkey.Gets(question);
        await timed("passkey", async () => Expect(await browser.SendAsync(PasskeyForm, stop, ("credential", credential)), QuestionForm));
    }

    /// <inheritdoc cref="ByPasskeyAsync"/>
    public async Task ByPasswordAsync(WebBrowser browser, Func<string, Func<Task>, Task> timed, CancellationToken stop)
    {
        await timed("password", async () => Expect(await browser.SendAsync(SignInPage, stop, ("email", _email), ("password", Password)), "/account/second-factor"));
        _lastStep = NextStep;
        var code = AuthenticatorApp.CodeAt(_key, _lastStep);
        await timed("second-factor", async () => Expect(await browser.SendAsync("/account/second-factor", stop, ("code", code)), QuestionForm));
    }

    public static void Expect(PageShown page, string form)
    {
        if (WebForm.FieldsOf(page.Html, form) is null)
            throw page.NotExpected($"a page with a form that leads to {form}");
    }

    /// <summary>A passkey belongs to a domain and never to a number: the server calls this machine localhost.</summary>
    private static string OriginOf(Uri server) =>
        new UriBuilder(server) { Host = IPAddress.TryParse(server.Host, out _) ? "localhost" : server.Host }.Uri.GetLeftPart(UriPartial.Authority);

    [GeneratedRegex("<code>.*<code>", RegexOptions.Singleline)]
    private static partial Regex RecoveryCodes();
}
