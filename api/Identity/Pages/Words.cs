using System.Globalization;
using System.Resources;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Localization;

[assembly: NeutralResourcesLanguage("en")]

namespace Hrms.Api.Identity.Pages;

/// <summary>All words of the pages and of the mails are in <c>Words.resx</c>, those of another language in <c>Words.&lt;language&gt;.resx</c> with the same keys. A further language is such a file and its name here.</summary>
internal sealed class Words
{
    public static readonly IReadOnlyList<CultureInfo> Languages = [new("en"), new("de")];

    /// <summary>The browser's language (RFC 9110, 12.5.4) when we have it, else English.</summary>
    public static void Speak(RequestLocalizationOptions request)
    {
        (request.SupportedCultures, request.SupportedUICultures) = ([.. Languages], [.. Languages]);
        request.DefaultRequestCulture = new(Languages[0]);
        request.RequestCultureProviders = [new Microsoft.AspNetCore.Localization.AcceptLanguageHeaderRequestCultureProvider()];
        request.ApplyCurrentCultureToResponseHeaders = true;
    }
}

/// <summary>What is wrong with a password that somebody chose; the other errors of Identity are shown to nobody.</summary>
internal sealed class PasswordWords(IStringLocalizer<Words> words) : IdentityErrorDescriber
{
    public override IdentityError PasswordTooShort(int length) => new() { Code = nameof(PasswordTooShort), Description = words["Password.TooShort", length] };

    public override IdentityError PasswordRequiresUniqueChars(int uniqueChars) =>
        new() { Code = nameof(PasswordRequiresUniqueChars), Description = words["Password.TooUniform", uniqueChars] };
}
