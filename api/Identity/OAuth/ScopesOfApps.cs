using Hrms.Contracts;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Hrms.Api.Identity.OAuth;

/// <summary>
/// Which scopes an app may ask for: those that there are, and of these no more than it was registered with. In the place of OpenIddict's own check, which compares names alone,
/// while resource scopes are without number and one may be a part of another. Asked by both endpoints before anything is agreed to or given.
/// </summary>
internal sealed class ScopesOfApps(IOpenIddictApplicationManager apps)
{
    private const int ScopesMax = 50;

    /// <param name="notHere">Whose data can't be meant: a patient's where nobody is signed in, a system's where somebody is.</param>
    /// <returns>What is wrong, for the app's developer; null: nothing.</returns>
    public async Task<string?> WrongWithAsync(OpenIddictRequest request, params ScopeContext[] notHere)
    {
        var asked = request.GetScopes();
        if (asked.Length > ScopesMax)
            return $"At most {ScopesMax} scopes.";
        if (asked.FirstOrDefault(scope => !HrmsScopes.IsKnown(scope)) is { } unknown)
            return $"There is no scope '{unknown}'. Resource scopes are SMART App Launch 2's, such as patient/Observation.rs?category=laboratory.";
        if (asked.FirstOrDefault(scope => HrmsScopes.Resource(scope) is { } resource && notHere.Contains(resource.Context)) is { } misplaced)
            return $"The scope '{misplaced}' is not for this grant.";
        var app = await apps.FindByClientIdAsync(request.ClientId!) ?? throw new InvalidOperationException("OpenIddict let an unknown client pass.");
        var registered = (await apps.GetPermissionsAsync(app)).Where(permission => permission.StartsWith(Permissions.Prefixes.Scope, StringComparison.Ordinal))
            .Select(permission => permission[Permissions.Prefixes.Scope.Length..]).ToList();
        return asked.FirstOrDefault(scope => !HrmsScopes.IsWithin(scope, registered)) is { } more ? $"The app was not registered with the scope '{more}'." : null;
    }
}
