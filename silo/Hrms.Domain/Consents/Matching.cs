using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// What it means for a provision to be about a request and a datum. Shared by nobody but the reference evaluator and, where it is not hot, the fast one:
/// the property test would be worth little if both leaned on the same code for the conflict rule, and it stays honest since matching one filter is one line each.
/// </summary>
internal static class Matching
{
    public static bool Grantee(Actor grantee, AccessRequest ask) => grantee.Kind switch
    {
        ActorKind.Anyone => true,
        ActorKind.Organization => ask.Memberships.Any(membership => membership.Group.Value == grantee.Id) || ask.Actor.Key() == grantee.Key(),
        ActorKind.CareTeam => ask.Memberships.Any(membership => membership.Group.Value == grantee.Id),
        ActorKind.Role => ask.Memberships.Any(membership => membership.Group.Value == grantee.Id && membership.Role is { } role && role == grantee.Role),
        ActorKind.App => grantee.ClientId is { } app && (ask.ClientId == app || ask.Actor.Key() == grantee.Key()),
        ActorKind.Delegate => ask.OnBehalf && ask.Actor.Kind == ActorKind.Patient && ask.Actor.Id == grantee.Id,
        ActorKind.Practitioner or ActorKind.Patient or ActorKind.Device => ask.Actor.Kind == grantee.Kind && ask.Actor.Id == grantee.Id,
        _ => false,
    };

    public static bool Grantee(Provision provision, AccessRequest ask) =>
        Grantee(provision.Grantee, ask) && (ask.IsProvider || !OpensTheRecordToAnyone(provision));

    /// <summary>Such a permit is for providers alone, like a default policy: anyone, where it is about the whole record, is no app, device or other patient.</summary>
    public static bool OpensTheRecordToAnyone(Provision provision) =>
        provision is { Type: ProvisionType.Permit, Grantee.Kind: ActorKind.Anyone } && !provision.Data.Narrows && provision.Data.Records.Count == 0;

    public static bool Context(Provision provision, AccessRequest ask) =>
        Grantee(provision, ask)
        && (provision.Purposes.Count == 0 || provision.Purposes.Contains(ask.Purpose))
        && (provision.Actions.Count == 0 || provision.Actions.Contains(ask.Action));

    /// <summary>How specifically a filter is about a datum; null when it is not about it.</summary>
    public static int? Data(DataFilter filter, Datum datum)
    {
        if (datum.Id is { } id && filter.Records.Contains(id))
            return Specificity.Record;
        if (filter.Records.Count > 0 && !filter.Narrows)
            return null;
        if (filter.Classes.Count > 0 && !filter.Classes.Contains(datum.Class))
            return null;
        if (filter.Authors.Count > 0 && !filter.Authors.Any(datum.Authors.Contains))
            return null;
        if (filter.Encounters.Count > 0 && !(datum.Encounter is { } encounter && filter.Encounters.Contains(encounter)))
            return null;
        if (filter.Labels.Count > 0 && !filter.Labels.Any(datum.Labels.Contains))
            return null;
        if (filter.Window is { } window && !(datum.Date is { } date && window.Contains(date)))
            return null;
        if (filter.Confidentialities is { Count: > 0 } confidentialities && !confidentialities.Contains(datum.Confidentiality))
            return null;
        if (filter.Resolutions is { Count: > 0 } resolutions && !(datum.Resolution is { } resolution && resolutions.Contains(resolution)))
            return null;
        return Specificity.Of(filter);
    }
}
