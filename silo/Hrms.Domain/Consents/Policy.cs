using Hrms.Contracts;

namespace Hrms.Domain.Consents;

/// <summary>
/// The fast evaluator: a patient's consents, compiled for asking. <see cref="For"/> picks once what applies to the asker; the <see cref="Scope"/> it returns
/// then judges each datum of a list. Equal to <see cref="ReferenceEvaluator"/> by property test.
/// </summary>
public sealed class Policy
{
    private readonly ConsentBook _book;
    private readonly Dictionary<Actor, GranteeConsents> _byGrantee = [];

    public Policy(ConsentBook book)
    {
        _book = book;
        foreach (var consent in book.Judged.Where(consent => consent.RevokedAt is null))
        {
            var compiled = new CompiledConsent(consent);
            if (!_byGrantee.TryGetValue(compiled.Grantee, out var consents))
                _byGrantee[compiled.Grantee] = consents = new GranteeConsents();
            consents.Add(compiled);
            NamesGroups |= compiled.NamesGroup;
        }
        Limited = [.. book.Consents.Values.Where(consent => consent.RevokedAt is null && consent.Terms.Frequency is not null)];
    }

    /// <summary>Whether some consent names an organisation, a care team or a role: only then the asker's memberships matter.</summary>
    public bool NamesGroups { get; }

    /// <summary>The consents that may be used only so often.</summary>
    public IReadOnlyList<Consent> Limited { get; }

    public Scope For(AccessRequest ask)
    {
        if (ask.LedgerAhead)
            return Scope.Closed(ask, DecisionReason.LedgerAhead);
        if (_book.OptedOut && !_book.ActsForPatient(ask))
            return Scope.Closed(ask, DecisionReason.OptedOut);
        var glasses = _book.BrokenGlasses.IsEmpty ? [] : _book.BrokenGlasses.Where(glass => glass.AppliesTo(ask)).OrderBy(glass => glass.Id.Value).ToList();
        if (ask.PurgeOverdue)
            return Scope.Closed(ask, DecisionReason.PurgeOverdue, glasses);
        List<CompiledConsent> general = [];
        List<GranteeConsents> named = [];
        foreach (var grantee in GranteesOf(ask))
        {
            if (!_byGrantee.TryGetValue(grantee, out var consents))
                continue;
            foreach (var consent in consents.General)
            {
                if (consent.AppliesTo(ask))
                    general.Add(consent);
            }
            if (consents.NamesRecords)
                named.Add(consents);
        }
        return new Scope(ask, _book.Default.Permits(ask), glasses, general, named);
    }

    private static HashSet<Actor> GranteesOf(AccessRequest ask)
    {
        HashSet<Actor> grantees = [Actor.Anyone, ask.Actor.Key()];
        foreach (var membership in ask.Memberships)
        {
            grantees.Add(Actor.Organization(membership.Group));
            grantees.Add(Actor.CareTeam(membership.Group));
            if (membership.Role is not null)
                grantees.Add(Actor.RoleWithin(membership.Group, membership.Role));
        }
        if (ask.ClientId is not null)
            grantees.Add(Actor.App(ask.ClientId));
        if (ask.OnBehalf && ask.Actor.Kind == ActorKind.Patient)
            grantees.Add(Actor.Delegate(new PatientId(ask.Actor.Id)));
        return grantees;
    }
}
