using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>Terms that can be meant: what is refused names its place in the input.</summary>
public static class ConsentTermsRules
{
    // The kinds a rule can name today. A kind that no evaluator knows must be refused: a deny that never matches would widen access.
    private static readonly ActorKind[] Kinds =
        [ActorKind.Anyone, ActorKind.Organization, ActorKind.CareTeam, ActorKind.Role, ActorKind.Practitioner, ActorKind.App, ActorKind.Delegate];

    public static Refusal? Check(ConsentTerms terms, DateTimeOffset now)
    {
        if (terms.Exceptions.Count > Limits.FilterEntriesMax)
            return TooMany("terms.exceptions");
        if (CheckProvision(terms.Rule, "terms.rule") is { } wrongRule)
            return wrongRule;
        for (var i = 0; i < terms.Exceptions.Count; i++)
        {
            if (CheckProvision(terms.Exceptions[i], $"terms.exceptions[{i}]") is { } wrong)
                return wrong;
        }
        if (CheckPeriod(terms.Validity, "terms.validity") is { } wrongPeriod)
            return wrongPeriod;
        if (terms.Validity.Until is { } until && until <= now)
            return new Refusal(RefusalCode.Invalid, "The consent would end before it begins: its end has passed.", "terms.validity.until");
        if (terms.KeepUntil is { } keep && (keep <= now || (terms.Validity.From is { } from && keep < from)))
            return new Refusal(RefusalCode.Invalid, "What is received may be kept until a moment in the future, not before the consent begins.", "terms.keepUntil");
        if (terms.Frequency is { } frequency && !(frequency is { Frequency: >= 1 and <= 1_000_000, Period: >= 1 and <= 1_000 } && Enum.IsDefined(frequency.PeriodUnit)))
            return new Refusal(RefusalCode.Invalid, "A consent may be used at least once in a period of 1 to 1,000 minutes, hours, days or weeks.", "terms.frequency");
        return null;
    }

    private static Refusal? CheckProvision(Provision provision, string place)
    {
        if (!Enum.IsDefined(provision.Type))
            return new Refusal(RefusalCode.Invalid, "A provision permits or denies.", $"{place}.type");
        if (CheckGrantee(provision.Grantee, $"{place}.grantee") is { } wrongGrantee)
            return wrongGrantee;
        if (Matching.OpensTheRecordToAnyone(provision) && provision.Purposes.Count == 0)
            return new Refusal(RefusalCode.Invalid, "A whole record is not opened to anyone at all. Name who, for which purposes, or which part.", $"{place}.grantee");
        if (provision.Actions.Any(action => !Enum.IsDefined(action)))
            return new Refusal(RefusalCode.Invalid, "Unknown action.", $"{place}.actions");
        if (provision.Purposes.Count > Limits.FilterEntriesMax)
            return TooMany($"{place}.purposes");
        if (provision.Actions.Count > Limits.FilterEntriesMax)
            return TooMany($"{place}.actions");
        return CheckData(provision.Data, $"{place}.data");
    }

    internal static Refusal? CheckData(DataFilter data, string place)
    {
        if (data.Classes.Any(dataClass => !Enum.IsDefined(dataClass)))
            return new Refusal(RefusalCode.Invalid, "Unknown data class.", $"{place}.classes");
        if (data.Window is { From: null, Until: null })
            return new Refusal(RefusalCode.Invalid, "A time window has a start, an end, or both. Leave it out to mean any time.", $"{place}.window");
        if (data.Confidentialities?.All(code => Enum.IsDefined(code)) == false)
            return new Refusal(RefusalCode.Invalid, "Unknown confidentiality.", $"{place}.confidentialities");
        if (data.Resolutions?.All(resolution => Enum.IsDefined(resolution)) == false)
            return new Refusal(RefusalCode.Invalid, "Unknown resolution.", $"{place}.resolutions");
        if (data.Labels.Any(label => string.IsNullOrWhiteSpace(label) || label.Length > Limits.CodeLengthMax))
            return new Refusal(RefusalCode.Invalid, $"A label is a code of 1 to {Limits.CodeLengthMax} characters.", $"{place}.labels");
        int[] counts =
        [
            data.Classes.Count, data.Records.Count, data.Authors.Count, data.Encounters.Count, data.Labels.Count, data.Confidentialities?.Count ?? 0,
            data.Resolutions?.Count ?? 0,
        ];
        if (counts.Any(count => count > Limits.FilterEntriesMax))
            return TooMany(place);
        return data.Window is { } window ? CheckPeriod(window, $"{place}.window") : null;
    }

    private static Refusal? CheckGrantee(Actor grantee, string place)
    {
        if (!Kinds.Contains(grantee.Kind))
            return new Refusal(RefusalCode.Invalid, "A grantee is a practitioner, an organisation, a care team, a role, an app, a delegate, or anyone.", $"{place}.kind");
        if ((grantee.Kind is ActorKind.Anyone or ActorKind.App) != (grantee.Id == Guid.Empty))
            return new Refusal(RefusalCode.Invalid, "A party is named by its id; anyone and an app have none.", $"{place}.id");
        if (!IsCode(grantee.Role, grantee.Kind == ActorKind.Role))
            return new Refusal(RefusalCode.Invalid, $"A role within an organisation is named by a code of 1 to {Limits.CodeLengthMax} characters; nobody else has one.", $"{place}.role");
        if (!IsCode(grantee.ClientId, grantee.Kind == ActorKind.App))
            return new Refusal(RefusalCode.Invalid, $"An app is named by its client id of 1 to {Limits.CodeLengthMax} characters; nobody else has one.", $"{place}.clientId");
        return null;
    }

    private static bool IsCode(string? code, bool needed) => needed ? !string.IsNullOrWhiteSpace(code) && code.Length <= Limits.CodeLengthMax : code is null;

    private static Refusal? CheckPeriod(Period period, string place) =>
        period is { From: { } from, Until: { } until } && until <= from
            ? new Refusal(RefusalCode.Invalid, "A period ends after it begins.", place)
            : null;

    private static Refusal TooMany(string place) =>
        new(RefusalCode.LimitExceeded, $"At most {Limits.FilterEntriesMax} entries.", place);
}
