using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Consents;

public sealed class ConsentMutations
{
    [Description("The patient gives a consent. Effective when this answers; on the ledger a moment later.")]
    public static async Task<ConsentPayload> GrantConsent(GrantConsentInput input, IResolveFieldContext context) => ConsentPayload.Of(
        await context.Patient(input.Patient).GrantAsync(new GrantConsent(new CommandId(input.CommandId), context.Asker(), input.ToTerms(), input.ImpactAcknowledged ?? false)));

    [Description("The patient changes what a consent says. The version before stays readable; what was permitted by it alone ends when this answers.")]
    public static async Task<ConsentPayload> AmendConsent(AmendConsentInput input, IResolveFieldContext context) => ConsentPayload.Of(
        await context.Patient(input.Patient).AmendConsentAsync(new AmendConsent(
            new CommandId(input.CommandId), context.Asker(), new ConsentId(input.Consent), input.ExpectedVersion, input.ToTerms(),
            input.ImpactAcknowledged ?? false)));

    [Description("The patient takes a consent back. Every read that begins after this answers is decided without it.")]
    public static async Task<ConsentPayload> RevokeConsent(RevokeConsentInput input, IResolveFieldContext context) => ConsentPayload.Of(
        await context.Patient(input.Patient).RevokeAsync(new RevokeConsent(new CommandId(input.CommandId), context.Asker(), new ConsentId(input.Consent))));

    [Description("Hides one record from everybody else (who treats the patient, too: impactAcknowledged says that the patient knows), whatever other consents say of its class. Revoke the consent that this answers with to show it again.")]
    public static async Task<ConsentPayload> BlockRecord(BlockRecordInput input, IResolveFieldContext context)
    {
        var rule = new Provision(ProvisionType.Deny, Actor.Anyone, [], [], DataFilter.All with { Records = [new RecordId(input.Record)] });
        return ConsentPayload.Of(await context.Patient(input.Patient).GrantAsync(
            new GrantConsent(new CommandId(input.CommandId), context.Asker(), new ConsentTerms(rule, [], Period.Always), input.ImpactAcknowledged ?? false)));
    }
}
