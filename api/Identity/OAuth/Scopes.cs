using Hrms.Api.Auth;
using Hrms.Api.Fhir;
using Hrms.Contracts;

namespace Hrms.Api.Identity.OAuth;

/// <summary>What an app may ask for. The words that the person reads before saying yes: <see cref="ScopeWords"/>.</summary>
internal static class HrmsScopes
{
    public const string OpenId = "openid", OfflineAccess = "offline_access", FhirUser = "fhirUser", LaunchPatient = "launch/patient", Launch = "launch";

    /// <summary>Those that are no resource scopes; <c>Words.resx</c> has a line for each.</summary>
    private static readonly string[] Named = [OpenId, FhirUser, LaunchPatient, Launch, OfflineAccess, TokenScope.Account];

    /// <summary>What discovery names. Of the resource scopes the widest: an app asks for as little as it needs.</summary>
    public static readonly IReadOnlyList<string> Supported = [.. Named, "patient/*.crus", "user/*.crus", "system/*.crus"];

    /// <summary>A resource scope of types and parameters that we know; null: none.</summary>
    public static ResourceScope? Resource(string scope) =>
        ResourceScope.TryParse(scope, out var resource) && (resource.ResourceType is null || ResourceClasses.Knows(resource.ResourceType))
        && (resource.Category is null || CategoryClasses.TypesInScopes.Contains(resource.ResourceType!))
        // Nothing is ever deleted by an app here: a yes to it would be a promise that nobody keeps.
        && !resource.Interactions.HasFlag(ScopeInteractions.Delete) ? resource : null;

    public static bool IsKnown(string scope) => Named.Contains(scope) || Resource(scope) is not null;

    /// <summary>Whether a client that registered some scopes may ask for one: it, or one that allows less.</summary>
    public static bool IsWithin(string scope, IEnumerable<string> registered) =>
        registered.Any(one => one == scope || (Resource(scope) is { } asked && Resource(one) is { } known && asked.IsWithin(known)));
}
