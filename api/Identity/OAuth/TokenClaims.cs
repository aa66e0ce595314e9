using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>What a token says of whom it is for: the claims that the edges read (<see cref="HrmsClaims"/>), and no more.</summary>
internal static class TokenClaims
{
    /// <summary>SMART App Launch 2, "Scopes for requesting identity data": where the person is in FHIR.</summary>
    public const string FhirUser = "fhirUser";

    private const string AuthenticationType = "hrms";

    /// <summary>Kept in codes and refresh tokens, never shown: when signing in again is due, and what of the account they were made under.</summary>
    private const string SignInDue = "hrms_sign_in_due", SecurityStamp = "hrms_security_stamp", Encounter = "hrms_encounter";

    /// <param name="contextClass">What the sign-in is worth, by the name that the app asked for: <see cref="AuthenticationMethods.Classes"/>.</param>
    public static ClaimsIdentity Of(Account account, SignedIn signedIn, string contextClass)
    {
        var identity = Empty();
        identity.SetClaim(Claims.Subject, $"{account.Id:D}").SetClaim(HrmsClaims.Role, account.Role);
        if (PartyClaim(account.Role) is { } party)
            identity.SetClaim(party, $"{account.Party:D}");
        identity.SetClaim(Claims.AuthenticationTime, signedIn.At.ToUnixTimeSeconds()).SetClaim(HrmsClaims.Epoch, signedIn.Epoch);
        identity.SetClaim(Claims.AuthenticationContextReference, contextClass);
        // An array also where there is one (OpenID Connect Core, section 2).
        identity.AddClaim(new Claim(Claims.AuthenticationMethodReference, JsonSerializer.Serialize(signedIn.Methods), JsonClaimValueTypes.JsonArray));
        identity.SetClaim(SignInDue, (signedIn.At + TokenLifetimes.SignInAgainAfter(account.Role)).ToUnixTimeSeconds()).SetClaim(SecurityStamp, account.SecurityStamp);
        return identity;
    }

    /// <summary>An organisation's own system, which acts as the organisation.</summary>
    public static ClaimsIdentity Of(string clientId, Guid organization, long epoch) =>
        Empty().SetClaim(Claims.Subject, clientId).SetClaim(HrmsClaims.Role, HrmsRoles.Organization).SetClaim(HrmsClaims.Organization, $"{organization:D}").SetClaim(HrmsClaims.Epoch, epoch);

    /// <summary>Which claim names the account's party; null: operators and auditors are nobody beside their account.</summary>
    public static string? PartyClaim(string role) => role switch
    {
        HrmsRoles.Patient => HrmsClaims.Patient,
        HrmsRoles.Practitioner => HrmsClaims.Practitioner,
        HrmsRoles.Administrator => HrmsClaims.Organization,
        _ => null,
    };

    /// <summary>Of a practitioner's app: the one patient whom its patient scopes mean, and the stay. Kept in codes and refresh tokens; the access token names the patient.</summary>
    public static void Open(ClaimsIdentity identity, PatientId? patient, RecordId? encounter)
    {
        if (patient is { } one)
            identity.SetClaim(HrmsClaims.Patient, $"{one.Value:D}");
        if (encounter is { } stay)
            identity.SetClaim(Encounter, $"{stay.Value:D}");
    }

    /// <summary>What a code or refresh token of a practitioner's app says of <see cref="Open"/>.</summary>
    public static (PatientId? Patient, RecordId? Encounter) OpenIn(ClaimsPrincipal given) => (
        Guid.TryParse(given.GetClaim(HrmsClaims.Patient), out var patient) ? new PatientId(patient) : null,
        Guid.TryParse(given.GetClaim(Encounter), out var encounter) ? new RecordId(encounter) : null);

    /// <summary>When whoever holds the token has to sign in again, however often they refreshed it.</summary>
    public static DateTimeOffset SignInDueAt(ClaimsPrincipal principal) =>
        DateTimeOffset.FromUnixTimeSeconds(NumberOf(principal, SignInDue));

    /// <summary>Whether nothing of the account changed that ends what was given out before: its password, its second factor, its passkeys.</summary>
    public static bool IsOfToday(ClaimsPrincipal principal, Account account) =>
        account.SecurityStamp is not null && principal.GetClaim(SecurityStamp) == account.SecurityStamp;

    public static SignedIn SignedInOf(ClaimsPrincipal principal) => new(
        DateTimeOffset.FromUnixTimeSeconds(NumberOf(principal, Claims.AuthenticationTime)), [.. principal.GetClaims(Claims.AuthenticationMethodReference)],
        NumberOf(principal, HrmsClaims.Epoch));

    public static string ContextClassOf(ClaimsPrincipal principal) =>
        principal.GetClaim(Claims.AuthenticationContextReference) ?? AuthenticationMethods.Classes[0];

    /// <summary>Which token shows a claim.</summary>
    public static IEnumerable<string> DestinationsOf(Claim claim) => claim.Type switch
    {
        SignInDue or SecurityStamp or Encounter => [],
        Claims.Subject => [Destinations.AccessToken, Destinations.IdentityToken],
        FhirUser => [Destinations.IdentityToken],
        Claims.AuthenticationTime or Claims.AuthenticationContextReference or Claims.AuthenticationMethodReference => [Destinations.AccessToken, Destinations.IdentityToken],
        _ => [Destinations.AccessToken],
    };

    private static long NumberOf(ClaimsPrincipal principal, string claim) => long.Parse(principal.GetClaim(claim)!, CultureInfo.InvariantCulture);

    private static ClaimsIdentity Empty() => new(AuthenticationType, Claims.Name, HrmsClaims.Role);
}
