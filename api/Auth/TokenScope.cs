using System.Security.Claims;
using Hrms.Contracts;

namespace Hrms.Api.Auth;

/// <summary>
/// What a token's scopes let its holder do, whoever issued it (RFC 9068, 2.2.3; SMART App Launch 2). <see cref="Account"/>: all that the party may do. Otherwise the resource
/// scopes, and what can't be understood allows nothing.
/// </summary>
public static class TokenScope
{
    public const string Account = "account";

    /// <summary>As our own server's check of its tokens leaves them, one claim a scope.</summary>
    private const string OfOurServer = "oi_scp";

    /// <summary>More than any app asks for; a token with more reaches nothing.</summary>
    private const int ScopesMax = 100;

    /// <returns>Null: all that the party may do.</returns>
    public static AppScope? Of(ClaimsPrincipal user)
    {
        List<string> scopes = [.. user.Claims.Where(claim => claim.Type is HrmsClaims.Scope or OfOurServer).SelectMany(claim => claim.Value.Split(' '))];
        if (scopes.Contains(Account))
            return null;
        List<ResourceScope> resources = [];
        foreach (var text in scopes.Count <= ScopesMax ? scopes : [])
        {
            if (ResourceScope.TryParse(text, out var scope))
                resources.Add(scope);
        }
        return new AppScope(resources, PatientOf(user));
    }

    /// <summary>Whether the token is good for all that the party may do.</summary>
    public static bool IsWholeAccount(ClaimsPrincipal user) => Of(user) is null;

    /// <summary>The one patient that "patient/" means: whom the person acts for, else the one that the token names.</summary>
    private static PatientId? PatientOf(ClaimsPrincipal user) =>
        CurrentAsker.TryId(user, HrmsClaims.OnBehalfOf, out var ward) ? new PatientId(ward)
        : CurrentAsker.TryId(user, HrmsClaims.Patient, out var id) ? new PatientId(id)
        : null;
}
