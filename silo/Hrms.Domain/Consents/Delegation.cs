using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// Somebody who acts for the patient. For deciding it is a consent like another: a permit to one person, whom more specific provisions override. So a
/// delegate never sees what the patient withheld from them, and there is no side door.
/// </summary>
/// <param name="Until">When it ends by itself: a date, or the ward's coming of age.</param>
public sealed record Delegation(
    DelegationId Id, PatientId Delegate, DelegateRole Role, DelegateLevel Level, DateTimeOffset From, DateTimeOffset? Until, DateTimeOffset? EndedAt,
    long StreamVersion)
{
    private static readonly AccessAction[] Doing = [AccessAction.Store, AccessAction.Export];
    private static readonly Confidentiality[] Restricted = [Confidentiality.R, Confidentiality.V];

    /// <summary>Who appointed, and who ended it before its time; null where an older snapshot does not say.</summary>
    public Actor? By { get; init; }

    public Actor? EndedBy { get; init; }

    public bool HoldsAt(DateTimeOffset now) => EndedAt is null && now >= From && (Until is null || now < Until);

    /// <summary>Whether this person may do now what the patient may do.</summary>
    public bool ActsAt(AccessRequest ask) => Level == DelegateLevel.Full && IsFor(ask) && HoldsAt(ask.Now);

    public Consent AsConsent()
    {
        var person = Actor.Delegate(Delegate);
        // A rule that named its actions would be more specific than the patient's plain denial, and a lower level would see more than a higher one. So lower levels only deny more.
        var rule = new Provision(ProvisionType.Permit, person, [], [], DataFilter.All);
        Provision[] exceptions =
        [
            .. Level == DelegateLevel.Full ? Array.Empty<Provision>() : [new Provision(ProvisionType.Deny, person, [], Doing, DataFilter.All)],
            .. Level == DelegateLevel.RestrictedView
                ? [new Provision(ProvisionType.Deny, person, [], [], DataFilter.All with { Confidentialities = Restricted })]
                : Array.Empty<Provision>(),
        ];
        return new Consent(
            new ConsentId(Id.Value), 1, new ConsentTerms(rule, exceptions, new Period(From, Until)), From, EndedAt, StreamVersion, []) { IsDelegation = true };
    }

    public DelegationView View(DateTimeOffset now) => new(
        Id, Delegate, Role, Level,
        EndedAt is not null ? DelegationStatus.Ended : Until is { } until && now >= until ? DelegationStatus.Expired : DelegationStatus.Active,
        From, Until, EndedAt, By, EndedBy, StreamVersion);

    private bool IsFor(AccessRequest ask) => ask.OnBehalf && ask.Actor.Kind == ActorKind.Patient && ask.Actor.Id == Delegate.Value;
}
