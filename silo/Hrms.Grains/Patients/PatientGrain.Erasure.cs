using Hrms.Contracts;
using Hrms.Domain.Erasures;
using Hrms.Domain.Patients;
using Hrms.Domain.Ports;

namespace Hrms.Grains.Patients;

/// <summary>
/// Erasing the record. From the moment its beginning is durable everybody is answered as after its end. What must be told is told while the key still opens
/// whom it concerns; then the key goes; then the certificate is written. After a crash a sweep (or the repeated command) goes on where it ended.
/// </summary>
public sealed partial class PatientGrain
{
    public async Task<Outcome<ErasureCertificate>> EraseAsync(EraseRecord command)
    {
        if ((await StandingOfAsync(command.Asker)).IsEnded)
            return await RefuseEndedAsync(command.Asker, AccessAction.Store, "eraseRecord");
        if (IsErased && !IsSelf(command.Asker))
        {
            await PaceAsync(command.Asker, AccessAction.Store, "eraseRecord");
            return Refusal.NotFound("No such patient.");
        }
        if (!IsErased)
        {
            if (await RefuseClosedAsync(command.Asker, "eraseRecord") is { } closed)
                return closed;
            if (ErasureRules.Check(State, command, Now) is { } refusal)
                return await NotedAsync(command.Asker, "eraseRecord", refusal);
            if (FreshSignIn.RefusalFor(command.Asker, Now) is { } tooOld)
                return tooOld;
            await BeginErasureAsync();
        }
        return await FinishErasureAsync();
    }

    public async Task<Outcome<ErasureCertificate>> FinishErasureAsync()
    {
        if (await Services.Erasures.FindAsync(Stream, CancellationToken.None) is not { } erasure)
            return IsErased ? Erased : Refusal.NotFound("No such patient.");
        if (!IsErased)
        {
            // Another activation began it. The next one reads that.
            DeactivateOnIdle();
            return new Refusal(RefusalCode.Unavailable, "The erasure goes on in a moment. Repeat it with the same command id.");
        }
        if (Ending is not null)
            await DestroyAsync();
        if (!erasure.IsOver)
            await ClearSnapshotAsync();
        var certificate = await GrainFactory.GetGrain<IErasureGrain>(erasure.Certificate).CertifyAsync(erasure.BeganAt);
        if (certificate.Succeeded && !erasure.IsOver)
        {
            await Fault.PointAsync(Fault.AfterErasureCertified);
            await Services.Erasures.EndAsync(Stream, Now, CancellationToken.None);
        }
        return certificate;
    }

    public async Task ForgetPersonAsync(PatientId person)
    {
        if (IsErased || ErasureRules.Without(State, person, Now) is not { Count: > 0 } events)
            return;
        await CommitAsync(events);
        PolicyChanged();
    }

    private async Task BeginErasureAsync()
    {
        try
        {
            await Services.Erasures.BeginAsync(Stream, Now, CancellationToken.None);
        }
        catch
        {
            // It may be durable or not: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }
        BeginEnding();
        PolicyChanged();
        await Fault.PointAsync(Fault.AfterErasureBegun);
    }

    private async Task DestroyAsync()
    {
        if (ErasureRules.LastEvents(Ending!, Now) is { Count: > 0 } events)
            await CommitAsync(events);
        var patient = Ending!;
        await Task.WhenAll(ErasureRules.Providers(patient, Now).Select(provider => GrainFactory.GetGrain<IProviderGrain>(provider.Key).ForgetPatientAsync(Id, provider.Value))
            .Concat(ErasureRules.Persons(patient).Select(person => GrainFactory.GetGrain<IPatientGrain>(person.Value).ForgetPersonAsync(Id)))
            .Concat(patient.Devices.Keys.Select(device => GrainFactory.GetGrain<IDeviceGrain>(device).EndAsync())));
        await Services.PatientKeys.ForgetAsync([.. patient.PatientKeys.Keys.Select(key => key.Pseudonym)], CancellationToken.None);
        await Fault.PointAsync(Fault.AfterErasureTold);
        await Services.Erasures.DestroyAsync([Stream, .. patient.Devices.Keys.Select(device => new StreamId(device))], Now, CancellationToken.None);
        EndEnding();
        await Fault.PointAsync(Fault.AfterErasureDestroyed);
    }
}
