using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Hrms.Api.Identity.Pages;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Tests.Identity;

/// <summary>A language of brackets (its usual tag is <c>qps-ploc</c>): who speaks it gets every word of the resources in them, so that a word without brackets is one that nobody can translate.</summary>
internal static partial class PseudoLanguage
{
    public const string Tag = "qps-ploc";

    public static void AddPseudoLanguage(this IServiceCollection services)
    {
        services.Configure<RequestLocalizationOptions>(request => (request.SupportedCultures, request.SupportedUICultures) =
            ([.. Words.Languages, new CultureInfo(Tag)], [.. Words.Languages, new CultureInfo(Tag)]));
        services.AddSingleton<IStringLocalizerFactory>(provider => new Factory(ActivatorUtilities.CreateInstance<ResourceManagerStringLocalizerFactory>(provider)));
    }

    /// <summary>What of a page is in no brackets and has letters: its text, and what scripts and screen readers say. Codes and keys are no words.</summary>
    public static IReadOnlyList<string> WordsOutside(string html)
    {
        var text = Tags().Replace(Codes().Replace(html, ""), "\n");
        return Left(text.Split('\n').Concat(Spoken().Matches(html).Select(said => said.Groups[1].Value)).Select(WebUtility.HtmlDecode)!);
    }

    public static IReadOnlyList<string> Left(IEnumerable<string> lines) => [.. lines.Select(WithoutBrackets).Where(line => line.Any(char.IsLetter))];

    private static string WithoutBrackets(string line)
    {
        for (var before = ""; before != line;)
            (before, line) = (line, Innermost().Replace(line, ""));
        return line.Trim();
    }

    [GeneratedRegex("<code>.*?</code>")]
    private static partial Regex Codes();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s(?:alt|title|placeholder|aria-label|data-not-used|data-failed)=\"([^\"]*)\"")]
    private static partial Regex Spoken();

    [GeneratedRegex("⟦[^⟦⟧]*⟧")]
    private static partial Regex Innermost();

    private sealed class Factory(IStringLocalizerFactory inner) : IStringLocalizerFactory
    {
        public IStringLocalizer Create(Type resourceSource) => new Localizer(inner.Create(resourceSource));

        public IStringLocalizer Create(string baseName, string location) => new Localizer(inner.Create(baseName, location));
    }

    private sealed class Localizer(IStringLocalizer inner) : IStringLocalizer
    {
        public LocalizedString this[string name] => InBrackets(inner[name]);

        public LocalizedString this[string name, params object[] arguments] => InBrackets(inner[name, arguments]);

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => inner.GetAllStrings(includeParentCultures);

        private static LocalizedString InBrackets(LocalizedString found) =>
            CultureInfo.CurrentUICulture.Name.Equals(Tag, StringComparison.OrdinalIgnoreCase) && !found.ResourceNotFound ? new LocalizedString(found.Name, $"⟦{found.Value}⟧") : found;
    }
}
