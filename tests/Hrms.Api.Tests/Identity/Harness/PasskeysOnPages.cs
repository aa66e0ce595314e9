using System.Text.Json;
using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Identity;

/// <summary>What the pages' script does with an authenticator.</summary>
internal static class PasskeysOnPages
{
    /// <summary>Somebody who made an account without any password, and is signed in.</summary>
    public static async Task<(Person Person, VirtualPasskey Passkey)> WithAPasskeyAloneAsync(this HrmsFixture hrms)
    {
        var (person, passkey) = (new Person(hrms, await Browser.OpenAsync(hrms)), await hrms.AuthenticatorAsync());
        await person.SignsUpAsync();
        var page = await person.ConfirmsAsync(passkey);
        Assert.True(page.Title == "Your account", page.Html);
        return (person, passkey);
    }

    /// <summary>Follows the link of the newest mail, and chooses a passkey.</summary>
    public static async Task<PageShown> ConfirmsAsync(this Person person, VirtualPasskey passkey)
    {
        await person.Browser.GoesToAsync(person.NewestLink("/account/confirm"));
        var question = JsonElement.Parse(await person.Browser.FetchesAsync("/account/confirm/passkey", "/account/confirm/passkey/options"));
        return await person.Browser.SendsAsync("/account/confirm/passkey", ("credential", passkey.Creates(question)));
    }

    public static async Task<VirtualPasskey> AddsPasskeyAsync(this Person person, HrmsFixture hrms, string shown = "Remove this passkey")
    {
        var passkey = await hrms.AuthenticatorAsync();
        Assert.True((await person.TriesToAddAsync(passkey)).Says(shown), person.Browser.Page.Html);
        return passkey;
    }

    public static async Task<PageShown> TriesToAddAsync(this Person person, VirtualPasskey passkey)
    {
        await person.Browser.GoesToAsync("/account/passkeys");
        var question = JsonElement.Parse(await person.Browser.FetchesAsync("/account/passkeys", "/account/passkeys/options"));
        return await person.Browser.SendsAsync("/account/passkeys", ("credential", passkey.Creates(question)));
    }

    public static async Task<PageShown> RemovesAsync(this Person person, VirtualPasskey passkey)
    {
        await person.Browser.GoesToAsync("/account/passkeys");
        return await person.Browser.SendsAsync("/account/passkeys/remove", ("id", passkey.CredentialId));
    }

    public static async Task<PageShown> SignsInAsync(this Browser browser, VirtualPasskey passkey) =>
        await browser.SendsAsync("/account/sign-in/passkey", ("credential", passkey.Gets(await browser.QuestionAsync())));

    /// <summary>On the page of the sign-in that is open now, which may lead on to somewhere.</summary>
    public static async Task<PageShown> SignsInAsync(this Person person, VirtualPasskey passkey) => await person.Browser.SendsAsync(
        "/account/sign-in/passkey", ("credential", passkey.Gets(JsonElement.Parse(await person.Browser.FetchesAsync("/account/sign-in/passkey", "/account/sign-in/passkey/options")))));

    public static async Task<JsonElement> QuestionAsync(this Browser browser)
    {
        await browser.GoesToAsync("/account/sign-in");
        return JsonElement.Parse(await browser.FetchesAsync("/account/sign-in/passkey", "/account/sign-in/passkey/options"));
    }
}
