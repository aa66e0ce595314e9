using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hrms.Api.Auth;
using Hrms.Api.Identity.Accounts;
using Hrms.Api.Identity.Keys;
using Hrms.Contracts;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace Hrms.Api.Identity.OAuth;

/// <summary>Of which patient an app's request is, before the person is asked: told by the EHR's handle, chosen on the screen, or the person themselves.</summary>
/// <param name="Wrong">What is wrong with the request; null: nothing.</param>
/// <param name="Choices">Among whom the practitioner chooses; null: there is nothing to choose.</param>
/// <param name="Launcher">Whose system launched the app, by name; null: nothing was launched.</param>
internal sealed record OpenPatient(string? Wrong, PatientId? Patient = null, RecordId? Encounter = null, Guid? Handle = null, IReadOnlyList<SharingPatient>? Choices = null, string? Launcher = null)
{
    public static readonly OpenPatient None = new(Wrong: null);
}

/// <summary>Launch contexts (SMART App Launch 2): handles for EHR launches, and choosing a patient where nothing was launched.</summary>
internal sealed class Launches(IKeyWrap wrap, IdentityDatabase database, IGrainFactory grains, TimeProvider clock) : ILaunches
{
    /// <summary>In the form of the consent screen: whom the practitioner chose.</summary>
    public const string ChosenField = "patient";

    private const string Purpose = "launch";
    private const int HandleLengthMax = 2_048;
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(5);

    private sealed record Sealed(Guid Id, LaunchContext Context, DateTimeOffset Until);

    public LaunchHandle Make(LaunchContext context)
    {
        var handle = new Sealed(Guid.NewGuid(), context, clock.GetUtcNow() + GoodFor);
        return new LaunchHandle(Base64Url.EncodeToString(wrap.Wrap(JsonSerializer.SerializeToUtf8Bytes(handle), Purpose)), handle.Until);
    }

    public async Task<OpenPatient> OfAsync(OpenIddictRequest request, Account account, string? chosen)
    {
        var handle = (string?)request["launch"];
        if (handle is null != !request.HasScope(HrmsScopes.Launch))
            return new OpenPatient("The parameter launch goes with the scope launch, and the scope launch with the parameter.");
        if (handle is not null)
            return await OfHandleAsync(handle, request.ClientId!, account);
        if (!request.GetScopes().Any(IsOfOnePatient))
            return OpenPatient.None;
        return account.Role switch
        {
            HrmsRoles.Patient => OpenPatient.None,
            HrmsRoles.Practitioner => await ChosenAsync(account, chosen),
            _ => new OpenPatient("Who signed in is no patient, and sees none."),
        };
    }

    /// <summary>Uses a handle up.</summary>
    /// <returns>False: it was used before.</returns>
    public async Task<bool> TryUseAsync(Guid handle, CancellationToken cancellationToken)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"launch\n{handle:D}"));
        var until = clock.GetUtcNow() + GoodFor;
        return await database.Database.ExecuteSqlAsync($"insert into identity.seen_assertion (digest, expires_at) values ({digest}, {until}) on conflict do nothing", cancellationToken) == 1;
    }

    public static bool IsOfOnePatient(string scope) => scope == HrmsScopes.LaunchPatient || HrmsScopes.Resource(scope)?.Context == ScopeContext.Patient;

    /// <summary>Expired, another app's, another person's, none of ours: the same answer.</summary>
    private async Task<OpenPatient> OfHandleAsync(string text, string app, Account account) =>
        text.Length <= HandleLengthMax && Base64Url.IsValid(text) && wrap.TryUnwrap(Base64Url.DecodeFromChars(text), Purpose) is { } json
        && JsonSerializer.Deserialize<Sealed>(json) is { } handle && clock.GetUtcNow() < handle.Until && handle.Context.App == app
        && account.Role == HrmsRoles.Practitioner && account.Party == handle.Context.Practitioner.Value
            ? new OpenPatient(null, handle.Context.Patient, handle.Context.Encounter, handle.Id, Launcher: (await grains.Grain<IProviderGrain>(handle.Context.Organization.Value).ViewAsync()).Value?.Name)
            : new OpenPatient("This launch is not good (any more). Launch the app again.");

    /// <summary>From those who share something with the practitioner: an index, which opens nothing.</summary>
    private async Task<OpenPatient> ChosenAsync(Account account, string? chosen)
    {
        var sharing = await grains.Grain<IProviderGrain>(account.Party).SharingPatientsAsync();
        return Guid.TryParse(chosen, out var id) && sharing.Any(patient => patient.Patient.Value == id)
            ? new OpenPatient(null, new PatientId(id)) : new OpenPatient(null, Choices: sharing);
    }
}
