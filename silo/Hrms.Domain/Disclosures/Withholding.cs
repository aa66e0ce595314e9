using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Disclosures;

/// <summary>
/// What the patient is not told at this moment, since an official body's statement holds (45 CFR 164.528(a)(2)): what the body was permitted outside treatment, payment and operations, that it
/// received something, and the statement itself. That there is a line is told, and when: a history with holes can't be checked. It follows from the statements and the clock alone.
/// </summary>
public sealed class Withholding
{
    public static readonly Withholding None = new([], [], ConsentBook.Empty);

    private readonly IReadOnlyList<DisclosureSuspension> _holding;
    private readonly HashSet<Actor> _bodies;
    private readonly HashSet<Guid> _organizations;
    private readonly ConsentBook _consents;

    /// <param name="holding">Those that hold now.</param>
    /// <param name="members">The practitioners who belong to the organisations among them.</param>
    /// <param name="consents">By which is known who came in an organisation's name and belongs to it no longer.</param>
    public Withholding(IReadOnlyList<DisclosureSuspension> holding, IEnumerable<ProviderId> members, ConsentBook consents)
    {
        (_holding, _consents) = (holding, consents);
        _bodies = [.. holding.Select(suspension => suspension.Body), .. members.Select(Actor.Practitioner)];
        _organizations = [.. holding.Where(suspension => suspension.Body.Kind == ActorKind.Organization).Select(suspension => suspension.Body.Id)];
    }

    public bool Withholds(PatientEvent happened) => _holding.Count > 0 && happened switch
    {
        AccessHappened e => e.Decision.Permitted && !DisclosureRules.IsExempt(e.Asker)
            && (IsTo(e.Asker.Actor) || e.Records.Select(record => record.Decision).Append(e.Decision).Any(decision => IsGivenTo(decision.Consent))),
        DataDisclosed e => Withholds(e.Consent, e.Holder),
        PurgeAcknowledged e => Withholds(e.Consent, e.Holder),
        DisclosuresSuspended e => _holding.Any(suspension => suspension.Id == e.Suspension.Id),
        _ => false,
    };

    /// <summary>Whether it is not told that somebody holds data that they received under a consent.</summary>
    public bool Withholds(ConsentId consent, Actor holder) => _holding.Count > 0 && (IsTo(holder) || IsGivenTo(consent));

    /// <summary>The line as the patient may know it.</summary>
    public AccessLine Shown(AccessHappened happened, long version) => Withholds(happened) ? AccessLine.Withheld(version, happened.At, happened.PolicyVersion) : happened.Line(version);

    private bool IsTo(Actor actor) => _bodies.Contains(actor.Key());

    private bool IsGivenTo(ConsentId? consent) => consent is { } id && _consents.Find(id)?.Terms.Rule.Grantee is { Kind: ActorKind.Organization or ActorKind.Role } grantee && _organizations.Contains(grantee.Id);
}
