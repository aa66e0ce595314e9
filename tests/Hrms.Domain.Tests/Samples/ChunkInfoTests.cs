using Hrms.Contracts;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Samples.SampleShelf;

namespace Hrms.Domain.Tests.Samples;

public class ChunkInfoTests
{
    private static readonly DeviceId Watch = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    [Theory]
    [InlineData(SampleKind.HeartRate, 17), InlineData(SampleKind.Steps, 17), InlineData(SampleKind.OxygenSaturation, 17), InlineData(SampleKind.Glucose, 17)]
    [InlineData(SampleKind.BloodPressureSystolic, 1), InlineData(SampleKind.BloodPressureDiastolic, 1), InlineData(SampleKind.BodyWeight, 1), InlineData(SampleKind.BodyTemperature, 1)]
    public void WhatIsMeasuredSeldom_IsKeptByMonth(SampleKind kind, int day)
    {
        Assert.Equal(new DateOnly(2026, 3, day), ChunkInfo.DayOf(kind, At(16 * 86_400)));
        Assert.Equal(new DateOnly(2026, 3, day), ChunkInfo.DayOf(kind, At(17 * 86_400) - 1));
    }

    /// <summary>Questions may be about any time, though no sample is so old.</summary>
    [Fact]
    public void TheDayBefore1970_IsTheLastOf1969() => Assert.Equal(new DateOnly(1969, 12, 31), ChunkInfo.DayOf(SampleKind.HeartRate, -1));

    /// <summary>Stored chunks are bound to it: it is what it was yesterday.</summary>
    [Fact]
    public void APlace_IsDeviceKindAndTimes() => Assert.Equal(
        "73616D706C6573" + "04" + "00112233445566778899AABBCCDDEEFF" + "0000000000000102" + "0000000000000203",
        Convert.ToHexString(ChunkInfo.Place(Watch, SampleKind.Glucose, 258, 515)));
}
