using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Disclosures;
using Hrms.Domain.Insight;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>What a change of the consents would do, before it is made, and what may be wrong with those that are. Only for the patient.</summary>
public sealed partial class PatientGrain
{
    private const int RepeatedMax = 10_000;
    private static readonly TimeSpan PreviewReach = TimeSpan.FromDays(90);

    public Task<Outcome<ConsentPreview>> PreviewConsentAsync(PreviewConsent draft) => AskAsync(
        draft.Asker, AccessAction.View, "previewConsent", judge => judge.ActsAsPatient
            ? Answer.Of<ConsentPreview>(judge.AsPatient, [], () => WithholdingAsync(withholding => PreviewAsync(draft, withholding)))
            : Answer.None<ConsentPreview>(judge));

    public Task<Outcome<IReadOnlyList<ConsentFinding>>> ConsentFindingsAsync(Asker asker) => AskAsync(
        asker, AccessAction.View, "consentFindings", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => ConsentLinter.Of(State.Consents, Now))
            : Answer.None<IReadOnlyList<ConsentFinding>>(judge));

    private async Task<Outcome<ConsentPreview>> PreviewAsync(PreviewConsent draft, Withholding withholding)
    {
        var now = Now;
        var tried = Previewing.After(State, draft, now);
        if (!tried.Succeeded)
            return tried.Refusal;
        var (state, after, consent) = (State, tried.Value, draft.Consent ?? Previewing.Draft);
        var memberships = await MembershipsOfNamedAsync(state.Consents, after);
        var (accesses, all) = await RepeatedAsync(state, after, memberships, withholding, now);
        return new ConsentPreview(
            Previewing.Visibility(state, after, consent, memberships, now), Previewing.InWords(accesses), all,
            [.. ConsentLinter.Of(after, now).Where(finding => finding.Consent == consent || finding.Other == consent)]);
    }

    /// <summary>The accesses of the last 90 days that would come out otherwise; the newest ones when there are more than a call looks through.</summary>
    private async Task<(List<(AccessLine Line, bool Gains)> Changed, bool All)> RepeatedAsync(
        PatientState state, ConsentBook after, Dictionary<Actor, IReadOnlyCollection<Membership>> memberships, Withholding withholding, DateTimeOffset now)
    {
        List<(AccessLine, bool)> changed = [];
        var before = long.MaxValue;
        for (var looked = 0; looked < RepeatedMax; looked += ReadAtOnce)
        {
            var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, before, ReadAtOnce, CancellationToken.None);
            foreach (var row in rows)
            {
                before = row.Version;
                var line = withholding.Shown((AccessHappened)Open(row), row.Version);
                if (line.At < now - PreviewReach)
                    return (changed, true);
                if (IsSelf(line.Asker) || line.Records.Count == 0)
                    continue;
                if (Previewing.Repeated(state, after, line, await MembershipsOfAsync(line.Asker.Actor, memberships, state.Consents, after), now) is { } gains)
                    changed.Add((line, gains));
            }
            if (rows.Count < ReadAtOnce)
                return (changed, true);
        }
        return (changed, false);
    }

    /// <summary>The groups of every practitioner whom the consents name; none when no consent names a group.</summary>
    private async Task<Dictionary<Actor, IReadOnlyCollection<Membership>>> MembershipsOfNamedAsync(params ConsentBook[] books)
    {
        Dictionary<Actor, IReadOnlyCollection<Membership>> known = [];
        foreach (var named in books.SelectMany(book => Askers.NamedBy(book, Now)))
            await MembershipsOfAsync(named, known, books);
        return known;
    }

    private async Task<IReadOnlyCollection<Membership>> MembershipsOfAsync(
        Actor who, Dictionary<Actor, IReadOnlyCollection<Membership>> known, params ConsentBook[] books)
    {
        if (who.Kind != ActorKind.Practitioner || !books.Any(book => book.Policy.NamesGroups))
            return [];
        if (!known.TryGetValue(who, out var groups))
            known[who] = groups = await GrainFactory.GetGrain<IProviderGrain>(who.Id).MembershipsAsync();
        return groups;
    }
}
