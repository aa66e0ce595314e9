using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Identity;

/// <summary>Adding a passkey and signing in with it, as the page's script does it.</summary>
public static class Passkeys
{
    /// <summary>A new authenticator's passkey, added by who is signed in.</summary>
    public static async Task<VirtualPasskey> AddsPasskeyAsync(this HrmsFixture hrms, Person person)
    {
        var passkey = await hrms.AuthenticatorAsync();
        Assert.True((await person.TriesToAddAsync(passkey)).Says("Remove this passkey"), person.Browser.Page.Html);
        return passkey;
    }

    public static async Task<PageShown> TriesToAddAsync(this Person person, VirtualPasskey passkey)
    {
        await person.Browser.GoesToAsync("/account/passkeys");
        var question = JsonElement.Parse(await person.Browser.FetchesAsync("/account/passkeys", "/account/passkeys/options"));
        return await person.Browser.SendsAsync("/account/passkeys", ("credential", passkey.Creates(question)));
    }

    public static async Task<PageShown> SignsInAsync(this Browser browser, VirtualPasskey passkey) =>
        await browser.SendsAsync("/account/sign-in/passkey", ("credential", passkey.Gets(await browser.PasskeyQuestionAsync())));

    public static async Task<JsonElement> PasskeyQuestionAsync(this Browser browser)
    {
        await browser.GoesToAsync("/account/sign-in");
        return JsonElement.Parse(await browser.FetchesAsync("/account/sign-in/passkey", "/account/sign-in/passkey/options"));
    }
}
