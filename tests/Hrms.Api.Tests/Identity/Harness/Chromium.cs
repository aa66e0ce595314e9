using System.Reflection;
using Hrms.Api.Identity;
using Hrms.Api.Tests.EndToEnd;
using Hrms.Api.Tests.Identity;
using Microsoft.Extensions.DependencyInjection;
using PuppeteerSharp;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Hrms.Api.Tests.Identity;

/// <summary>A real browser (the npm packages of the folder <c>chromium</c>), started once, with the first person that a test asks for. Everybody has cookies of their own.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string Folder =
        typeof(Chromium).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "ChromiumFolder").Value!;

    private static readonly string Unpacked = Path.Combine(Folder, "node_modules", ".chromium");

    private readonly Lazy<Task<IBrowser>> _browser = new(StartAsync);

    /// <summary>What judges pages for people who can't see, or can't see colours, or have no mouse: https://github.com/dequelabs/axe-core.</summary>
    internal static string Axe { get; } = File.ReadAllText(Path.Combine(Folder, "node_modules", "axe-core", "axe.min.js"));

    public async Task<Visitor> OpenAsync(HrmsFixture hrms)
    {
        if (!File.Exists(Path.Combine(Unpacked, "chromium")))
            Assert.Skip("There is no Chromium for this machine; it comes for Linux x64.");
        var url = (await hrms.HostAsync()).Services.GetRequiredService<PublicAddress>().Url;
        var context = await (await _browser.Value).CreateBrowserContextAsync();
        var page = await context.NewPageAsync();
        // A slow, busy machine is no fault of the pages.
        page.DefaultTimeout = page.DefaultNavigationTimeout = 120_000;
        return new Visitor(url, context, page);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated)
            await (await _browser.Value).DisposeAsync();
    }

    private static Task<IBrowser> StartAsync() => Puppeteer.LaunchAsync(new LaunchOptions
    {
        ExecutablePath = Path.Combine(Unpacked, "chromium"), HeadlessMode = HeadlessMode.Shell, Timeout = 120_000,
        // It sees our own pages alone; as root, and in most containers, there is no sandbox for it.
        Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        Env = { ["LD_LIBRARY_PATH"] = Path.Combine(Unpacked, "al2023", "lib"), ["FONTCONFIG_PATH"] = Path.Combine(Unpacked, "fonts") },
    });
}
