using System.Collections;
using System.Globalization;
using System.Resources;
using Hrms.Api.Identity.Pages;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Contracts;

namespace Hrms.Api.Tests.Identity;

/// <summary>Getting an account back, page by page and mail by mail, in a language of brackets: no word is out of a translator's reach.</summary>
[Collection(nameof(TimeTravel))]
public sealed class RecoveryWordsTests(HrmsFixture hrms)
{
    [Fact]
    public async Task NoPageOfARecovery_AndNoMail_HasAWordOfItsOwn()
    {
        List<Person> people = [];
        HashSet<string> seen = [];
        async Task<Person> SomebodyAsync()
        {
            var browser = await Browser.OpenAsync(hrms);
            browser.Speaks(PseudoLanguage.Tag);
            var person = new Person(hrms, browser);
            people.Add(person);
            await person.SignsUpAsync();
            await person.ConfirmsAsync();
            await person.SignsInAsync();
            return person;
        }
        PageShown Look(PageShown page)
        {
            // Names and addresses are what people typed.
            var html = people.Aggregate(page.Html, (text, person) => text.Replace(person.Email, "", StringComparison.Ordinal));
            Assert.Empty(PseudoLanguage.WordsOutside(html));
            seen.Add(page.Title);
            return page;
        }
        async Task<PageShown> GoesToAsync(Person person, string path) => Look(await person.Browser.GoesToAsync(path));
        async Task<PageShown> SendsAsync(Person person, string action, params (string, string)[] typed) => Look(await person.Browser.SendsAsync(action, typed));

        var (ana, first, second) = (await SomebodyAsync(), await SomebodyAsync(), await SomebodyAsync());

        // The sheet, and guardians whose names are numbers.
        await GoesToAsync(ana, "/account/recovery");
        var sheet = await SendsAsync(ana, "/account/recovery/sheet");
        await GoesToAsync(ana, "/account/recovery");
        await SendsAsync(ana, "/account/recovery/guardians", ("name", "1"), ("email", "nobody"));
        await SendsAsync(ana, "/account/recovery/guardians", ("name", ""), ("email", first.Email));
        foreach (var (guardian, name) in new[] { (first, "1"), (second, "2") })
        {
            await GoesToAsync(ana, "/account/recovery");
            await SendsAsync(ana, "/account/recovery/guardians", ("name", name), ("email", guardian.Email));
            var link = guardian.NewestLink("/account/guardian");
            await GoesToAsync(guardian, link);
            await SendsAsync(guardian, "/account/guardian");
            await GoesToAsync(guardian, "/account/recovery");
        }
        await GoesToAsync(first, "/account/guardian?invitation=nothing");
        await SendsAsync(first, "/account/guardian");
        using var stranger = await Browser.OpenAsync(hrms);
        stranger.Speaks(PseudoLanguage.Tag);
        Look(await stranger.GoesToAsync("/account/guardian?invitation=nothing"));
        Look(await stranger.SendsAsync("/account/guardian"));

        // By guardians: one approves, then the other; the person is told, and stops it.
        foreach (var stops in new[] { true, false })
        {
            using var lost = await Browser.OpenAsync(hrms);
            lost.Speaks(PseudoLanguage.Tag);
            Look(await lost.GoesToAsync("/account/recover"));
            var code = await lost.AsksForCodeAsync();
            Look(lost.Page);
            Look(await lost.SendsAsync("/account/recover/guardians", ("email", ana.Email)));
            await GoesToAsync(first, "/account/recovery");
            await SendsAsync(first, "/account/recovery/approve", ("code", "nothing"));
            foreach (var guardian in new[] { first, second })
            {
                await guardian.SignsInAsync();
                await GoesToAsync(guardian, "/account/recovery");
                await SendsAsync(guardian, "/account/recovery/approve", ("code", code));
            }
            await GoesToAsync(ana, "/account/recovery");
            if (stops)
            {
                Look(await lost.GoesToAsync(ana.NewestLink("/account/recover/stop")));
                Look(await lost.SendsAsync("/account/recover/stop"));
                Look(await lost.GoesToAsync("/account/recover/stop?token=nothing"));
                Look(await lost.SendsAsync("/account/recover/stop"));
                continue;
            }
            hrms.Clock.Advance(Limits.RecoveryWait + TimeSpan.FromMinutes(1));
            Look(await lost.GoesToAsync("/account/recover/guardians"));
            Look(await lost.SendsAsync("/account/recover/guardians", ("email", ana.Email)));
            Look(await lost.SendsAsync("/account/recover/new/passkey"));
            Look(await lost.SendsAsync("/account/recover/new", ("password", "short")));
            Look(await lost.SendsAsync("/account/recover/new", ("password", "other words, still mine")));
            Look(await lost.GoesToAsync("/account/sign-in"));
            await lost.SendsAsync("/account/sign-in", ("email", ana.Email), ("password", "other words, still mine"));
            Look(await lost.GoesToAsync("/account/history"));
        }

        // By the sheet of before, which is no good any more; and by one that another browser uses in between.
        Look(await stranger.GoesToAsync("/account/recover/sheet"));
        Look(await stranger.SendsAsync("/account/recover/sheet", ("email", ana.Email), ("sheet", System.Text.RegularExpressions.Regex.Match(sheet.Html, "<code>(.*?)</code>").Groups[1].Value)));
        await OverAsync(first);

        var headings = new ResourceManager(typeof(Words)).GetResourceSet(CultureInfo.InvariantCulture, createIfNotExists: true, tryParents: false)!.Cast<DictionaryEntry>()
            .Where(word => ((string)word.Key).EndsWith(".Heading", StringComparison.Ordinal)).Select(word => $"⟦{word.Value}⟧").ToList();
        Assert.True(headings.Count >= 16, $"{headings.Count}");
        Assert.Empty(headings.Except(seen));
        foreach (var mail in people.SelectMany(person => person.Mails()))
        {
            var text = people.Aggregate(mail, (left, person) => left.Replace(person.Email, "", StringComparison.Ordinal));
            Assert.Empty(PseudoLanguage.Left(text.ReplaceLineEndings("\n").Split("\n\n", 2)[1].Split('\n').Where(line => !line.StartsWith("http", StringComparison.Ordinal))));
        }
        people.ForEach(person => person.Dispose());

        async Task OverAsync(Person person)
        {
            await person.SignsInAsync();
            var seed = await person.PrintsSheetAsync();
            using var one = await Browser.OpenAsync(hrms);
            using var other = await Browser.OpenAsync(hrms);
            foreach (var browser in new[] { one, other })
                browser.Speaks(PseudoLanguage.Tag);
            await one.ShowsSheetAsync(person.Email, seed);
            await other.ShowsSheetAsync(person.Email, seed);
            await other.ChoosesPasswordAsync("other words, still mine");
            Look(await one.SendsAsync("/account/recover/new", ("password", "third words, of nobody")));
        }
    }
}
