using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.Identity;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Organizations;

public sealed class LaunchMutations
{
    [Description(
        "An organisation's own system launches an app for a patient whom one of its practitioners has open (SMART App Launch 2): the answer's launch goes into the app's launch address. Good once, for five minutes, for this "
        + "app and this practitioner. Answered alike whether or not there is such a patient, or they share anything.")]
    public static async Task<LaunchPayload> CreateLaunch(CreateLaunchInput input, IResolveFieldContext context)
    {
        var asker = context.Asker().Actor;
        if (asker.Kind != ActorKind.Organization)
            return LaunchPayload.Of(new Refusal(RefusalCode.Forbidden, "Apps are launched by an organisation's own system."));
        if (context.RequestServices!.GetService<ILaunches>() is not { } launches)
            return LaunchPayload.Of(new Refusal(RefusalCode.WrongState, "This server issues no tokens. Launch apps at your identity server."));
        await context.OwnProviderAsync();
        var practitioner = await context.Provider(input.Practitioner).StandingAsync();
        if (!practitioner.Memberships.Any(membership => membership.Group.Value == asker.Id))
            return LaunchPayload.Of(new Refusal(RefusalCode.NotFound, "The practitioner is none of this organisation's.", "practitioner"));
        var handle = launches.Make(new LaunchContext(
            new PatientId(input.Patient), new ProviderId(input.Practitioner), input.App, input.Encounter is { } encounter ? new RecordId(encounter) : null, new ProviderId(asker.Id)));
        return new LaunchPayload(handle.Launch, handle.ExpiresAt, []);
    }
}

/// <param name="App">The app's client id.</param>
/// <param name="Encounter">The record of the visit or stay that is open; nothing given: none.</param>
public sealed record CreateLaunchInput([property: Id] Guid Patient, [property: Id] Guid Practitioner, string App, [property: Id] Guid? Encounter);

/// <param name="Launch">What the app sends to the authorization endpoint as its parameter launch.</param>
public sealed record LaunchPayload(string? Launch, DateTimeOffset? ExpiresAt, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static LaunchPayload Of(Refusal refusal) => new(null, null, [UserError.Of(refusal)]);
}
