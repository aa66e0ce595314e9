using System.Text.Json;
using PuppeteerSharp;

namespace Hrms.Api.Tests.Identity;

/// <summary>
/// Somebody before a real browser who has a keyboard and nothing else: every control is come to by Tab, known by the name that a screen reader says, and shows that it has the focus.
/// </summary>
public sealed class Visitor(Uri url, IBrowserContext context, IPage page) : IAsyncDisposable
{
    private const int ControlsMax = 60;

    /// <summary>The name of what has the focus, as a screen reader says it, and whether one can see that it has it.</summary>
    private const string Focus = """
        () => {
          const control = document.activeElement, style = getComputedStyle(control);
          return { name: (control.labels?.[0] ?? control).innerText.trim(), visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 };
        }
        """;

    public Uri Address => new(page.Url);

    public Task<string> TextAsync() => page.EvaluateExpressionAsync<string>("document.body.innerText");

    public Task<string> HtmlAsync() => page.GetContentAsync();

    public Task GoesToAsync(string path) => page.GoToAsync(new Uri(url, path).AbsoluteUri);

    /// <summary>The page that is there now has this title, and nobody is kept out by how it is made, in the light and in the dark.</summary>
    public async Task SeesAsync(string title)
    {
        var shown = await page.GetTitleAsync();
        Assert.True(shown == title, $"{Address}: '{shown}' is shown, not '{title}': {await TextAsync()}");
        Assert.Equal(title, await page.EvaluateExpressionAsync<string>("document.querySelector('h1').innerText"));
        foreach (var scheme in new[] { "light", "dark" })
        {
            await page.EmulateMediaFeaturesAsync([new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme }]);
            var found = JsonElement.Parse(await page.EvaluateExpressionAsync<string>($$"""
                {{Chromium.Axe}};
                axe.run(document, { resultTypes: ['violations'] }).then(found => JSON.stringify(found.violations.map(one => [one.impact, one.id, ...one.nodes.map(node => node.html)])))
                """));
            Assert.True(found.GetArrayLength() == 0, $"{title} ({scheme}): {found}");
        }
    }

    /// <summary>Fills in the field with this name; what was in it goes.</summary>
    public async Task TypesAsync(string field, string text)
    {
        await TabsToAsync(field);
        await page.Keyboard.DownAsync("Control");
        await page.Keyboard.PressAsync("a");
        await page.Keyboard.UpAsync("Control");
        await page.Keyboard.TypeAsync(text);
    }

    /// <summary>Uses a button or a link, and waits for the page that it leads to.</summary>
    public async Task PressesAsync(string control)
    {
        await TabsToAsync(control);
        await Task.WhenAll(page.WaitForNavigationAsync(), page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>The machine has an authenticator that knows its owner's finger (Web Authentication, 11.2: virtual authenticators).</summary>
    public async Task HasAuthenticatorAsync()
    {
        var devtools = await page.CreateCDPSessionAsync();
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new
        {
            options = new { protocol = "ctap2", transport = "internal", hasResidentKey = true, hasUserVerification = true, isUserVerified = true, automaticPresenceSimulation = true },
        });
    }

    public async ValueTask DisposeAsync() => await context.CloseAsync();

    private async Task TabsToAsync(string name)
    {
        List<string> passed = [];
        for (var i = 0; i < ControlsMax; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focus = await page.EvaluateFunctionAsync<JsonElement>(Focus);
            var control = focus.GetProperty("name").GetString()!;
            passed.Add(control);
            if (!control.StartsWith(name, StringComparison.Ordinal))
                continue;
            Assert.True(focus.GetProperty("visible").GetBoolean(), $"One can't see that '{control}' has the focus.");
            return;
        }
        Assert.Fail($"'{name}' can't be come to by the keyboard. What can: {string.Join(" | ", passed.Distinct())}.");
    }
}
