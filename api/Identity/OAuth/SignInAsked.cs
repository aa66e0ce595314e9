using System.Globalization;
using System.Security.Cryptography;
using Hrms.Api.Identity.Accounts;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Primitives;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// What an app asks of the sign-in: <c>prompt=login</c> and <c>max_age</c> (OpenID Connect Core, 3.1.2.1), <c>acr_values</c> (RFC 9470, section 4). Who is sent to sign in comes back with the same
/// request and a sealed note of when they were sent, so that one sign-in after that is enough, and one before it is not.
/// </summary>
internal sealed class SignInAsked(IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Note = "hrms_sent_at";

    /// <summary>How long a sign-in is an answer to the request that asked for it: as long as one may take to read the screen that follows.</summary>
    private static readonly TimeSpan AnswersFor = TimeSpan.FromMinutes(10);

    /// <summary>Whether this request asks for another sign-in than the session's.</summary>
    public bool IsFor(OpenIddictRequest request, SignedIn signedIn)
    {
        if (IsAnsweredBy(request, signedIn))
            return false;
        var age = clock.GetUtcNow() - signedIn.At;
        return request.HasPromptValue(PromptValues.Login) || (request.MaxAge is { } seconds && age > TimeSpan.FromSeconds(seconds)) || ClassFor(request, signedIn) is null;
    }

    /// <summary>The class that the token names; null: the person signed in for this request, and not as it wants it.</summary>
    public static string? ClassFor(OpenIddictRequest request, SignedIn signedIn) => AuthenticationMethods.ClassOf(signedIn.Methods, request.GetAcrValues());

    /// <summary>The request's parameters, with the note.</summary>
    public IEnumerable<KeyValuePair<string, StringValues>> Noted(OpenIddictRequest request, IEnumerable<KeyValuePair<string, StringValues>> parameters) =>
        parameters.Where(parameter => parameter.Key != Note)
            .Append(new(Note, Protector(request).Protect(clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture))));

    private bool IsAnsweredBy(OpenIddictRequest request, SignedIn signedIn)
    {
        if ((string?)request[Note] is not { Length: > 0 } note)
            return false;
        try
        {
            var sentAt = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Protector(request).Unprotect(note), CultureInfo.InvariantCulture));
            return signedIn.At > sentAt && clock.GetUtcNow() - sentAt < AnswersFor;
        }
        catch (CryptographicException)
        {
            return false;   // of another request, or nobody's
        }
    }

    /// <summary>Each request has a code challenge of its own, which the note is for.</summary>
    private IDataProtector Protector(OpenIddictRequest request) => protection.CreateProtector("hrms/identity/sign-in-asked/1", request.CodeChallenge ?? "");
}
