using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Requests;

public sealed class RequestMutations
{
    [Description("A practitioner or an organisation asks a patient for a consent. Answers the same whether or not there is such a patient.")]
    public static async Task<ConsentRequestPayload> RequestConsent(RequestConsentInput input, IResolveFieldContext context) =>
        ConsentRequestPayload.Of(await context.AsProvider(provider => provider.RequestConsentAsync(new RequestConsent(
            new CommandId(input.CommandId), context.Asker(), new PatientId(input.Patient), input.ToTerms(), input.Message, input.ExpiresAt))));

    [Description("Who asked takes the request back, as long as nobody decided on it.")]
    public static async Task<ConsentRequestPayload> WithdrawConsentRequest(WithdrawConsentRequestInput input, IResolveFieldContext context) =>
        ConsentRequestPayload.Of(await context.AsProvider(provider => provider.WithdrawRequestAsync(
            new WithdrawRequest(new CommandId(input.CommandId), context.Asker(), new RequestId(input.Request)))));

    [Description("The patient says yes, to all of it or to less; terms that are not provably a part of what was asked for are refused. Answers with the consent that it becomes.")]
    public static async Task<ConsentPayload> ApproveConsentRequest(ApproveConsentRequestInput input, IResolveFieldContext context) => ConsentPayload.Of(
        await context.Patient(input.Patient).ApproveRequestAsync(
            new ApproveRequest(
                new CommandId(input.CommandId), context.Asker(), new RequestId(input.Request), input.Terms?.ToTerms(), input.ImpactAcknowledged ?? false)));

    [Description("The patient says no.")]
    public static async Task<ConsentRequestPayload> RefuseConsentRequest(RefuseConsentRequestInput input, IResolveFieldContext context) => ConsentRequestPayload.Of(
        await context.Patient(input.Patient).RefuseRequestAsync(new RefuseRequest(new CommandId(input.CommandId), context.Asker(), new RequestId(input.Request))));
}

internal static class AskingAsProvider
{
    /// <summary>The asker's own grain. Only practitioners and organisations have one; anybody else's id may be another kind of grain's.</summary>
    public static Task<Outcome<ConsentRequestView>> AsProvider(
        this IResolveFieldContext context, Func<IProviderGrain, Task<Outcome<ConsentRequestView>>> ask) =>
        context.Asker().Actor is { Kind: ActorKind.Practitioner or ActorKind.Organization, Id: var id }
            ? ask(context.Provider(id))
            : Task.FromResult<Outcome<ConsentRequestView>>(
                new Refusal(RefusalCode.Forbidden, "Consents are requested by registered practitioners and organisations for themselves."));
}
