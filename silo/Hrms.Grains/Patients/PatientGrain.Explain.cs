using Hrms.Contracts;
using Hrms.Domain.Insight;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>Who can see what, and why; now and in the past. Only for the patient.</summary>
public sealed partial class PatientGrain
{
    public Task<Outcome<Explanation>> ExplainAsync(ExplainAccess query) => AskAsync(
        query.Asker, AccessAction.View, "explain", judge => judge.ActsAsPatient
            ? Answer.Of<Explanation>(judge.AsPatient, [], async () => await ExplainedAsync(query))
            : Answer.None<Explanation>(judge));

    public Task<Outcome<IReadOnlyList<RecordViewer>>> WhoCanSeeAsync(Asker asker, RecordId record) => AskAsync(
        asker, AccessAction.View, "whoCanSee", judge => judge.ActsAsPatient && State.Records.Find(record) is not null
            ? Answer.Of<IReadOnlyList<RecordViewer>>(judge.AsPatient, [], async () =>
            {
                var memberships = await MembershipsOfNamedAsync(State.Consents);
                return new Outcome<IReadOnlyList<RecordViewer>>(Explaining.WhoCanSee(State, record, memberships, Now), null);
            })
            : Answer.None<IReadOnlyList<RecordViewer>>(judge));

    private async Task<Explanation> ExplainedAsync(ExplainAccess query)
    {
        var at = query.At ?? Now;
        var isPast = at < Now;
        var memberships = query.Memberships ?? (query.Who.Kind == ActorKind.Practitioner
            ? await GrainFactory.GetGrain<IProviderGrain>(query.Who.Id).MembershipsAsync()
            : []);
        var state = isPast ? await StateAtAsync(at) : State;
        var ask = Askers.Of(query, memberships, at) with
        {
            UsedUp = await UsedUpAtAsync(state, at, isPast),
            LedgerAhead = !isPast && IsClosed,
            PurgeOverdue = state.Holdings.IsOverdue(state.Consents, query.Who, at),
        };
        var explanation = Explaining.Explain(state, ask, query.Record);
        return explanation with { MembershipsAssumed = isPast && query.Memberships is null };
    }

    /// <summary>The state as of an instant: everything that happened until then, folded anew.</summary>
    private async Task<PatientState> StateAtAsync(DateTimeOffset at)
    {
        var state = PatientState.Initial(Id);
        await foreach (var row in Services.Journal.ReadAsync(Stream, 0, EntryKind.Change, CancellationToken.None))
        {
            var happened = Open(row);
            if (happened.At > at)
                break;
            state = state.After([happened], row.Version);
        }
        return state;
    }

    /// <summary>What had been used as often as it allows when somebody looked at that instant: that look is not counted.</summary>
    private async Task<IReadOnlySet<ConsentId>?> UsedUpAtAsync(PatientState state, DateTimeOffset at, bool isPast)
    {
        if (state.Consents.Policy.Limited is not { Count: > 0 } limited)
            return null;
        if (!isPast)
        {
            await KnowUsesAsync();
            return UsedUp();
        }
        var since = at - limited.Max(consent => consent.Terms.Frequency!.Span);
        var uses = new ConsentUses(since);
        for (var before = long.MaxValue; ;)
        {
            var rows = await Services.Journal.PageAsync(Stream, EntryKind.Access, before, ReadAtOnce, CancellationToken.None);
            foreach (var line in rows.Where(row => row.RecordedAt > since).Select(row => (AccessHappened)Open(row)).Where(line => line.At < at))
                uses.Count(line);
            if (rows.Count < ReadAtOnce || rows[^1].RecordedAt <= since)
                return uses.UsedUp(limited, at);
            before = rows[^1].Version;
        }
    }
}
