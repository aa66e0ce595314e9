using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// Provisions as sets of questions and data: what lies inside what, and what never meets. Each yes is certain; where it would depend on who is a member of
/// what, or on a record's labels, the answer is no. Their type counts only where it decides whom they are about. Used to prove narrowings and to find provisions that never decide.
/// </summary>
internal static class ProvisionSets
{
    /// <summary>Whether everything that all of <paramref name="parts"/> are about, <paramref name="whole"/> is about.</summary>
    public static bool Inside(ReadOnlySpan<Provision> parts, Provision whole)
    {
        bool grantee = false, purposes = false, actions = false, data = false;
        foreach (var part in parts)
        {
            grantee |= GranteeInside(part, whole);
            purposes |= Inside(part.Purposes, whole.Purposes);
            actions |= Inside(part.Actions, whole.Actions);
            data |= Inside(part.Data, whole.Data);
        }
        return grantee && purposes && actions && data;
    }

    /// <summary>Whether no question about any datum is what both are about.</summary>
    public static bool Apart(Provision a, Provision b) =>
        Apart(a.Grantee, b.Grantee) || Apart(a.Purposes, b.Purposes) || Apart(a.Actions, b.Actions) || Apart(a.Data, b.Data);

    private static bool GranteeInside(Provision part, Provision whole) =>
        Inside(part.Grantee, whole.Grantee) && (!Matching.OpensTheRecordToAnyone(whole) || IsOfProviders(part));

    /// <summary>Whether only who <see cref="AccessRequest.IsProvider"/> holds for is meant; a member of an organisation or a team could be an app.</summary>
    private static bool IsOfProviders(Provision part) => part.Grantee.Kind == ActorKind.Practitioner || Matching.OpensTheRecordToAnyone(part);

    private static bool Inside(Actor part, Actor whole) =>
        whole.Kind == ActorKind.Anyone
        || part.Key() == whole.Key()
        // Who has a role somewhere is a member there.
        || (part.Kind == ActorKind.Role && whole.Kind is ActorKind.Organization or ActorKind.CareTeam && part.Id == whole.Id);

    private static bool Apart(Actor a, Actor b) => IsOnePerson(a) && IsOnePerson(b) && a.Key() != b.Key();

    private static bool IsOnePerson(Actor actor) => actor.Kind is ActorKind.Practitioner or ActorKind.Delegate;

    private static bool Inside(DataFilter part, DataFilter whole)
    {
        var wholeChooses = Chooses(whole);
        if (wholeChooses && !whole.Narrows)
            return true;
        return part.Records.All(whole.Records.Contains)
            && (!Chooses(part)
                || (wholeChooses
                    && Inside(part.Classes, whole.Classes)
                    && Inside(part.Authors, whole.Authors)
                    && Inside(part.Encounters, whole.Encounters)
                    && Inside(part.Labels, whole.Labels)
                    && Inside(part.Confidentialities, whole.Confidentialities)
                    && Inside(part.Resolutions, whole.Resolutions)
                    && Inside(part.Window, whole.Window)));
    }

    // A datum may have several authors and labels, so that filters by different ones may still meet in it.
    private static bool Apart(DataFilter a, DataFilter b)
    {
        if (!Chooses(a) && !Chooses(b))
            return Apart(a.Records, b.Records);
        return a.Records.Count == 0 && b.Records.Count == 0
            && (Apart(a.Classes, b.Classes) || Apart(a.Encounters, b.Encounters) || Apart(a.Confidentialities, b.Confidentialities)
                || Apart(a.Resolutions, b.Resolutions) || Apart(a.Window, b.Window));
    }

    /// <summary>Whether it is about more than the single records that it names.</summary>
    private static bool Chooses(DataFilter filter) => filter.Narrows || filter.Records.Count == 0;

    /// <summary>An empty list of a provision means any.</summary>
    private static bool Inside<T>(IReadOnlyList<T>? part, IReadOnlyList<T>? whole) =>
        whole is null or [] || (part is { Count: > 0 } && part.All(whole.Contains));

    private static bool Inside(Period? part, Period? whole) =>
        whole is null || (part is not null && (whole.From is null || part.From >= whole.From) && (whole.Until is null || part.Until <= whole.Until));

    private static bool Apart<T>(IReadOnlyList<T>? a, IReadOnlyList<T>? b) => a is { Count: > 0 } && b is { Count: > 0 } && !a.Any(b.Contains);

    private static bool Apart(Period? a, Period? b) => a is not null && b is not null && (a.Until <= b.From || b.Until <= a.From);
}
