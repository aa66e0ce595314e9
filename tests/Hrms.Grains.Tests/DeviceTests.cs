using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Tests;

/// <summary>A device's enrolment is in two streams, and its revocation meets what it sends: whatever fails between, it is enrolled once and dead once.</summary>
[Trait("Feature", "78")]
public sealed class DeviceTests(SiloFixture silo)
{
    [Fact]
    public async Task ARevocation_IsAnsweredWhenWhatIsUnderWayIsStored_AndNothingIsStoredAfterIt()
    {
        var (ana, self) = await silo.PatientAsync();
        var (watch, id) = await EnrolledAsync(ana, self);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = silo.Journal.Hold(id, gate.Task);
        var sending = SendAsync(watch, id, self, 1);
        await arrived;

        var revoking = ana.RevokeDeviceAsync(new RevokeDevice(SiloFixture.Command(), self, id));
        for (var dead = 0; dead < 100 && !revoking.IsCompleted; dead += await ana.DeviceKeyAsync(id) is null ? 1 : 0)
        {
        }
        var early = revoking.IsCompleted;
        gate.SetResult();

        Assert.False(early, "The revocation was answered while something of before was still to be stored.");
        Assert.True((await sending).Succeeded);
        Assert.True((await revoking).Succeeded);
        Assert.Equal(RefusalCode.NotFound, (await SendAsync(watch, id, self, 2)).Refusal?.Code);
        Assert.Null(await watch.IdentityAsync());
    }

    [Theory]
    [InlineData(true, 1, Failure.Before)]
    [InlineData(true, 1, Failure.After)]
    [InlineData(true, 2, Failure.Before)]
    [InlineData(true, 2, Failure.After)]
    [InlineData(false, 1, Failure.Before)]
    [InlineData(false, 1, Failure.After)]
    public async Task AnEnrolment_IsRepeatedToItsEnd_WhicheverWriteFails(bool patients, int nth, Failure how)
    {
        var (ana, self) = await silo.PatientAsync();
        var command = new RegisterDevice(SiloFixture.Command(), self, "Watch");
        var id = DeviceId.From(new PatientId(self.Actor.Id), command.Command);
        silo.Journal.Fail(patients ? new StreamId(self.Actor.Id) : id, nth, how);

        var registered = await UntilAnsweredAsync(() => ana.RegisterDeviceAsync(command));
        var key = NewKey();
        await UntilAnsweredAsync(() => ana.EnrolDeviceAsync(new EnrolDevice(id, registered.Enrolment!.Code.Secret, key)));
        await silo.ForgetAsync();

        var known = await silo.Grains.GetGrain<IDeviceGrain>(id.Value).IdentityAsync();
        Assert.Equal((self.Actor.Id, Convert.ToHexString(key)), (known!.Patient.Value, Convert.ToHexString(known.PublicKey)));
        Assert.Equal(DeviceStatus.Enrolled, Assert.Single(await UntilAnsweredAsync(() => ana.DevicesAsync(self))).Status);
        Assert.Empty((await UntilAnsweredAsync(() => ana.CheckHistoryAsync(self))).Problems);
    }

    [Fact]
    public async Task TheSameSignature_StoresOnce_AlsoInAnotherActivation()
    {
        var (ana, self) = await silo.PatientAsync();
        var (watch, id) = await EnrolledAsync(ana, self);

        Assert.True((await SendAsync(watch, id, self, 1)).Succeeded);
        Assert.Equal(RefusalCode.NotFound, (await SendAsync(watch, id, self, 1)).Refusal?.Code);
        await silo.ForgetAsync();
        Assert.Equal(RefusalCode.NotFound, (await SendAsync(watch, id, self, 1)).Refusal?.Code);
        Assert.Equal(1, (await SendAsync(watch, id, self, 1, signed: 2)).Value!.Duplicates);
    }

    [Fact]
    public async Task OfAnId_ThatNobodyEnrolled_OrThatIsAPatients_NothingIsKnown()
    {
        var (_, self) = await silo.PatientAsync();
        Assert.Null(await silo.Grains.GetGrain<IDeviceGrain>(Guid.NewGuid()).IdentityAsync());
        Assert.Null(await silo.Grains.GetGrain<IDeviceGrain>(self.Actor.Id).IdentityAsync());
    }

    private async Task<(IDeviceGrain, DeviceId)> EnrolledAsync(IPatientGrain ana, Asker self)
    {
        var registered = (await ana.RegisterDeviceAsync(new RegisterDevice(SiloFixture.Command(), self, "Watch"))).Value!;
        Assert.True((await ana.EnrolDeviceAsync(new EnrolDevice(registered.Id, registered.Enrolment!.Code.Secret, NewKey()))).Succeeded);
        return (silo.Grains.GetGrain<IDeviceGrain>(registered.Id.Value), registered.Id);
    }

    /// <summary>One beat, in a batch whose name, bytes and signature are told by a number.</summary>
    private static Task<Outcome<SampleIngestResult>> SendAsync(IDeviceGrain watch, DeviceId id, Asker self, byte number, byte? signed = null) => watch.IngestAsync(
        new Asker(Actor.Device(id), PurposeOfUse.TREAT), new PatientId(self.Actor.Id),
        new SampleBatch(new CommandId(new Guid(number, 0, 0, new byte[8])), [number], [SampleKind.HeartRate], [1_767_225_600_000 + number], [60], [SampleUnit.PerMinute], [signed ?? number]));

    private static byte[] NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfo();
    }

    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<Outcome<T>>> ask)
    {
        for (var round = 0; round < 20; round++)
        {
            var outcome = await ask();
            if (outcome.Succeeded)
                return outcome.Value;
            Assert.Equal(RefusalCode.Unavailable, outcome.Refusal.Code);
        }
        throw new InvalidOperationException("Twenty times unavailable.");
    }
}
