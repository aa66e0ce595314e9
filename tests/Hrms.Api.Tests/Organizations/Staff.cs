using System.Text.Json;
using System.Text.RegularExpressions;
using Hrms.Api.Hosting;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.Contracts;
using Hrms.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Hrms.Api.Tests.Organizations;

/// <summary>An organisation that the consortium admitted, and the administrator who followed the link.</summary>
public sealed record Hospital(Guid Id, Person Administrator, Bearer Token)
{
    public Actor Actor => Contracts.Actor.Organization(new ProviderId(Id));
}

/// <summary>People who are invited, and what they do with the link.</summary>
internal static class Staff
{
    public const string Npi = "http://hl7.org/fhir/sid/us-npi";

    public static async Task<Person> SomebodyAsync(this HrmsFixture hrms) => new(hrms, await Browser.OpenAsync(hrms));

    /// <summary>Registered by one operator, proposed by the same, admitted by another; its administrator signed in.</summary>
    public static async Task<Hospital> HospitalAsync(this HrmsFixture hrms, string name = "General Hospital")
    {
        var (first, second, administrator) = (await hrms.OperatorAsync(), await hrms.OperatorAsync(), await hrms.SomebodyAsync());
        var id = await first.RegistersAsync(ProviderKind.Organization, name, $"{Guid.NewGuid():N}");
        (await first.SendsAsync("proposeOrganization", new { organization = id, administratorEmail = administrator.Email }, "accounts { admission }")).Done();
        (await second.SendsAsync("admitOrganization", new { commandId = Guid.NewGuid(), organization = id, administratorEmail = administrator.Email }, "invitation { id }")).Done();
        return new Hospital(id, administrator, new Bearer(hrms, (await administrator.ComesInAsync(hrms)).Access));
    }

    public static async Task<Reply> InvitesAsync(this Hospital hospital, Person person, string npi, string? role = null, Guid? command = null) => await hospital.Token.SendsAsync(
        "invitePractitioner",
        new { commandId = command ?? Guid.NewGuid(), organization = hospital.Id, email = person.Email, name = "Dr Kim", identifierSystem = Npi, identifierValue = npi, role },
        "invitation { id status practitioner }");

    /// <summary>Follows the newest link with a passkey, signs in with it, and connects an app.</summary>
    public static async Task<TokenAnswer> ComesInAsync(this Person person, HrmsFixture hrms, string? link = null)
    {
        var passkey = await person.AcceptsWithPasskeyAsync(hrms, link);
        await person.SignsInWithAsync(passkey);
        return await new OAuthApp(hrms).IsConnectedAsync(person);
    }

    public static string Link(this Person person) => person.NewestLink("/account/invitation");

    public static async Task<VirtualPasskey> AcceptsWithPasskeyAsync(this Person person, HrmsFixture hrms, string? link = null)
    {
        var passkey = new VirtualPasskey((await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url.GetLeftPart(UriPartial.Authority));
        await person.Browser.GoesToAsync(link ?? person.Link());
        var question = JsonElement.Parse(await person.Browser.FetchesAsync("/account/invitation/passkey", "/account/invitation/passkey/options"));
        var page = await person.Browser.SendsAsync("/account/invitation/passkey", ("credential", passkey.Creates(question)));
        Assert.True(page.Title == "Welcome", page.Html);
        return passkey;
    }

    public static async Task<PageShown> SignsInWithAsync(this Person person, VirtualPasskey passkey)
    {
        await person.Browser.GoesToAsync("/account/sign-in");
        var question = JsonElement.Parse(await person.Browser.FetchesAsync("/account/sign-in/passkey", "/account/sign-in/passkey/options"));
        return await person.Browser.SendsAsync("/account/sign-in/passkey", ("credential", passkey.Gets(question)));
    }

    /// <summary>Follows the newest link with a password and an authenticator app.</summary>
    /// <returns>The app's key.</returns>
    public static async Task<string> AcceptsWithAuthenticatorAsync(this Person person)
    {
        await person.Browser.GoesToAsync(person.Link());
        var key = AuthenticatorApp.KeyOn((await person.Browser.SendsAsync("/account/invitation/password", ("password", Person.Password))).Html);
        var page = await person.Browser.SendsAsync("/account/invitation/authenticator", ("digits", AuthenticatorApp.CodeOf(key)));
        Assert.True(page.Title == "Keep these codes", page.Html);
        return key;
    }

    /// <summary>What the command at the machine prints, as the path of a page.</summary>
    public static async Task<string> LinkOfTheMachineAsync(this HrmsFixture hrms, InvitationKind kind, string mail)
    {
        await hrms.HostAsync();
        var link = AccountCommand.LinkFor(kind, mail, Path.Combine(Path.GetDirectoryName(hrms.Outbox)!, "keys", "identity.json"), new Uri("http://localhost:5080"), hrms.Clock);
        return Regex.Replace(link.AbsoluteUri, "^http://localhost:5080", "");
    }

    /// <summary>An operator or auditor with an account of this server.</summary>
    public static async Task<Bearer> OfStaffAsync(this HrmsFixture hrms, InvitationKind kind)
    {
        using var person = await hrms.SomebodyAsync();
        return new Bearer(hrms, (await person.ComesInAsync(hrms, await hrms.LinkOfTheMachineAsync(kind, person.Email))).Access);
    }
}
