using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.OAuth;

/// <summary>What an app may do in plain words, for the consent screen and the account's page: "see your measurements and test results (only laboratory)".</summary>
internal static class ScopeWords
{
    /// <summary>In the order in which a person wants to know: what the app sees and does, then the rest.</summary>
    public static IReadOnlyList<string> InWords(this IStringLocalizer<Words> words, IEnumerable<string> scopes) =>
    [
        .. scopes.Select(scope => (Scope: scope, Resource: HrmsScopes.Resource(scope)))
            .OrderByDescending(one => one.Scope == Auth.TokenScope.Account).ThenByDescending(one => one.Resource is not null)
            .Select(one => one.Resource is { } resource ? words.Of(resource) : words[$"Scope.{one.Scope}"].Value).Distinct(),
    ];

    private static string Of(this IStringLocalizer<Words> words, ResourceScope scope)
    {
        List<string> verbs = [];
        if ((scope.Interactions & (ScopeInteractions.Read | ScopeInteractions.Search)) != ScopeInteractions.None)
            verbs.Add(words["Scope.See"]);
        if (scope.Interactions.HasFlag(ScopeInteractions.Create))
            verbs.Add(words["Scope.AddTo"]);
        if (scope.Interactions.HasFlag(ScopeInteractions.Update))
            verbs.Add(words["Scope.Change"]);
        var type = scope.ResourceType ?? "*";
        // Kinds and categories that we have no words for are named as FHIR does.
        var what = words[$"Scope.Type.{type}"] is { ResourceNotFound: false } known ? known : words["Scope.OfKind", type];
        string? category = scope.Category is not { } only ? null : words[$"Scope.Category.{only.Code}"] is { ResourceNotFound: false } named ? named.Value : only.Code;
        return words[
            "Scope.Part", string.Join(words["Scope.And"], verbs), what.Value, category is null ? "" : words["Scope.Only", category].Value,
            scope.Context == ScopeContext.Patient ? "" : words["Scope.OfOthers"].Value];
    }
}
