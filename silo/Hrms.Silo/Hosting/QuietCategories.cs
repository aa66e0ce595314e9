namespace Hrms.Silo.Hosting;

/// <summary>
/// Libraries that write what people send, and whole tokens, at their finer levels. They write warnings and worse alone, whatever an operator configures for all categories, for one of theirs or for one provider
/// (<c>Logging:Console:LogLevel:Default=Trace</c> counts more than what code says for all providers): who turns every log up to find a fault must not get them.
/// </summary>
public static class QuietCategories
{
    private const LogLevel Finest = LogLevel.Warning;

    private static readonly string[] Categories =
    [
        // Begun and ended requests with their query, in which people search for names and words; metrics and traces tell of requests without.
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        // Where people are sent on: with codes, and what a mailed link or an app's request holds.
        "Microsoft.AspNetCore.Http.Result",
        // Tokens, codes and claims.
        "OpenIddict",
    ];

    /// <summary>Called by every host.</summary>
    public static ILoggingBuilder KeepLibrariesQuiet(this ILoggingBuilder logging)
    {
        logging.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            for (var i = 0; i < options.Rules.Count; i++)
                if (options.Rules[i] is { LogLevel: null or < Finest } rule)
                    options.Rules[i] = new LoggerFilterRule(rule.ProviderName, rule.CategoryName, rule.LogLevel, (provider, category, level) =>
                        (level >= Finest || !IsQuiet(category)) && rule.Filter?.Invoke(provider, category, level) != false);
            // Where nobody says anything.
            foreach (var category in Categories)
                options.Rules.Add(new LoggerFilterRule(null, category, Finest, null));
        });
        return logging;
    }

    private static bool IsQuiet(string? category) => category is not null && Array.Exists(Categories, quiet => category.StartsWith(quiet, StringComparison.OrdinalIgnoreCase));
}
