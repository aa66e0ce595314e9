using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Hrms.TestKit;

namespace Hrms.Api.Tests.Organizations;

/// <summary>The pages of whoever is no patient, and the one of a server that can't write, in a language of brackets.</summary>
[Collection(nameof(TimeTravel))]
public sealed class StaffWordsTests(HrmsFixture hrms)
{
    [Fact]
    public async Task NoPageOfAPractitioner_HasAWordOfItsOwn()
    {
        var (hospital, ana, ben) = (await hrms.HospitalAsync(), await hrms.PatientAsync(), await hrms.PatientAsync());
        using var kim = await hrms.SomebodyAsync();
        var npi = $"{Guid.NewGuid():N}";
        kim.Browser.Speaks(PseudoLanguage.Tag);
        var doctor = (await hospital.InvitesAsync(kim, npi)).Done().Payload.GetProperty("invitation").GetProperty("practitioner").GetGuid();
        var link = kim.Link();
        void Look() => Assert.Empty(PseudoLanguage.WordsOutside(kim.Browser.Page.Html.Replace(kim.Email, "", StringComparison.Ordinal)));
        async Task GoesToAsync(string path)
        {
            await kim.Browser.GoesToAsync(path);
            Look();
        }
        async Task SendsAsync(string action, params (string, string)[] typed)
        {
            await kim.Browser.SendsAsync(action, typed);
            Look();
        }

        await GoesToAsync(link);
        await SendsAsync("/account/invitation/password", ("password", "short"));
        await SendsAsync("/account/invitation/password", ("password", Person.Password));
        var key = AuthenticatorApp.KeyOn(kim.Browser.Page.Html);
        await SendsAsync("/account/invitation/authenticator", ("digits", "000000"));
        await SendsAsync("/account/invitation/authenticator", ("digits", AuthenticatorApp.CodeOf(key)));
        await GoesToAsync(link);
        await SignsInAsync();
        await GoesToAsync("/account/history");
        await GoesToAsync("/connect/verify");

        // Another organisation takes her in, by the account that she has.
        var clinic = await hrms.HospitalAsync("Clinic");
        (await clinic.InvitesAsync(kim, npi)).Done();
        await GoesToAsync(kim.Link());
        await SendsAsync("/account/invitation/accept");
        Assert.Equal("⟦Welcome⟧", kim.Browser.Page.Title);

        // Apps: launched for a patient, and for one she chooses, or could not.
        var app = new OAuthApp(hrms, TestApps.Chart);
        await GoesToAsync(app.Question(("scope", "openid launch/patient patient/Observation.rs")));
        await ana.PermitsAsync(new { practitioner = doctor });
        await Deadline.UntilAsync("Ana in the doctor's list", async () => (await app.AsksAsync(kim.Browser, ("scope", "openid launch/patient patient/Observation.rs"))).Says($"{ana.Id}") ? "there" : null);
        Look();
        var system = new Bearer(hrms, await hrms.TokenAsync(organization: hospital.Id));
        var launch = (await system.SendsAsync("createLaunch", new { patient = ben.Id, practitioner = doctor, app = TestApps.Chart, encounter = Guid.NewGuid() }, "launch")).Done().Payload.GetProperty("launch").GetString();
        await GoesToAsync(app.Question(("scope", "launch openid patient/Observation.rs"), ("launch", launch)));
        Assert.True(kim.Browser.Page.Says("⟦The system of General Hospital opened the app for you.⟧"), kim.Browser.Page.Html);

        async Task SignsInAsync()
        {
            await GoesToAsync("/account/sign-in");
            await SendsAsync("/account/sign-in", ("email", kim.Email), ("password", Person.Password));
            await SendsAsync("/account/second-factor", ("code", AuthenticatorApp.CodeOf(key, later: 1)));
        }
    }

    [Fact]
    public async Task AServerThatCanNotWrite_SaysSo_InTheBrowsersLanguage()
    {
        using var person = await Person.SignedInAsync(hrms);
        var ana = await hrms.AsPatientAsync(person);
        await hrms.AsSuperuserAsync(
            """
            insert into journal (stream_id, version, recorded_at, kind, prev_leaf, salt, leaf, payload)
            select stream_id, version + 1, recorded_at, 2, leaf, salt, decode(repeat('07', 32), 'hex'), payload from journal where stream_id = @stream order by version desc limit 1
            """,
            ("stream", ana.Id));
        using var browser = await Browser.OpenAsync(hrms);
        browser.Speaks(PseudoLanguage.Tag);
        await browser.GoesToAsync("/account/sign-in");
        var page = await browser.SendsAsync("/account/sign-in", ("email", person.Email), ("password", Person.Password));
        Assert.Equal("⟦Not now⟧", page.Title);
        Assert.Empty(PseudoLanguage.WordsOutside(page.Html));
    }
}
