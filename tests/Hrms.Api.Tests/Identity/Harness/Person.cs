using System.Text.RegularExpressions;
using Hrms.Api.Tests.EndToEnd;

namespace Hrms.Api.Tests.Identity;

/// <summary>Somebody with an e-mail address and a password at their browser.</summary>
public sealed class Person(HrmsFixture hrms, Browser browser) : IDisposable
{
    public const string Password = "four words, all of mine";

    public string Email { get; } = $"{Guid.NewGuid():N}@example.org";

    public Browser Browser => browser;

    /// <summary>Somebody who made an account, confirmed it and signed in.</summary>
    public static async Task<Person> SignedInAsync(HrmsFixture hrms)
    {
        var person = new Person(hrms, await Browser.OpenAsync(hrms));
        await person.SignsUpAsync();
        await person.ConfirmsAsync();
        Assert.Equal("Your account", (await person.SignsInAsync()).Title);
        return person;
    }

    public async Task<PageShown> SignsUpAsync()
    {
        await browser.GoesToAsync("/account/sign-up");
        return await browser.SendsAsync("/account/sign-up", ("email", Email));
    }

    /// <summary>Follows the link of the newest mail, and chooses a password.</summary>
    public async Task<PageShown> ConfirmsAsync(string password = Password)
    {
        await browser.GoesToAsync(NewestLink("/account/confirm"));
        return await browser.SendsAsync("/account/confirm", ("password", password));
    }

    public async Task<PageShown> SignsInAsync(string password = Password)
    {
        await browser.GoesToAsync("/account/sign-in");
        return await browser.SendsAsync("/account/sign-in", ("email", Email), ("password", password));
    }

    /// <summary>The newest link to a page that came by mail.</summary>
    public string NewestLink(string page) =>
        Mails().Select(mail => Regex.Match(mail, $@"http://localhost:\d+({Regex.Escape(page)}\S+)")).Last(found => found.Success).Groups[1].Value;

    /// <summary>What came to this person's address, oldest first.</summary>
    public IReadOnlyList<string> Mails() => !Directory.Exists(hrms.Outbox) ? []
        : [.. Directory.EnumerateFiles(hrms.Outbox, "*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(mail => mail.StartsWith($"To: {Email}\r\n", StringComparison.Ordinal))];

    public void Dispose() => browser.Dispose();
}
