using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using Hrms.Api.Fhir;
using Hrms.Contracts;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Hrms.Api.Auth;

/// <summary>The names of the claims that the edges read. Whoever issues tokens writes these; the edges check no others.</summary>
public static class HrmsClaims
{
    public const string Role = "role";
    public const string Patient = "patient";
    public const string Practitioner = "practitioner";
    public const string Organization = "organization";
    public const string Device = "device";

    /// <summary>The patient for whom the person behind the token acts, as a delegate; only beside <see cref="Patient"/>, the person's own.</summary>
    public const string OnBehalfOf = "on_behalf_of";

    /// <summary>IHE IUA, 3.71.4.2.2.1: pins the purpose of use of everything that is asked with the token. One that can't be understood makes the token no good.</summary>
    public const string PurposeOfUse = "purpose_of_use";
    public const string ClientId = "client_id";

    /// <summary>The epoch of the person's tokens that it was issued in (<see cref="TokenEpoch"/>). Issuers that know of none are judged by <c>iat</c>.</summary>
    public const string Epoch = "hrms_epoch";

    /// <summary>What the token is good for (<see cref="TokenScope"/>).</summary>
    public const string Scope = "scope";
}

/// <summary>The roles a token may have.</summary>
public static class HrmsRoles
{
    public const string Patient = "patient";
    public const string Practitioner = "practitioner";
    public const string Organization = "organization";
    public const string Device = "device";
    public const string Operator = "operator";

    /// <summary>A person who runs an organisation's accounts; the claim <see cref="HrmsClaims.Organization"/> says whose.</summary>
    public const string Administrator = "administrator";

    /// <summary>A person who reads how system and ledger fare.</summary>
    public const string Auditor = "auditor";
}

/// <summary>Who asks, as the token says it. Made once per request by every edge; what may be asked is decided in the grains.</summary>
public static class CurrentAsker
{
    /// <param name="purpose">The purpose the request names; the token's own wins when it pins one.</param>
    /// <exception cref="UnauthorizedAccessException">The token names no party. The authentication middleware does not let such a token in.</exception>
    public static Asker Of(ClaimsPrincipal? user, PurposeOfUse? purpose = null, string? correlationId = null)
    {
        var actor = ActorOf(user) ?? throw new UnauthorizedAccessException("The token names no party.");
        Actor? principal = TryId(user!, HrmsClaims.OnBehalfOf, out var ward) ? Actor.Patient(new PatientId(ward)) : null;
        var why = PinnedBy(user!) ?? purpose ?? (principal is not null ? PurposeOfUse.FAMRQT : actor.Kind == ActorKind.Patient ? PurposeOfUse.PATRQT : PurposeOfUse.TREAT);
        return new Asker(actor, why, principal, user!.FindFirstValue(HrmsClaims.ClientId), correlationId, TokenScope.Of(user!), TokenName.Of(user!)) { Token = FactsOf(user!) };
    }

    private static TokenFacts FactsOf(ClaimsPrincipal user) =>
        new(NumberOf(user, HrmsClaims.Epoch), TimeOf(user, JwtRegisteredClaimNames.Iat), TimeOf(user, JwtRegisteredClaimNames.AuthTime));

    private static DateTimeOffset? TimeOf(ClaimsPrincipal user, string claim) =>
        NumberOf(user, claim) is { } seconds and >= 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    /// <summary>A claim that is there several times, or is no number, says nothing.</summary>
    private static long? NumberOf(ClaimsPrincipal user, string claim) =>
        user.FindAll(claim).ToList() is [{ Value: var text }] && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The party a token is for; null when its role and its ids do not fit each other, or it pins a purpose that can't be understood.</summary>
    public static Actor? ActorOf(ClaimsPrincipal? user) => user?.FindFirstValue(HrmsClaims.Role) switch
    {
        // Whom somebody acts for must be said well: a token that says it badly must not pass for the person's own.
        var role when user?.HasClaim(claim => claim.Type == HrmsClaims.OnBehalfOf) == true && (role != HrmsRoles.Patient || !TryId(user, HrmsClaims.OnBehalfOf, out _)) => null,
        // A pin that nobody can read must not leave the choice to who asks.
        _ when user?.HasClaim(claim => claim.Type == HrmsClaims.PurposeOfUse) == true && PinnedBy(user) is null => null,
        HrmsRoles.Patient when TryId(user, HrmsClaims.Patient, out var id) => new Actor(ActorKind.Patient, id),
        HrmsRoles.Practitioner when TryId(user, HrmsClaims.Practitioner, out var id) => new Actor(ActorKind.Practitioner, id),
        HrmsRoles.Organization when TryId(user, HrmsClaims.Organization, out var id) => new Actor(ActorKind.Organization, id),
        HrmsRoles.Device when TryId(user, HrmsClaims.Device, out var id) && TryId(user, HrmsClaims.Patient, out _) => new Actor(ActorKind.Device, id),
        HrmsRoles.Operator when TryId(user, "sub", out var id) => new Actor(ActorKind.Operator, id),
        HrmsRoles.Administrator when TryId(user, "sub", out var id) && TryId(user, HrmsClaims.Organization, out _) => new Actor(ActorKind.Administrator, id),
        HrmsRoles.Auditor when TryId(user, "sub", out var id) => new Actor(ActorKind.Auditor, id),
        _ => null,
    };

    /// <summary>The one purpose that a token pins: as text (<c>TREAT</c>, <c>system|code</c>), or as IUA writes it, an object of system and code. Null when there is none, or no single one.</summary>
    private static PurposeOfUse? PinnedBy(ClaimsPrincipal user) => user.FindAll(HrmsClaims.PurposeOfUse).ToList() switch
    {
        [{ ValueType: JsonClaimValueTypes.Json, Value: var coding }] => OfCoding(coding),
        [{ Value: var text }] => PurposeOfUse.TryParse(text, out var purpose) ? purpose : null,
        _ => null,
    };

    private static PurposeOfUse? OfCoding(string json)
    {
        try
        {
            using var coding = JsonDocument.Parse(json);
            return coding.RootElement.ValueKind == JsonValueKind.Object ? PurposeOfUse.Find(coding.RootElement.Text("system"), coding.RootElement.Text("code")) : null;
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException)
        {
            // Too deep, or a text with half a character, which InvalidOperationException tells of.
            return null;
        }
    }

    public static bool TryId(ClaimsPrincipal user, string claim, [MaybeNullWhen(false)] out Guid id) =>
        Guid.TryParse(user.FindFirstValue(claim), out id) && id != Guid.Empty;
}
