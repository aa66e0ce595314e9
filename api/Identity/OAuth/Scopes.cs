using Hrms.Api.Auth;
using Hrms.Api.Fhir;
using Hrms.Contracts;

namespace Hrms.Api.Identity.OAuth;

/// <summary>What an app may ask for, each with the words that the person reads before saying yes.</summary>
internal static class HrmsScopes
{
    public const string OpenId = "openid", OfflineAccess = "offline_access", FhirUser = "fhirUser", LaunchPatient = "launch/patient", Launch = "launch";

    private static readonly Dictionary<string, string> Words = new()
    {
        [OpenId] = "know that it is you, by a number that stands for your account",
        [FhirUser] = "know who you are in the records",
        [LaunchPatient] = "know which record is yours",
        [Launch] = "know which patient you have open",
        [OfflineAccess] = "go on doing this while you are away, until you disconnect it",
        [TokenScope.Account] = "do everything that you can do here: read the whole record, add to it, and decide who else may see it",
    };

    /// <summary>What discovery names. Of the resource scopes the widest: an app asks for as little as it needs.</summary>
    public static readonly IReadOnlyList<string> Supported = [.. Words.Keys, "patient/*.crus", "user/*.crus", "system/*.crus"];

    /// <summary>A resource scope of types and parameters that we know; null: none.</summary>
    public static ResourceScope? Resource(string scope) =>
        ResourceScope.TryParse(scope, out var resource) && (resource.ResourceType is null || ResourceClasses.Knows(resource.ResourceType))
        && (resource.Category is null || CategoryClasses.TypesInScopes.Contains(resource.ResourceType!))
        // Nothing is ever deleted by an app here: a yes to it would be a promise that nobody keeps.
        && !resource.Interactions.HasFlag(ScopeInteractions.Delete) ? resource : null;

    public static bool IsKnown(string scope) => Words.ContainsKey(scope) || Resource(scope) is not null;

    /// <summary>Whether a client that registered some scopes may ask for one: it, or one that allows less.</summary>
    public static bool IsWithin(string scope, IEnumerable<string> registered) =>
        registered.Any(one => one == scope || (Resource(scope) is { } asked && Resource(one) is { } known && asked.IsWithin(known)));

    /// <summary>In the order in which a person wants to know: what the app sees and does, then the rest.</summary>
    /// <param name="asPatient">Whether the person is the patient; else one of theirs is meant.</param>
    public static IReadOnlyList<string> InWords(IEnumerable<string> scopes, bool asPatient = true) =>
    [
        .. scopes.Select(scope => (Scope: scope, Resource: Resource(scope)))
            .OrderByDescending(one => one.Scope == TokenScope.Account).ThenByDescending(one => one.Resource is not null)
            .Select(one => one.Resource is { } resource ? ScopeWords.Of(resource, asPatient)
                : one.Scope == LaunchPatient && !asPatient ? "know which patient you choose" : Words.GetValueOrDefault(one.Scope, one.Scope)).Distinct(),
    ];
}
