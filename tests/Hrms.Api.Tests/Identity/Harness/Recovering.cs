using System.Text.Json;
using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Identity;

/// <summary>Naming guardians, printing a sheet, and getting a lost account back, page by page.</summary>
public static class Recovering
{
    /// <summary>Somebody with an account of their own who became a guardian of the person's.</summary>
    public static async Task<Person> GuardianAsync(this HrmsFixture hrms, Person of, string name)
    {
        var guardian = await Person.SignedInAsync(hrms);
        await of.InvitesAsync(guardian, name);
        Assert.Equal("You are a guardian now", (await guardian.AcceptsAsync()).Title);
        return guardian;
    }

    public static async Task<PageShown> InvitesAsync(this Person person, Person guardian, string name)
    {
        await person.Browser.GoesToAsync("/account/recovery");
        return await person.Browser.SendsAsync("/account/recovery/guardians", ("name", name), ("email", guardian.Email));
    }

    /// <summary>Follows the link of the newest invitation.</summary>
    public static async Task<PageShown> AcceptsAsync(this Person guardian)
    {
        await guardian.Browser.GoesToAsync(guardian.NewestLink("/account/guardian"));
        return await guardian.Browser.SendsAsync("/account/guardian");
    }

    /// <summary>Signs in, and types in the code that somebody read out.</summary>
    public static async Task<PageShown> ApprovesAsync(this Person guardian, string code)
    {
        await guardian.SignsInAsync();
        await guardian.Browser.GoesToAsync("/account/recovery");
        return await guardian.Browser.SendsAsync("/account/recovery/approve", ("code", code));
    }

    /// <summary>The sheet's letters.</summary>
    public static async Task<string> PrintsSheetAsync(this Person person)
    {
        await person.Browser.GoesToAsync("/account/recovery");
        return Code(await person.Browser.SendsAsync("/account/recovery/sheet"));
    }

    /// <summary>The code that a browser shows, to be read out to guardians.</summary>
    public static async Task<string> AsksForCodeAsync(this Browser browser) => Code(await browser.GoesToAsync("/account/recover/guardians"));

    public static async Task<PageShown> ComesBackAsync(this Browser browser, string email)
    {
        await browser.GoesToAsync("/account/recover/guardians");
        return await browser.SendsAsync("/account/recover/guardians", ("email", email));
    }

    public static async Task<PageShown> ShowsSheetAsync(this Browser browser, string email, string sheet)
    {
        await browser.GoesToAsync("/account/recover/sheet");
        return await browser.SendsAsync("/account/recover/sheet", ("email", email), ("sheet", sheet));
    }

    public static Task<PageShown> ChoosesPasswordAsync(this Browser browser, string password) => browser.SendsAsync("/account/recover/new", ("password", password));

    public static async Task<PageShown> ChoosesPasskeyAsync(this Browser browser, VirtualPasskey passkey)
    {
        var question = JsonElement.Parse(await browser.FetchesAsync("/account/recover/new/passkey", "/account/recover/new/passkey/options"));
        return await browser.SendsAsync("/account/recover/new/passkey", ("credential", passkey.Creates(question)));
    }

    private static string Code(PageShown page) => Regex.Match(page.Html, "<code>(.*?)</code>") is { Success: true } found ? found.Groups[1].Value
        : throw new InvalidOperationException($"The page '{page.Title}' ({page.Status}) shows no code: {page.Html}");
}
