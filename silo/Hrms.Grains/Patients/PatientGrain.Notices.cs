using Hrms.Contracts;
using Hrms.Domain.Patients;

namespace Hrms.Grains.Patients;

/// <summary>What the patient is told without asking: a list to read, and at once to who listens.</summary>
public sealed partial class PatientGrain
{
    private static readonly TimeSpan LookAtTheClockEvery = TimeSpan.FromSeconds(1);
    private IGrainTimer? _clockWatch;
    private DateTimeOffset _clockSeen;

    public Task<Outcome<IReadOnlyList<PatientNotice>>> NoticesAsync(Asker asker, int first)
    {
        if (first is < 1 or > Limits.PageSizeMax)
            return Task.FromResult<Outcome<IReadOnlyList<PatientNotice>>>(new Refusal(RefusalCode.Invalid, $"A page has 1 to {Limits.PageSizeMax} notices.", "first"));
        return AskAsync(asker, AccessAction.View, "notices", judge => judge.ActsAsPatient
            ? Answer.Of(judge.AsPatient, () => (IReadOnlyList<PatientNotice>)[.. Notices.Of(State, Now, ReviewWithin).Where(notice => judge.IsSelf || !Notices.IsPersonal(notice.Kind)).Take(first)])
            : Answer.None<IReadOnlyList<PatientNotice>>(judge));
    }

    /// <summary>Does a command and tells who listens what is new by it.</summary>
    private async Task<T> NoticingAsync<T>(Func<Task<T>> command)
    {
        var before = Notices.ByEvents(State).ToHashSet();
        var answer = await command();
        TellNotices([.. Notices.ByEvents(State).Where(notice => !before.Contains(notice))]);
        WatchClock();
        return answer;
    }

    /// <summary>Looks at the clock for as long as somebody listens and the clock has something to bring.</summary>
    private void WatchClock()
    {
        var wanted = _observers.Values.Any(observer => observer.Until > Now) && Notices.ByClock(State, ReviewWithin).Any(notice => notice.At > Now);
        if (wanted == (_clockWatch is not null))
            return;
        _clockWatch?.Dispose();
        _clockSeen = Now;
        _clockWatch = wanted
            ? this.RegisterGrainTimer(LookAtTheClock, new GrainTimerCreationOptions(LookAtTheClockEvery, LookAtTheClockEvery) { Interleave = true })
            : null;
    }

    private Task LookAtTheClock()
    {
        var (seen, now) = (_clockSeen, Now);
        _clockSeen = now;
        if (Notices.ByClock(State, ReviewWithin).Where(notice => notice.At > seen && notice.At <= now).ToList() is { Count: > 0 } due)
        {
            TellNotices(due);
            PolicyChanged();
        }
        WatchClock();
        return Task.CompletedTask;
    }

    private void TellNotices(IReadOnlyList<PatientNotice> notices)
    {
        if (notices.Count > 0 && _observers.Count > 0)
            TellAsync(notices).Ignore();
    }

    private async Task TellAsync(IReadOnlyList<PatientNotice> notices)
    {
        foreach (var (observer, (asker, until, _)) in _observers.ToList())
        {
            var judge = JudgeFor(asker, AccessAction.Stream, []);
            if (until <= Now || !judge.ActsAsPatient || await StandingOrEndAsync(observer, asker) is null)
                continue;
            if (!judge.IsSelf)
            {
                await NoteAsync(new AccessHappened(Now, asker, AccessAction.Stream, "noticeAdded", judge.AsPatient, [], State.PolicyVersion));
                if (!JudgeFor(asker, AccessAction.Stream, []).ActsAsPatient)
                    continue;
            }
            foreach (var notice in notices.Where(notice => judge.IsSelf || !Notices.IsPersonal(notice.Kind)))
                await observer.OnNoticeAsync(notice);
        }
    }
}
