using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// Somebody broke the glass: for some minutes they may see the named part of this one patient's record although no consent allows it. Stronger than every
/// consent and weaker than the patient's opting out.
/// </summary>
public sealed record BrokenGlass(
    BreakGlassId Id, Actor By, string Reason, DataFilter Scope, DateTimeOffset At, DateTimeOffset Until, long StreamVersion)
{
    /// <summary>The organisations that answer for it; null where an older snapshot does not say.</summary>
    public IReadOnlyList<ProviderId>? Organizations { get; init; }

    /// <summary>Whether it is about this request; for <see cref="PurposeOfUse.BTG"/> alone, to look and to search, never to take a copy away.</summary>
    public bool AppliesTo(AccessRequest ask) =>
        ask.Actor == By && ask.Purpose == PurposeOfUse.BTG && ask.Action is AccessAction.View or AccessAction.Query && ask.Now >= At && ask.Now < Until;

    /// <summary>What it opens, written as a consent's rule: for explaining. It is never judged as a consent.</summary>
    public ConsentTerms AsTerms() => new(
        new Provision(ProvisionType.Permit, By, [PurposeOfUse.BTG], [AccessAction.View, AccessAction.Query], Scope), [], new Period(At, Until));

    public bool Covers(Datum datum) => Matching.Data(Scope, datum) is not null;
}
