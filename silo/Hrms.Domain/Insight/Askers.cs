using Hrms.Contracts;
using Hrms.Domain.Consents;

namespace Hrms.Domain.Insight;

/// <summary>Everybody whom a patient's consents could be about, as who they would ask.</summary>
public static class Askers
{
    /// <summary>Every grantee of a consent in force or to come, every delegate, and who has broken the glass; first of all anyone whom nothing names.</summary>
    public static IReadOnlyList<Actor> NamedBy(ConsentBook book, DateTimeOffset now)
    {
        var consents = book.Judged.Where(consent => consent.RevokedAt is null && !(consent.Terms.Validity.Until <= now));
        var grantees = consents.SelectMany(consent => consent.Terms.Exceptions.Append(consent.Terms.Rule).Select(provision => provision.Grantee.Key()));
        var breakers = book.BrokenGlasses.Where(glass => now < glass.Until).Select(glass => glass.By);
        return [.. grantees.Concat(breakers).Prepend(Actor.Anyone).Distinct()];
    }

    /// <summary>The purposes that consents tell apart: HL7's, and those of other code systems that some provision names.</summary>
    public static IReadOnlyList<PurposeOfUse> Purposes(params ConsentBook[] books) =>
        [.. PurposeOfUse.OfHl7.Union(books.SelectMany(book => book.Judged).Where(consent => consent.RevokedAt is null)
            .SelectMany(consent => consent.Terms.Exceptions.Prepend(consent.Terms.Rule)).SelectMany(provision => provision.Purposes))];

    /// <summary>
    /// The question as the grantee would ask it. A team, a role and an app ask through a practitioner whom nothing else names; an organisation in its own name.
    /// </summary>
    /// <param name="memberships">Of a practitioner: the groups they belong to.</param>
    public static AccessRequest As(
        Actor grantee, IReadOnlyCollection<Membership> memberships, PurposeOfUse purpose, AccessAction action, DateTimeOffset now) => grantee.Kind switch
    {
        ActorKind.Practitioner or ActorKind.Patient or ActorKind.Device => new AccessRequest(grantee, memberships, purpose, action, now),
        ActorKind.Organization => new AccessRequest(grantee, [new Membership(new ProviderId(grantee.Id))], purpose, action, now),
        ActorKind.CareTeam or ActorKind.Role => new AccessRequest(Nobody, [new Membership(new ProviderId(grantee.Id), grantee.Role)], purpose, action, now),
        ActorKind.App => new AccessRequest(Nobody, [], purpose, action, now, grantee.ClientId),
        ActorKind.Delegate => new AccessRequest(Actor.Patient(new PatientId(grantee.Id)), [], purpose, action, now, OnBehalf: true),
        _ => new AccessRequest(Nobody, [], purpose, action, now),
    };

    /// <summary>The question that is to be explained: a party's own, or that of whoever belongs to a group.</summary>
    public static AccessRequest Of(ExplainAccess query, IReadOnlyCollection<Membership> memberships, DateTimeOffset at) =>
        query.Who.Kind is ActorKind.Practitioner or ActorKind.Organization or ActorKind.Patient or ActorKind.Device
            ? new AccessRequest(query.Who, memberships, query.Purpose, query.Action, at, query.ClientId, query.OnBehalf)
            : As(query.Who, memberships, query.Purpose, query.Action, at);

    private static Actor Nobody { get; } = Actor.Practitioner(default);
}
