using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Devices;
using Hrms.Domain.Erasures;
using Hrms.Domain.Patients;
using Hrms.Domain.Providers;

namespace Hrms.Domain.Tests.Golden;

/// <summary>Events and snapshots as they are stored: what was written once is read, and written the same again.</summary>
public sealed class StoredBytesTests
{
    [Fact]
    public void EveryEventOfAPatient_IsReadAndWrittenAsItWas() => AllKinds<PatientEvent>(GoldenSamples.PatientEvents);

    [Fact]
    public void AConsentGivenAsAResource_IsReadAndWrittenAsItWas() =>
        Check("event.consent-granted.1.json", GoldenSamples.GrantedByResource, read => Assert.NotNull(((ConsentGranted)read).Paper));

    [Fact]
    public void AConsentForAPurposeOfAnotherSystem_IsReadAndWrittenAsItWas() => Check("event.consent-granted.2.json", GoldenSamples.GrantedForOwnPurposes, _ => { });

    [Fact]
    public void ALookThroughAnApp_IsReadAndWrittenAsItWas() =>
        Check("event.access.1.json", GoldenSamples.LookedThroughApp, read => Assert.Equal("patient/Observation.rs?category=urn:system|laboratory", $"{((AccessHappened)read).Asker.Scope}"));

    [Fact]
    public void ALookByATokenWithAName_IsReadAndWrittenAsItWas() =>
        Check("event.access.2.json", GoldenSamples.LookedByToken, read => Assert.Equal("jti:3f8a", ((AccessHappened)read).Asker.TokenName));

    [Fact]
    public void ARecordWithItsCategories_IsReadAndWrittenAsItWas() => Check("event.record-added.1.json", GoldenSamples.AddedWithCategories, _ => { });

    [Fact]
    public void ADeviceWithItsCode_AndABatchThatItSigned_AreReadAndWrittenAsTheyWere()
    {
        Check("event.device-registered.1.json", GoldenSamples.RegisteredWithCode, read => Assert.NotNull(((DeviceRegistered)read).Secret));
        Check("event.samples-stored.1.json", GoldenSamples.StoredSigned, read => Assert.NotNull(((SamplesStored)read).Signed));
    }

    [Fact]
    public void EveryEventOfAProvider_IsReadAndWrittenAsItWas() => AllKinds<ProviderEvent>(GoldenSamples.ProviderEvents);

    [Fact]
    public void AMemberWithWhoTookThemIn_IsReadAndWrittenAsItWas()
    {
        Check("event.member-added.1.json", GoldenSamples.MembersWithWho[0], read => Assert.NotNull(((MemberAdded)read).By));
        Check("event.member-removed.1.json", GoldenSamples.MembersWithWho[1], read => Assert.NotNull(((MemberRemoved)read).By));
    }

    [Fact]
    public void APatientWhoSharesUntilAMoment_IsReadAndWrittenAsItWas() =>
        Check("event.patient-shared.1.json", GoldenSamples.SharedUntil, read => Assert.NotNull(((PatientShared)read).Until));

    [Fact]
    public void EveryEventOfADevice_IsReadAndWrittenAsItWas() => AllKinds<DeviceEvent>(GoldenSamples.DeviceEvents);

    [Fact]
    public void EveryEventOfAnErasure_IsReadAndWrittenAsItWas() => AllKinds<ErasureEvent>(GoldenSamples.ErasureEvents);

    [Fact]
    public void EveryEventOfAnAccount_IsReadAndWrittenAsItWas() => AllKinds<AccountEvent>(GoldenSamples.EventsOfAccounts);

    [Fact]
    public void EverySnapshot_IsReadAndWrittenAsItWas()
    {
        Check("snapshot.patient.json", GoldenSamples.Patient, read => Assert.Equal(GoldenSamples.Patient.PolicyVersion, read.Restore().PolicyVersion));
        Check("snapshot.provider.json", GoldenSamples.ProviderState, read => Assert.Single(read.Restore().Sharing));
        Check("snapshot.provider.5.json", GoldenSamples.ProviderWithAccounts, read => Assert.Single(read.Restore().Accounts.Staff));
        Check("snapshot.provider.6.json", GoldenSamples.InstallationWithActs, read => Assert.Single(read.Restore().Accounts.Acts));
        Check("snapshot.erasure.json", new ErasureState((RecordErased)GoldenSamples.ErasureEvents[0]), read => Assert.NotNull(read.View()));
        Check("snapshot.account.json", AccountState.Initial.After(GoldenSamples.EventsOfAccounts[0]), read => Assert.NotNull(read.Of));
        Check("snapshot.device.json", GoldenSamples.DeviceStored, read => Assert.Equal(1, read.Restore().RecentCount));
    }

    /// <summary>Snapshots of earlier versions, which had less in them.</summary>
    [Fact]
    public void OlderSnapshots_AreStillRead()
    {
        var patient = Read("snapshot.patient.1.json");
        Assert.Equal([1, 2], patient.Consents.Consents.Values.Single().History.Select(version => version.Version));
        var second = Read("snapshot.patient.2.json");
        Assert.Equal(["R"], second.Records.NewestFirst.Single().Labels);
        var provider = EventJson.Read<ProviderSnapshot>(Encoding.UTF8.GetBytes(GoldenFile.Read("snapshot.provider.1.json", () => ""))).Restore();
        Assert.Null(provider.Members.Single().Value);
        Assert.Empty(Read("snapshot.patient.2.json").Requests.All);
        Assert.Single(Read("snapshot.patient.3.json").Holdings.Holdings);
        var fourth = Read("snapshot.patient.4.json");
        Assert.Null(fourth.Consents.BrokenGlasses.Single().Organizations);
        Assert.Empty(fourth.GlassReviews);
        Assert.Empty(Read("snapshot.patient.5.json").Wards);
        Assert.Empty(Read("snapshot.patient.6.json").PatientKeys.Keys);
        Assert.Equal(0, Read("snapshot.patient.6.json").Tokens.Number);
        Assert.Equal(DeviceStatus.Lapsed, Read("snapshot.patient.7.json").Devices.Values.Single().StatusAt(DateTimeOffset.MaxValue));
        Assert.Null(Read("snapshot.patient.8.json").Recovery.SeedHash);
        Assert.Empty(Read("snapshot.patient.8.json").Guards);
        Assert.Empty(Read("snapshot.patient.9.json").Suspensions);
        Assert.Empty(EventJson.Read<ProviderSnapshot>(Encoding.UTF8.GetBytes(GoldenFile.Read("snapshot.provider.4.json", () => ""))).Restore().Reviews);
        Assert.Empty(EventJson.Read<ProviderSnapshot>(Encoding.UTF8.GetBytes(GoldenFile.Read("snapshot.provider.3.json", () => ""))).Restore().Requests);
        Assert.Empty(EventJson.Read<ProviderSnapshot>(Encoding.UTF8.GetBytes(GoldenFile.Read("snapshot.provider.2.json", () => ""))).Restore().Requests);

        static PatientState Read(string file) => EventJson.Read<PatientSnapshot>(Encoding.UTF8.GetBytes(GoldenFile.Read(file, () => ""))).Restore();
    }

    private static void AllKinds<TEvent>(TEvent[] samples) where TEvent : class
    {
        var kinds = typeof(TEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().ToDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);
        Assert.Equal(kinds.Keys.ToHashSet(), samples.Select(sample => sample.GetType()).ToHashSet());
        foreach (var sample in samples)
            Check($"event.{kinds[sample.GetType()]}.json", sample, read => Assert.IsType(sample.GetType(), read));
    }

    private static void Check<T>(string file, T sample, Action<T> check) where T : class
    {
        var written = GoldenFile.Read(file, () => Text(sample));
        var read = EventJson.Read<T>(Encoding.UTF8.GetBytes(written));
        check(read);
        Assert.Equal(written, Text(read));
        Assert.Equal(written, Text(sample));
    }

    private static string Text<T>(T value) where T : class => Encoding.UTF8.GetString(EventJson.Write(value));
}
