using Hrms.Contracts;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.Patients;

/// <summary>What a patient is told, read off the state and the clock.</summary>
public sealed class NoticesTests
{
    private static readonly TimeSpan Within = TimeSpan.FromHours(72);
    private static readonly DateTimeOffset OfAge = Now.AddDays(10);

    [Fact, Trait("Feature", "30")]
    public void AWard_IsToldAtTheTickTheGuardianshipEnds()
    {
        var state = WithDelegate(DelegateLevel.Full, OfAge, DelegateRole.Guardian);

        Assert.Equal([NoticeKind.DelegateAppointed], Kinds(state, OfAge.AddTicks(-1)));
        Assert.Equal([NoticeKind.DelegationEnded, NoticeKind.DelegateAppointed], Kinds(state, OfAge));
        Assert.Equal((OfAge, null), (Notices.Of(state, OfAge, Within)[0].At, Notices.Of(state, OfAge, Within)[0].By));
    }

    [Fact]
    public void ADelegation_EndsOnce_ByWhateverComesFirst()
    {
        var delegated = WithDelegate(DelegateLevel.View, OfAge);
        foreach (var (at, by) in new[] { (OfAge.AddDays(-1), (Actor?)AnaAsks.Actor), (OfAge, null), (OfAge.AddDays(1), null) })
        {
            var ended = delegated.After([new DelegationEnded(at, new DelegationId(Id(206)), AnaAsks.Actor)], 3);
            var notice = Assert.Single(Notices.Of(ended, OfAge.AddDays(2), Within), notice => notice.Kind == NoticeKind.DelegationEnded);
            Assert.Equal((at < OfAge ? at : OfAge, by), (notice.At, notice.By));
        }
    }

    [Fact, Trait("Feature", "33")]
    public void ThePatient_IsToldOfBrokenGlass_AndOfEachStepOfItsReview()
    {
        var glass = new BreakGlassId(Id(208));
        PatientEvent[] events =
        [
            new GlassBroken(Now, glass, DrLee, "r", DataFilter.All, Now.AddMinutes(5)),
            new GlassFindingRecorded(Now.AddHours(1), glass, GlassFinding.Unjustified, "n", DrKim, new CommandId(Id(250))),
            new GlassReviewClosed(Now.AddHours(2), glass, CityHospital, new CommandId(Id(251))),
        ];

        Assert.Equal([NoticeKind.GlassBroken], Kinds(Registered.After(events[..1], 2), Now));
        Assert.Equal([NoticeKind.GlassReviewOverdue, NoticeKind.GlassFindingRecorded, NoticeKind.GlassBroken], Kinds(Registered.After(events[..2], 2), Now + Within));
        Assert.Equal([NoticeKind.GlassReviewClosed, NoticeKind.GlassFindingRecorded, NoticeKind.GlassBroken], Kinds(Registered.After(events, 2), Now + Within));
        var tooLate = Registered.After([.. events[..2], new GlassReviewClosed(Now + Within, glass, CityHospital, new CommandId(Id(251)))], 2);
        Assert.Contains(NoticeKind.GlassReviewOverdue, Kinds(tooLate, Now + Within));
    }

    private static IEnumerable<NoticeKind> Kinds(PatientState state, DateTimeOffset at) => Notices.Of(state, at, Within).Select(notice => notice.Kind);
}
