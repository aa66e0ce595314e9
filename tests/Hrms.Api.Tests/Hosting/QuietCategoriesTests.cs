using Hrms.Silo.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Hrms.Api.Tests.Hosting;

/// <summary>Who turns the logs up to find a fault gets what our own parts and Orleans say, and never a token or the query of a request: however it is configured.</summary>
[Trait("Feature", "85")]
public sealed class QuietCategoriesTests
{
    [Theory]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Logging:LogLevel:OpenIddict")]
    [InlineData("Logging:LogLevel:OpenIddict.Server.OpenIddictServerDispatcher")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics")]
    [InlineData("Logging:LogLevel:*Diagnostics")]
    [InlineData("Logging:Console:LogLevel:Default")]
    [InlineData("Logging:Console:LogLevel:OpenIddict.Server")]
    [InlineData("Logging:Console:LogLevel:Microsoft.AspNetCore")]
    public void TokensAndQueries_AreNotWritten_WhateverIsTurnedUp(string setting)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(setting, "Trace")]).Build();
        using var services = new ServiceCollection().AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole().SetMinimumLevel(LogLevel.Trace).KeepLibrariesQuiet()).BuildServiceProvider();
        var logs = services.GetRequiredService<ILoggerFactory>();
        foreach (var category in new[] { "OpenIddict.Server.OpenIddictServerDispatcher", "OpenIddict.Validation", "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Http.Result.RedirectResult" })
        {
            Assert.False(logs.CreateLogger(category).IsEnabled(LogLevel.Information), category);
            Assert.True(logs.CreateLogger(category).IsEnabled(LogLevel.Warning), category);
        }
        Assert.True(logs.CreateLogger("Hrms.Grains").IsEnabled(LogLevel.Trace));
    }
}
