using Hrms.Api.Identity.Pages;
using Hrms.Contracts;
using Microsoft.Extensions.Localization;

namespace Hrms.Api.Identity.OAuth;

/// <summary>What an app may do in plain words, for the consent screen and the account's page: "see your measurements and test results (only laboratory)".</summary>
internal static class ScopeWords
{
    /// <summary>In the order in which a person wants to know: what the app sees and does, then the rest.</summary>
    /// <param name="asPatient">Whether the person is the patient; else one of theirs is meant.</param>
    public static IReadOnlyList<string> InWords(this IStringLocalizer<Words> words, IEnumerable<string> scopes, bool asPatient = true) =>
    [
        .. scopes.Select(scope => (Scope: scope, Resource: HrmsScopes.Resource(scope)))
            .OrderByDescending(one => one.Scope == Auth.TokenScope.Account).ThenByDescending(one => one.Resource is not null)
            .Select(one => one.Resource is { } resource ? words.Of(resource, asPatient)
                : words[one.Scope == HrmsScopes.LaunchPatient && !asPatient ? "Scope.ChosenPatient" : $"Scope.{one.Scope}"].Value).Distinct(),
    ];

    private static string Of(this IStringLocalizer<Words> words, ResourceScope scope, bool asPatient)
    {
        List<string> verbs = [];
        if ((scope.Interactions & (ScopeInteractions.Read | ScopeInteractions.Search)) != ScopeInteractions.None)
            verbs.Add(words["Scope.See"]);
        if (scope.Interactions.HasFlag(ScopeInteractions.Create))
            verbs.Add(words["Scope.AddTo"]);
        if (scope.Interactions.HasFlag(ScopeInteractions.Update))
            verbs.Add(words["Scope.Change"]);
        var whose = asPatient ? "Type" : "TypeOfOthers";
        var type = scope.ResourceType ?? "*";
        // Kinds and categories that we have no words for are named as FHIR does.
        var what = words[$"Scope.{whose}.{type}"] is { ResourceNotFound: false } known ? known : words["Scope.OfKind", type];
        string? category = scope.Category is not { } only ? null : words[$"Scope.Category.{only.Code}"] is { ResourceNotFound: false } named ? named.Value : only.Code;
        var (verb, within) = (string.Join(words["Scope.And"], verbs), category is null ? "" : words["Scope.Only", category].Value);
        if (!asPatient)
            return words[scope.Context == ScopeContext.Patient ? "Scope.PartOfPatient" : "Scope.PartOfOthers", verb, what.Value, within];
        return words["Scope.Part", verb, what.Value, within, scope.Context == ScopeContext.Patient ? "" : words["Scope.OfOthers"].Value];
    }
}
