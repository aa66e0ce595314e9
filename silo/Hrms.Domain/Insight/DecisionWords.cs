using System.Globalization;
using Hrms.Contracts;

namespace Hrms.Domain.Insight;

/// <summary>Decisions and provisions in plain words, for patients. Parties are named by kind and id: an app puts their names in place.</summary>
public static class DecisionWords
{
    /// <param name="terms">What the deciding consent said; null when none decided.</param>
    public static string Of(Decision decision, ConsentTerms? terms) => decision.Reason switch
    {
        DecisionReason.Self => "It is the patient's own record.",
        DecisionReason.Permitted or DecisionReason.Denied when terms is not null && decision.Exception is { } exception =>
            $"Exception {exception + 1} of the consent {decision.Consent}, version {decision.ConsentVersion}, decides: it {Of(terms.Exceptions[exception])}.",
        DecisionReason.Permitted or DecisionReason.Denied when terms is not null =>
            $"The rule of the consent {decision.Consent}, version {decision.ConsentVersion}, decides: it {Of(terms.Rule)}.",
        DecisionReason.Delegated => $"The patient appointed this person as a delegate ({decision.Consent}).",
        DecisionReason.DefaultPolicy => "No consent is about it, and the patient's default permits it.",
        DecisionReason.NoConsent => "No consent is about it, and the patient's default denies it.",
        DecisionReason.BreakGlass when terms is { Validity.Until: { } until } =>
            $"The glass was broken in an emergency ({decision.Consent}): until {Of(until)} it {Of(terms.Rule)}.",
        DecisionReason.OptedOut => "The patient has closed the whole record.",
        DecisionReason.FrequencyExceeded => $"The consent {decision.Consent}, version {decision.ConsentVersion}, would permit it but was used as often as it allows.",
        DecisionReason.PurgeOverdue => "The asker still holds data that was to be purged.",
        DecisionReason.LedgerAhead => "The ledger holds more than the hospital's database, so the record is closed to everybody but the patient until the two agree.",
        DecisionReason.OutOfScope => "It would be permitted, but what the app was allowed does not reach it.",
        DecisionReason.TokenEnded => "The asker's token was ended before.",
        DecisionReason.NoSuchRecord => "There is no such record.",
        _ => decision.Permitted ? "It is permitted." : "It is not permitted.",
    };

    /// <summary>Completes a sentence that begins with "it": permits or denies whom what for what.</summary>
    public static string Of(Provision provision) =>
        $"{(provision.Type == ProvisionType.Permit ? "permits" : "denies")} {Of(provision.Grantee)} "
        + $"{(provision.Actions.Count == 0 ? "anything" : List(provision.Actions))} with {Of(provision.Data)} for {(provision.Purposes.Count == 0 ? "any purpose" : List(provision.Purposes))}";

    public static string Of(Actor grantee) => grantee.Kind switch
    {
        ActorKind.Anyone => "anyone",
        ActorKind.Organization => $"the organisation {grantee.Id}",
        ActorKind.CareTeam => $"the care team {grantee.Id}",
        ActorKind.Role => $"everybody with the role {grantee.Role} in {grantee.Id}",
        ActorKind.App => $"whoever uses the app {grantee.ClientId}",
        ActorKind.Delegate => $"the delegate {grantee.Id}",
        _ => $"the {grantee.Kind.ToString().ToLowerInvariant()} {grantee.Id}",
    };

    public static string Of(DataFilter data)
    {
        List<string> parts = [];
        if (data.Classes.Count > 0)
            parts.Add(List(data.Classes));
        if (data.Authors.Count > 0)
            parts.Add($"what {List(data.Authors)} wrote");
        if (data.Encounters.Count > 0)
            parts.Add($"what belongs to {List(data.Encounters)}");
        if (data.Labels.Count > 0)
            parts.Add($"what is labelled {List(data.Labels)}");
        if (data.Confidentialities is { Count: > 0 } confidentialities)
            parts.Add($"confidentiality {List(confidentialities)}");
        if (data.Resolutions is { Count: > 0 } resolutions)
            parts.Add($"samples by {List(resolutions)}");
        if (data.Window is { } window)
            parts.Add($"dates {(window.From is { } from ? $"from {Of(from)} " : "")}{(window.Until is { } until ? $"before {Of(until)}" : "on")}");
        var chosen = parts.Count == 0 ? null : string.Join(" and ", parts);
        return data.Records.Count == 0 ? chosen ?? "all data"
            : chosen is null ? $"{data.Records.Count} single record(s)"
            : $"{chosen}, and {data.Records.Count} single record(s)";
    }

    public static string List<T>(IEnumerable<T> items) => string.Join(", ", items);

    private static string Of(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
