using System.Globalization;
using System.Text.RegularExpressions;
using Hrms.Api.Hosting;
using Hrms.Silo.Hosting;
using Hrms.TestKit;
using Microsoft.Extensions.Configuration;

namespace Hrms.Load.Tests;

/// <summary>Whoever starts silos and API processes by the files in <c>deploy</c> sets options that there are.</summary>
[Trait("Feature", "107")]
public sealed class DeployTests
{
    private static readonly string Deploy = Path.Combine(RepositoryFolder.Root, "deploy");

    [Fact]
    public void ASilosSettings_AreTakenAsTheyAre()
    {
        var silo = Bound<HrmsSiloOptions>("silo.env");
        Assert.True(Uri.TryCreate(silo.LedgerRpc.Split(',')[0], UriKind.Absolute, out _));
        Assert.Empty(silo.Validate(new(silo)));
        Assert.True(silo.GatewayPort > 0, "API processes find no silo without a gateway.");
    }

    [Fact]
    public void AnApisSettings_AreTakenAsTheyAre_ButForTheAppsDocumentsThatAreTheInstallations()
    {
        var api = Bound<HrmsApiOptions>("api.env");
        Assert.Equal([$"The folder of trusted documents, {api.TrustedDocuments}, is not there."], api.Validate(new(api)).Select(wrong => wrong.ErrorMessage));
    }

    [Theory]
    [InlineData("hrms-silo.service", "silo.env"), InlineData("hrms-api.service", "api.env")]
    public void AUnit_ReadsItsSettings_AndIsGivenTimeToEnd(string unit, string settings)
    {
        var text = File.ReadAllText(Path.Combine(Deploy, "systemd", unit));
        Assert.Contains($"EnvironmentFile=/etc/hrms/{settings}\n", text, StringComparison.Ordinal);
        Assert.Contains("Restart=on-failure\n", text, StringComparison.Ordinal);
        var api = Bound<HrmsApiOptions>("api.env");
        Assert.True(int.Parse(Regex.Match(text, @"TimeoutStopSec=(\d+)\n").Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 1000 > api.DrainMilliseconds + api.StopWithinMilliseconds);
    }

    [Fact]
    public void EveryVariableThatTheRunbookNames_IsAnOption()
    {
        var named = Regex.Matches(File.ReadAllText(Path.Combine(Deploy, "README.md")), @"\bHrms__(\w+)").Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.True(named.Count >= 3);
        Assert.Equal([], named.Where(name => !IsOption(typeof(HrmsSiloOptions), name.Split("__")) && !IsOption(typeof(HrmsApiOptions), name.Split("__"))));
    }

    private static bool IsOption(Type type, ReadOnlySpan<string> path) =>
        type.GetProperty(path[0]) is { SetMethod: not null } property && (path.Length == 1 || IsOption(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, path[1..]));

    /// <summary>The file's variables of the section <c>Hrms</c>, none of them unknown.</summary>
    private static T Bound<T>(string file) where T : class
    {
        var settings = File.ReadLines(Path.Combine(Deploy, "systemd", file)).Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0].Replace("__", ":", StringComparison.Ordinal), string? (pair) => pair[1]);
        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Hrms").Get<T>(binder => binder.ErrorOnUnknownConfiguration = true)!;
    }
}
