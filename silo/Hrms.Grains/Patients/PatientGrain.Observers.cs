using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>Who is told what happens, as it happens. Consent is looked at again for each thing that is told.</summary>
public sealed partial class PatientGrain
{
    private static readonly TimeSpan SubscriptionLease = TimeSpan.FromMinutes(2);
    private readonly Dictionary<IPatientObserver, Listener> _observers = [];
    private Task _telling = Task.CompletedTask;

    /// <param name="CouldHear">Whether something could be sent when we last looked: who loses that is told that the stream ends; a stranger's stays silent.</param>
    private sealed record Listener(Asker Asker, DateTimeOffset Until, bool CouldHear);

    public async Task<Outcome<Acknowledgement>> SubscribeAsync(Asker asker, IPatientObserver observer)
    {
        if ((await StandingOfAsync(asker)).IsEnded)
        {
            _observers.Remove(observer);
            return await RefuseEndedAsync(asker, AccessAction.Stream, "subscribe");
        }
        // Whether there is such a patient, and whether anything is shared, does not show: a stranger's subscription is silent.
        var could = _observers.GetValueOrDefault(observer)?.CouldHear ?? false;
        _observers[observer] = new Listener(asker, Now + SubscriptionLease, could);
        // Who listens is kept in memory alone: idle or not, it stays until the lease ends.
        DelayDeactivation(SubscriptionLease);
        await LookAgainAsync(observer);
        WatchClock();
        return new Acknowledgement(State.PolicyVersion, Now);
    }

    public Task UnsubscribeAsync(IPatientObserver observer)
    {
        _observers.Remove(observer);
        return Task.CompletedTask;
    }

    private void RecordsChanged(IReadOnlyList<RecordMetadata> records)
    {
        if (_observers.Count > 0)
        {
            _telling = TellAsync(records, after: _telling);
            _telling.Ignore();
        }
    }

    /// <param name="after">Who listens hears of records in the order in which they came, however long the line of one takes.</param>
    private async Task TellAsync(IReadOnlyList<RecordMetadata> records, Task after)
    {
        await after.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        foreach (var (observer, (asker, until, _)) in _observers.ToList())
        {
            if (until <= Now)
            {
                _observers.Remove(observer);
                continue;
            }
            if (await StandingOrEndAsync(observer, asker) is not { Memberships: var memberships })
                continue;
            await KnowUsesAsync();
            foreach (var told in records)
            {
                // As it is now: a label that came meanwhile holds.
                var record = State.Records.Find(told.Id, told.Version)!.Metadata;
                // Judged per record, at the moment of telling: a consent revoked meanwhile ends it here.
                var judge = JudgeFor(asker, AccessAction.Stream, memberships);
                var decision = judge.Decide(record);
                if (!decision.Permitted)
                    continue;
                if (!judge.IsSelf)
                {
                    await NoteAsync(new AccessHappened(
                        Now, asker, AccessAction.Stream, "recordAdded", decision, [new AccessedRecord(record.Id, record.Version, decision)], State.PolicyVersion));
                    await NoteDisclosureAsync(asker, [decision]);
                    if (!JudgeFor(asker, AccessAction.Stream, memberships).Decide(State.Records.Find(record.Id, record.Version)!.Metadata).Permitted)
                        continue;
                }
                await observer.OnRecordAsync(judge.Shown(record));
            }
        }
    }

    private void ConsentChanged(IReadOnlyList<PatientEvent> events)
    {
        foreach (var happened in events)
        {
            var id = happened switch
            {
                ConsentGranted granted => granted.Consent,
                ConsentRevoked revoked => revoked.Consent,
                ConsentAmended amended => amended.Consent,
                _ => default,
            };
            if (State.Consents.Find(id) is not { } consent)
                continue;
            TellProvider(consent);
            TellHolders(consent.Id);
            foreach (var (observer, (asker, until, _)) in _observers)
            {
                if (IsSelf(asker) && until > Now && !State.Tokens.Ended(asker.Token))
                    observer.OnConsentAsync(consent.View()).Ignore();
            }
        }
    }

    /// <summary>Ends the streams of those who may be sent nothing any more. Called after every command that changes who may see what.</summary>
    private void PolicyChanged()
    {
        foreach (var observer in _observers.Keys.ToList())
            LookAgainAsync(observer).Ignore();
    }

    private async Task LookAgainAsync(IPatientObserver observer)
    {
        if (!_observers.TryGetValue(observer, out var listener))
            return;
        if (await StandingOrEndAsync(observer, listener.Asker) is not { Memberships: var memberships })
            return;
        await KnowUsesAsync();
        var can = State.RegisteredAt is not null && JudgeFor(listener.Asker, AccessAction.Stream, memberships).MayPermit;
        if (!_observers.TryGetValue(observer, out listener) || listener.CouldHear == can)
            return;
        if (can)
        {
            _observers[observer] = listener with { CouldHear = true };
            return;
        }
        _observers.Remove(observer);
        await observer.OnEndedAsync();
    }

    /// <summary>Null: the stream ran on a token which was ended, and ends.</summary>
    private async Task<Standing?> StandingOrEndAsync(IPatientObserver observer, Asker asker)
    {
        var standing = await StandingOfAsync(asker);
        if (!standing.IsEnded)
            return standing;
        if (_observers.Remove(observer))
            await observer.OnEndedAsync();
        return null;
    }

    /// <summary>Keeps the grantee's index of who shares with it; a hint, which no decision rests on.</summary>
    private void TellProvider(Consent consent)
    {
        var grantee = consent.Terms.Rule.Grantee;
        if (grantee.Kind is not (ActorKind.Practitioner or ActorKind.Organization))
            return;
        var until = State.Consents.SharesUntil(grantee);
        GrainFactory.Grain<IProviderGrain>(grantee.Id).SharesAsync(Id, until is not null, Now, until == DateTimeOffset.MaxValue ? null : until).Ignore();
    }
}
