using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// The published order of "more specific": first by data (single record, then author, encounter, label, confidentiality or resolution, then class or time window, then all), then by
/// grantee (a person or an app, a role, a team, an organisation, anyone), then a named purpose before any, then a named action before any. One number, so that comparing is plain.
/// </summary>
internal static class Specificity
{
    public const int All = 0, ClassOrWindow = 1, Narrow = 2, Record = 3;

    public static int Of(DataFilter filter) =>
        filter.Authors.Count + filter.Encounters.Count + filter.Labels.Count > 0
            || filter.Confidentialities is { Count: > 0 } || filter.Resolutions is { Count: > 0 } ? Narrow
        : filter.Classes.Count > 0 || filter.Window is not null ? ClassOrWindow
        : All;

    /// <summary>Everything but the data part.</summary>
    public static int OfContext(Provision provision) =>
        (100 * OfGrantee(provision.Grantee.Kind)) + (provision.Purposes.Count > 0 ? 10 : 0) + (provision.Actions.Count > 0 ? 1 : 0);

    public static int Combine(int data, int context) => (1000 * data) + context;

    /// <summary>An exception holds inside its rule and so is at least as specific, part by part.</summary>
    public static int WithinContext(Provision rule, Provision exception) =>
        (100 * Math.Max(OfGrantee(rule.Grantee.Kind), OfGrantee(exception.Grantee.Kind)))
        + (rule.Purposes.Count + exception.Purposes.Count > 0 ? 10 : 0)
        + (rule.Actions.Count + exception.Actions.Count > 0 ? 1 : 0);

    private static int OfGrantee(ActorKind kind) => kind switch
    {
        ActorKind.Anyone => 0,
        ActorKind.Organization => 1,
        ActorKind.CareTeam => 2,
        ActorKind.Role => 3,
        _ => 4,
    };
}
