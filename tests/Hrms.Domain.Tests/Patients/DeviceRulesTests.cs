using Hrms.Contracts;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Patients.PatientGens;

namespace Hrms.Domain.Tests.Patients;

/// <summary>Who registers a device, how it comes to its key, and who ends it.</summary>
[Trait("Feature", "78")]
public sealed class DeviceRulesTests
{
    private static readonly Asker Self = new(Actor.Patient(Ana), PurposeOfUse.PATRQT);
    private static readonly RegisterDevice Command = new(new CommandId(Id(300)), Self, "Watch");
    private static readonly DeviceId Watch = DeviceId.From(Ana, Command.Command);
    private static readonly byte[] Secret = Bytes(1), Key = Bytes(2);
    private static readonly PatientState Registered = PatientState.Initial(Ana).After([new PatientRegistered(Now, Ana, Actor.Patient(Ana))], 1);
    private static readonly PatientState Waiting = After(Registered, DeviceRules.Register(Registered, Command, Secret, Now));
    private static readonly PatientState Enrolled = After(Waiting, Enrol(Waiting, Secret, Key, Now));

    [Fact]
    public void ADeviceThatComesTwice_IsOne_AndItsCommandWithAnotherNameIsRefused()
    {
        Assert.Equal("Watch", Assert.Single(Waiting.Devices).Value.Name);
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, DeviceRules.Register(Waiting, Command, Bytes(9), Now));
        Assert.Equal(RefusalCode.CommandReused, DeviceRules.Register(Waiting, Command with { Name = "Scale" }, Bytes(9), Now).Refusal?.Code);
    }

    [Fact]
    public void TheSameCommand_OfTwoPatients_IsTwoDevices() => Assert.NotEqual(Watch, DeviceId.From(new PatientId(Id(7)), Command.Command));

    [Fact]
    public void OnlyThePatient_OrWhoActsFullyForThem_RegistersAndRevokesADevice()
    {
        Assert.Equal(RefusalCode.NotFound, DeviceRules.Register(PatientState.Initial(Ana), Command, Secret, Now).Refusal?.Code);
        foreach (var (asker, may) in new[]
        {
            (Self, true), (Acting(DelegateLevel.Full), true), (Acting(DelegateLevel.RestrictedView), false), (Acting(DelegateLevel.View), false),
            (new Asker(DrLee, PurposeOfUse.TREAT), false), (Self with { Scope = new AppScope([], Ana) }, false), (new Asker(Actor.Device(Watch), PurposeOfUse.TREAT), false),
        })
        {
            var state = Enrolled.After([.. Enum.GetValues<DelegateLevel>().Select(level => new DelegateAppointed(Now, new DelegationId(Id(400 + (int)level)), Person(level), DelegateRole.Representative, level, null, Actor.Patient(Ana)))], 50);
            var other = Command with { Command = new CommandId(Id(301)), Asker = asker };
            Assert.Equal(may, DeviceRules.Register(state, other, Secret, Now).Refusal is null);
            Assert.Equal(may, DeviceRules.Revoke(state, new RevokeDevice(other.Command, asker, Watch), Now).Refusal is null);
        }

        static PatientId Person(DelegateLevel level) => new(Id(500 + (int)level));

        static Asker Acting(DelegateLevel level) => new(Actor.Patient(Person(level)), PurposeOfUse.FAMRQT, Actor.Patient(Ana));
    }

    [Fact]
    public void WhoBringsTheCode_RegistersAKey_OnceAndInTime()
    {
        var last = Now + Limits.EnrolmentCodeLife - TimeSpan.FromTicks(1);
        Assert.Equal(Key, ((DeviceEnrolled)Assert.Single(Enrol(Waiting, Secret, Key, last).Events)).PublicKey);
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, Enrol(Enrolled, Secret, Key, last));
        foreach (var refused in new[]
        {
            Enrol(Waiting, Bytes(9), Key, Now), Enrol(Waiting, [], Key, Now), Enrol(Waiting, Secret, Key, Now + Limits.EnrolmentCodeLife), Enrol(Enrolled, Secret, Bytes(3), Now),
            Enrol(Enrolled, Secret, Key, Now + Limits.EnrolmentCodeLife), Enrol(Registered, Secret, Key, Now), Enrol(Revoked(Waiting), Secret, Key, Now),
            Enrol(Waiting.After([new TokensEnded(Now, 1, Actor.Patient(Ana), new CommandId(Id(1)))], 9), Secret, Key, Now),
            Enrol(Registered.After([new DeviceRegistered(Now, Watch, "From before")], 9), [], Key, Now),
        })
            Assert.Equal(DeviceRules.NoSuchDevice, refused.Refusal);
    }

    [Fact]
    public void ADeviceSends_FromItsKeyToItsRevocation()
    {
        Assert.Null(DeviceRules.KeyOf(Waiting, Watch));
        Assert.Equal(Key, DeviceRules.KeyOf(Enrolled, Watch));
        Assert.Null(DeviceRules.KeyOf(Enrolled, new DeviceId(Id(9))));
        Assert.Null(DeviceRules.KeyOf(Revoked(Enrolled), Watch));
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, DeviceRules.Revoke(Revoked(Enrolled), new RevokeDevice(new CommandId(Id(302)), Self, Watch), Now));
        Assert.Equal(DeviceRules.NoSuchDevice, DeviceRules.Revoke(Enrolled, new RevokeDevice(new CommandId(Id(302)), Self, new DeviceId(Id(9))), Now).Refusal);
    }

    [Fact]
    public void WhatADeviceIs_IsToldByItsTime()
    {
        var over = Now + Limits.EnrolmentCodeLife;
        Assert.Equal(
            [DeviceStatus.AwaitingKey, DeviceStatus.Lapsed, DeviceStatus.Enrolled, DeviceStatus.Revoked],
            [Status(Waiting, over.AddTicks(-1)), Status(Waiting, over), Status(Enrolled, over), Status(Revoked(Enrolled), over)]);
        Assert.Equal(Secret, Waiting.Devices[Watch.Value].ViewWithCode(Ana, Now).Enrolment!.Code.Secret);
        Assert.All(new[] { Waiting.Devices[Watch.Value].ViewWithCode(Ana, over), Enrolled.Devices[Watch.Value].ViewWithCode(Ana, Now) }, view => Assert.Null(view.Enrolment));

        static DeviceStatus Status(PatientState state, DateTimeOffset now) => state.Devices[Watch.Value].StatusAt(now);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void ADevicesName_HasOneTo200Characters(int length, bool taken) =>
        Assert.Equal(taken ? null : "name", DeviceRules.Register(Registered, Command with { Name = new string('x', length) }, Secret, Now).Refusal?.Place);

    [Fact]
    public void APatientHasALimitedNumberOfDevices_OfWhichThoseThatLapsedMakeRoom()
    {
        var over = Now + Limits.EnrolmentCodeLife;
        var almost = Registered.After([.. Enumerable.Range(1, Limits.DevicesMax - 1).Select(i => new DeviceRegistered(Now, new DeviceId(Id(i)), "x", null, Secret, over))], 2);
        var full = After(almost, DeviceRules.Register(almost, Command, Secret, Now));
        var more = Command with { Command = new CommandId(Id(301)) };
        Assert.Equal(Limits.DevicesMax, full.Devices.Count);
        Assert.Equal(RefusalCode.LimitExceeded, DeviceRules.Register(full, more, Secret, over.AddTicks(-1)).Refusal?.Code);
        Assert.Single(After(full, DeviceRules.Register(full, more, Secret, over)).Devices);
    }

    [Fact]
    public void ACode_IsReadAsItWasWritten_AndNothingElseIsOne()
    {
        var code = new EnrolmentCode(Ana, Watch, Secret);
        Assert.True(EnrolmentCode.TryParse($"{code}", out var read));
        Assert.Equal((Ana, Watch, Convert.ToHexString(Secret)), (read.Patient, read.Device, Convert.ToHexString(read.Secret)));
        Assert.All(new[] { null, "", $"{code}="[1..], $"{code}A", $"{code}"[..^1], $"{code}"[..^1] + "+" }, text => Assert.False(EnrolmentCode.TryParse(text, out _)));
    }

    private static Decided<PatientEvent> Enrol(PatientState state, byte[] secret, byte[] key, DateTimeOffset now) => DeviceRules.Enrol(state, new EnrolDevice(Watch, secret, key), now);

    private static PatientState Revoked(PatientState state) => After(state, DeviceRules.Revoke(state, new RevokeDevice(new CommandId(Id(303)), Self, Watch), Now));

    private static PatientState After(PatientState state, Decided<PatientEvent> decided)
    {
        Assert.Null(decided.Refusal);
        return state.After(decided.Events, 10);
    }

    private static byte[] Bytes(byte value) => [.. Enumerable.Repeat(value, EnrolmentCode.SecretBytes)];
}
