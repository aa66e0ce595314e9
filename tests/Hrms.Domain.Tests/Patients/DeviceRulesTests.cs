using Hrms.Contracts;
using Hrms.Domain.Patients;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Patients.PatientGens;

namespace Hrms.Domain.Tests.Patients;

public sealed class DeviceRulesTests
{
    private static readonly RegisterDevice Command = new(new CommandId(Id(300)), new Asker(Actor.Patient(Ana), PurposeOfUse.PATRQT), "Watch");
    private static readonly PatientState Registered = PatientState.Initial(Ana).After([new PatientRegistered(Now, Ana, Actor.Patient(Ana))], 1);

    [Fact]
    public void ADeviceThatComesTwice_IsOne_AndItsCommandWithAnotherNameIsRefused()
    {
        var with = Registered.After(DeviceRules.Register(Registered, Command, Now).Events, 2);
        Assert.Equal("Watch", Assert.Single(with.Devices).Value.Name);
        Assert.Equal(Decided<PatientEvent>.AlreadyDone, DeviceRules.Register(with, Command, Now));
        Assert.Equal(RefusalCode.CommandReused, DeviceRules.Register(with, Command with { Name = "Scale" }, Now).Refusal?.Code);
    }

    [Fact]
    public void OnlyThePatient_EnrolsADevice()
    {
        Assert.Equal(RefusalCode.NotFound, DeviceRules.Register(PatientState.Initial(Ana), Command, Now).Refusal?.Code);
        Assert.Equal(RefusalCode.NotFound, DeviceRules.Register(Registered, Command with { Asker = new Asker(DrLee, PurposeOfUse.TREAT) }, Now).Refusal?.Code);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void ADevicesName_HasOneTo200Characters(int length, bool taken) =>
        Assert.Equal(taken ? null : "name", DeviceRules.Register(Registered, Command with { Name = new string('x', length) }, Now).Refusal?.Place);

    [Fact]
    public void APatientHasALimitedNumberOfDevices()
    {
        var almost = Registered.After([.. Enumerable.Range(1, DeviceRules.DevicesMax - 1).Select(i => new DeviceRegistered(Now, new DeviceId(Id(i)), "x"))], 2);
        var full = almost.After(DeviceRules.Register(almost, Command, Now).Events, 1_000);
        Assert.Equal(DeviceRules.DevicesMax, full.Devices.Count);
        Assert.Equal(RefusalCode.LimitExceeded, DeviceRules.Register(full, Command with { Command = new CommandId(Id(301)) }, Now).Refusal?.Code);
    }
}
