using Hrms.Contracts;

namespace Hrms.Grains.Tests;

/// <summary>A practitioner's list of the patients who share with them keeps up with many who decide at the same time.</summary>
public sealed class SharingTests(SiloFixture silo)
{
    private const int Patients = 24;

    [Fact]
    public async Task ManyPatientsAtOnce_AreOnThePractitionersList_UntilTheyRevoke()
    {
        var drLee = Guid.NewGuid();
        var patients = await Task.WhenAll(Enumerable.Range(0, Patients).Select(_ => silo.PatientAsync()));
        var granted = await Task.WhenAll(patients.Select(patient => patient.Grain.GrantAsync(new GrantConsent(SiloFixture.Command(), patient.Self, SiloFixture.Labs(drLee)))));
        await ListBecomesAsync(drLee, patients.Select(patient => patient.Self.Actor.Id));

        var (leaving, staying) = (patients[..(Patients / 2)], patients[(Patients / 2)..]);
        await Task.WhenAll(leaving.Zip(granted, (patient, consent) => patient.Grain.RevokeAsync(new RevokeConsent(SiloFixture.Command(), patient.Self, consent.Value!.Id))));
        await ListBecomesAsync(drLee, staying.Select(patient => patient.Self.Actor.Id));

        await silo.ForgetAsync();
        await ListBecomesAsync(drLee, staying.Select(patient => patient.Self.Actor.Id));
    }

    /// <summary>The list is told after the answer: it is looked at until it is right, or the test run gives up.</summary>
    private async Task ListBecomesAsync(Guid practitioner, IEnumerable<Guid> expected)
    {
        var wanted = expected.Order().ToList();
        var provider = silo.Grains.GetGrain<IProviderGrain>(practitioner);
        while (!(await provider.SharingPatientsAsync()).Select(sharing => sharing.Patient.Value).Order().SequenceEqual(wanted))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
    }
}
