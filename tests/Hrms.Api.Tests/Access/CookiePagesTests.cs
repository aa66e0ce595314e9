using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;

namespace Hrms.Api.Tests.Access;

/// <summary>
/// On people's pages an id opens nothing. Each form that names something by its id is sent with the ids of somebody else's: by nobody, and by another patient who is signed in, each with an anti-forgery
/// token that is good for them; then by the person whose it is, so that it is known that the form does something.
/// </summary>
[Collection(nameof(TimeTravel))]
[Trait("Feature", "36"), Trait("Feature", "71")]
public sealed class CookiePagesTests(HrmsFixture hrms)
{
    private static readonly string[] Pages = ["/account", "/account/passkeys", "/account/recovery"];

    [Fact]
    public async Task WhoSendsTheIdsOfAnothersThings_ChangesNothingOfTheirs_AndIsToldAsIfThereWereNone()
    {
        using var ana = await Person.SignedInAsync(hrms);
        using var ben = await Person.SignedInAsync(hrms);
        using var nobody = await Browser.OpenAsync(hrms);
        await ana.AddsPasskeyAsync(hrms);
        using var sister = await hrms.GuardianAsync(ana, "My sister");
        using var neighbour = await hrms.GuardianAsync(ana, "The neighbour");
        await new OAuthApp(hrms).IsConnectedAsync(ana);
        using var lost = await Browser.OpenAsync(hrms);
        var code = await lost.AsksForCodeAsync();

        foreach (var (owner, page, form, field, more) in new (Person, string, string, string, (string, string)[])[]
        {
            (ana, "/account", "/account/apps/disconnect", "app", []), (sister, "/account/recovery", "/account/recovery/approve", "invitation", [("code", code)]),
            (sister, "/account/recovery", "/account/recovery/guardians/end", "invitation", [("guarded", "true")]), (ana, "/account/recovery", "/account/recovery/guardians/end", "invitation", []),
            (ana, "/account/passkeys", "/account/passkeys/remove", "id", []),
        })
        {
            var before = (await OfAsync(ana), await OfAsync(sister));
            await owner.Browser.GoesToAsync(page);
            var id = owner.Browser.Hidden(form, field);

            await nobody.GoesToAsync("/account/sign-in");
            Assert.Equal("Sign in", (await nobody.ForgesAsync("/account/sign-in", form, [(field, id), .. more])).Title);
            await ben.SignsInAsync();
            var told = await ben.Browser.ForgesAsync("/account/sign-out-everywhere", form, [(field, id), .. more]);
            await ben.Browser.GoesToAsync("/account");
            var toldOfNothing = await ben.Browser.ForgesAsync("/account/sign-out-everywhere", form, [(field, field == "id" ? "AAAA" : $"{Guid.NewGuid()}"), .. more]);
            Assert.Equal((toldOfNothing.Status, WithoutTokens(toldOfNothing)), (told.Status, WithoutTokens(told)));
            Assert.Equal(before, (await OfAsync(ana), await OfAsync(sister)));

            await owner.SignsInAsync();
            await owner.Browser.GoesToAsync(page);
            var done = await owner.Browser.SendsAsync(form, more);
            // The first of two: nobody before her approved anything.
            if (form.EndsWith("approve", StringComparison.Ordinal))
                Assert.True(done.Says("A second guardian has to approve"), done.Html);
            else
                Assert.NotEqual(before, (await OfAsync(ana), await OfAsync(sister)));
        }
    }

    /// <summary>The ids of all that is somebody's.</summary>
    private static async Task<string> OfAsync(Person person)
    {
        List<string> ids = [];
        foreach (var page in Pages)
            ids.AddRange(Regex.Matches((await person.Browser.GoesToAsync(page)).Html, "name=\"(app|id|invitation)\" value=\"[^\"]*\"").Select(id => id.Value));
        return string.Join('\n', ids);
    }

    private static string WithoutTokens(PageShown page) => Regex.Replace(page.Html, "CfDJ8[\\w-]*", "");
}
