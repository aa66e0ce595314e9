using Hrms.Contracts;
using Hrms.Domain.Samples;

namespace Hrms.Domain.Tests.Samples;

public class SampleRulesTests
{
    private static readonly long Now = SampleShelf.At(0);

    [Theory]
    [InlineData(SampleKind.Glucose, 5.6, SampleUnit.MillimolePerLitre, 100.8896)]
    [InlineData(SampleKind.Glucose, 101.5, SampleUnit.MilligramPerDecilitre, 101.5)]
    [InlineData(SampleKind.BodyWeight, 180.5, SampleUnit.Pound, 81.8734)]
    [InlineData(SampleKind.BodyTemperature, 98.6, SampleUnit.DegreeFahrenheit, 37)]
    [InlineData(SampleKind.BodyTemperature, 36.64999, SampleUnit.DegreeCelsius, 36.64999)]
    [Trait("Feature", "77")]
    public void ValuesAreKeptInTheKindsOwnUnit(SampleKind kind, double sent, SampleUnit unit, double kept)
    {
        Assert.Equal(SampleStatus.Stored, SampleRules.Judge(kind, Now, sent, unit, Now, out var canonical));
        Assert.Equal(kept, canonical);
    }

    [Fact]
    public void EveryKindTakesItsOwnUnitAndNoForeignOne()
    {
        foreach (var facts in SampleKinds.All)
            foreach (var unit in SampleUnits.All.Append(SampleUnit.Foreign))
                Assert.Equal(facts.Units.Contains(unit), UnitTable.TryConvert(facts.Kind, unit, 50, out _));
    }

    [Fact]
    public void ConversionsGoBackToWhatWasSent()
    {
        for (var hundredths = 100; hundredths < 3_500; hundredths++)
        {
            UnitTable.TryConvert(SampleKind.Glucose, SampleUnit.MillimolePerLitre, hundredths / 100.0, out var canonical);
            Assert.Equal(hundredths / 100.0, Math.Round(canonical / UnitTable.GlucoseMilligramPerDecilitre, 2));
        }
    }

    [Theory]
    [InlineData(double.NaN, SampleStatus.NotANumber)]
    [InlineData(double.PositiveInfinity, SampleStatus.NotANumber)]
    [InlineData(double.NegativeInfinity, SampleStatus.NotANumber)]
    [InlineData(-1, SampleStatus.Implausible)]
    [InlineData(400.5, SampleStatus.Implausible)]
    [InlineData(400, SampleStatus.Stored)]
    [InlineData(0, SampleStatus.Stored)]
    public void ValuesNoBodyHasAreRejected(double value, SampleStatus status) =>
        Assert.Equal(status, SampleRules.Judge(SampleKind.HeartRate, Now, value, SampleUnit.PerMinute, Now, out _));

    [Fact]
    public void MinusZeroIsZero()
    {
        SampleRules.Judge(SampleKind.Steps, Now, -0.0, SampleUnit.Steps, Now, out var canonical);
        Assert.False(double.IsNegative(canonical));
    }

    [Fact]
    public void TimesOutsideOfWhatAClockCanMeanAreRejected()
    {
        Assert.Equal(SampleStatus.TimeTooOld, At(0));
        Assert.Equal(SampleStatus.TimeTooOld, At(SampleLimits.TimeMin.ToUnixTimeMilliseconds() - 1));
        Assert.Equal(SampleStatus.Stored, At(SampleLimits.TimeMin.ToUnixTimeMilliseconds()));
        Assert.Equal(SampleStatus.Stored, At(Now + 300_000));
        Assert.Equal(SampleStatus.TimeInFuture, At(Now + 300_001));
        Assert.Equal(SampleStatus.UnreadableTime, At(SampleBatch.UnreadableTime));

        static SampleStatus At(long time) => SampleRules.Judge(SampleKind.HeartRate, time, 60, SampleUnit.PerMinute, Now, out _);
    }

    [Fact]
    public void KindsAndUnitsThatNobodyKnowsAreRejected()
    {
        Assert.Equal(SampleStatus.UnknownKind, SampleRules.Judge(SampleKind.Unknown, Now, 60, SampleUnit.PerMinute, Now, out _));
        Assert.Equal(SampleStatus.UnknownKind, SampleRules.Judge((SampleKind)99, Now, 60, SampleUnit.PerMinute, Now, out _));
        Assert.Equal(SampleStatus.ForeignUnit, SampleRules.Judge(SampleKind.Glucose, Now, 60, SampleUnit.Foreign, Now, out _));
        Assert.Equal(SampleStatus.ForeignUnit, SampleRules.Judge(SampleKind.Glucose, Now, 60, SampleUnit.PerMinute, Now, out _));
    }

    [Fact]
    public void EveryKindHasFactsAndBounds()
    {
        foreach (var kind in Enum.GetValues<SampleKind>().Where(kind => kind != SampleKind.Unknown))
        {
            Assert.Equal(kind, kind.Facts().Kind);
            Assert.True(SampleRules.Bounds(kind).Least < SampleRules.Bounds(kind).Most);
        }
        foreach (var unit in SampleUnits.All)
            Assert.NotEmpty(unit.Code());
    }
}
