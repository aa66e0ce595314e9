using System.Text;
using CsCheck;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.Tests.Consents;
using static Hrms.Domain.Tests.Patients.PatientGens;

namespace Hrms.Domain.Tests.Patients;

public sealed class PatientStateTests
{
    [Fact]
    public void ASnapshot_RestoresTheStateItWasMadeOf() => Life.Sample(
        life =>
        {
            var state = PatientState.Initial(Ana).After(life, 1);
            var restored = EventJson.Read<PatientSnapshot>(EventJson.Write(PatientSnapshot.Of(state))).Restore();
            AssertSame(state, restored);
            // What an index finds must be the same, too, not only what it holds.
            foreach (var url in state.Records.All.Select(version => version.Stored.FullUrl).OfType<string>())
                Assert.Equal(state.Records.Resolve(url)!.Stored.Id, restored.Records.Resolve(url)!.Stored.Id);
            Assert.Equal(state.Records.NewestFirst.Select(record => (record.Id, record.Version)), restored.Records.NewestFirst.Select(record => (record.Id, record.Version)));
        },
        iter: RandomCases.Of(300));

    [Fact]
    public void FoldedRunByRun_OrAtOnce_OrFromASnapshotOn_TheStateIsTheSame() => Gen.Select(Life, Gen.Int[0, 60], Gen.Int[0, 60]).Sample(
        (life, first, second) =>
        {
            var (early, late) = (Math.Min(Math.Min(first, second), life.Count), Math.Min(Math.Max(first, second), life.Count));
            var atOnce = PatientState.Initial(Ana).After(life, 1);
            var runs = PatientState.Initial(Ana).After(life[..early], 1).After(life[early..late], early + 1).After(life[late..], late + 1);
            AssertSame(atOnce, runs);
            var snapshot = EventJson.Write(PatientSnapshot.Of(PatientState.Initial(Ana).After(life[..late], 1)));
            AssertSame(atOnce, EventJson.Read<PatientSnapshot>(snapshot).Restore().After(life[late..], late + 1));
        },
        iter: RandomCases.Of(300));

    [Fact]
    public void ARestoredState_DecidesTheSame() => Gen.Select(Life, ConsentGens.Ask, ConsentGens.Datum).Sample(
        (life, ask, datum) =>
        {
            var state = PatientState.Initial(Ana).After(life, 1);
            var restored = EventJson.Read<PatientSnapshot>(EventJson.Write(PatientSnapshot.Of(state))).Restore();
            Assert.Equal(ReferenceEvaluator.Decide(state.Consents, ask, datum), restored.Consents.Policy.For(ask).Decide(datum));
        },
        iter: RandomCases.Of(300));

    [Fact]
    public void EveryEvent_ComesBackAsItWasWritten() => Life.Sample(
        life => Assert.All(life, happened =>
        {
            var written = EventJson.Write(happened);
            var back = EventJson.Read<PatientEvent>(written);
            Assert.Equal(happened.GetType(), back.GetType());
            Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(EventJson.Write(back)));
        }),
        iter: RandomCases.Of(100));

    private static void AssertSame(PatientState expected, PatientState actual) => Assert.Equal(
        Encoding.UTF8.GetString(EventJson.Write(PatientSnapshot.Of(expected))), Encoding.UTF8.GetString(EventJson.Write(PatientSnapshot.Of(actual))));
}
