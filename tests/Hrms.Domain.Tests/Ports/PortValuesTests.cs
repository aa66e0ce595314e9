using Hrms.Contracts;
using Hrms.Domain.Ports;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Ports;

/// <summary>The little that ports decide themselves.</summary>
public sealed class PortValuesTests
{
    private static readonly StreamId Stream = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));

    /// <summary>The database computes the same from the last byte of the stream's id.</summary>
    [Theory]
    [InlineData(1, 0), InlineData(2, 1), InlineData(16, 15), InlineData(256, 255)]
    public void AStreamsLane_FollowsFromItsLastByte(int lanes, int lane) => Assert.Equal(lane, Lanes.Of(Stream, lanes));

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void OtherNumbersOfLanes_AreAFault(int lanes) => Assert.Throws<ArgumentOutOfRangeException>(() => Lanes.Of(Stream, lanes));

    [Fact]
    public void PatientsProvidersAndDevices_EachHaveTheStreamOfTheirId()
    {
        StreamId[] streams = [new PatientId(Id(1)), new ProviderId(Id(1)), new DeviceId(Id(1))];
        Assert.All(streams, stream => Assert.Equal(Id(1), stream.Value));
        Assert.Equal("00112233-4455-6677-8899-aabbccddeeff", Stream.ToString());
        Assert.Equal(new JournalCursor(7, 8), new LaneRow(7, 8, [], null).Cursor);
    }

    /// <summary>A key that stands in a log is a key no more.</summary>
    [Fact, Trait("Feature", "55")]
    public void AKey_IsNamedByItsIdAlone() => Assert.Equal($"OwnerKey {Id(1)}", new OwnerKey(Id(1), new byte[32]).ToString());

    [Fact]
    public async Task APointWhereATestMayStep_IsPassedUnlessSomebodySteps()
    {
        await Fault.PointAsync(Fault.AfterStore);
        var passed = "";
        Fault.Handle(name => { passed = name; return default; });
        await Fault.PointAsync(Fault.AfterStore);
        Fault.Handle(null);
        Assert.Equal(Fault.AfterStore, passed);
    }
}
