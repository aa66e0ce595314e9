using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Providers;

public sealed class ProviderMutations
{
    [Description("Registers a practitioner, organisation or care team under its business identifier. Only operators may; an organisation registers its care teams. Repeating it changes nothing.")]
    public static async Task<ProviderPayload> RegisterProvider(RegisterProviderInput input, IResolveFieldContext context)
    {
        var asker = context.Asker();
        var ownTeam = input.Kind == ProviderKind.CareTeam && asker.Actor.Kind == ActorKind.Organization;
        if (asker.Actor.Kind != ActorKind.Operator && !ownTeam)
            return ProviderPayload.Of(new Refusal(RefusalCode.Forbidden, "Providers are registered by an operator, care teams also by their organisation."));
        var id = ProviderId.FromIdentifier(input.IdentifierSystem, input.IdentifierValue);
        var draft = new ProviderDraft(id, input.Kind, input.Name, input.IdentifierSystem, input.IdentifierValue, input.Address);
        return ProviderPayload.Of(await context.Provider(id.Value).RegisterAsync(new RegisterProvider(asker, draft)));
    }

    [Description("Takes a practitioner into an organisation or a care team, or lets one go. Effective at the next decision, with no act of any patient.")]
    public static async Task<ProviderPayload> ChangeMembership(ChangeMembershipInput input, IResolveFieldContext context) => ProviderPayload.Of(
        await context.Provider(input.Organization).ChangeMembershipAsync(new ChangeMembership(context.Asker(), new ProviderId(input.Practitioner), input.Member, input.Role)));
}

/// <param name="IdentifierSystem">Such as http://hl7.org/fhir/sid/us-npi.</param>
/// <param name="Address">Where it is, in one line; patients read it in their accounting of disclosures. Nothing given: not known.</param>
public sealed record RegisterProviderInput(ProviderKind Kind, string Name, string IdentifierSystem, string IdentifierValue, string? Address);

/// <param name="Organization">The organisation, or the care team.</param>
/// <param name="Role">The role the practitioner has there; nothing given: none.</param>
public sealed record ChangeMembershipInput([property: Id] Guid Organization, [property: Id] Guid Practitioner, bool Member, string? Role);

public sealed record ProviderPayload(ProviderType? Provider, IReadOnlyList<UserError> Errors) : IPayload
{
    internal static ProviderPayload Of(Outcome<ProviderView> outcome) => new(outcome.Succeeded ? new ProviderType(outcome.Value) : null, UserError.Of(outcome));
}
