using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Templates;

public sealed class TemplateMutations
{
    [Description("The patient gives a template to somebody: the same as giving its rule and exceptions by hand.")]
    public static async Task<ConsentPayload> GrantFromTemplate(GrantFromTemplateInput input, IResolveFieldContext context) => ConsentPayload.Of(
        await context.Patient(input.Patient).GrantFromTemplateAsync(new GrantFromTemplate(
            new CommandId(input.CommandId), context.Asker(), input.Template, input.Grantee.ToActor(), new Period(input.ValidFrom, input.ValidUntil),
            input.ImpactAcknowledged ?? false)));

    [Description("The patient keeps what one of their consents says as a template of their own.")]
    public static async Task<ConsentTemplatePayload> SaveConsentTemplate(SaveConsentTemplateInput input, IResolveFieldContext context)
    {
        var outcome = await context.Patient(input.Patient).SaveTemplateAsync(
            new SaveTemplate(new CommandId(input.CommandId), context.Asker(), input.Name, new ConsentId(input.Consent)));
        return new ConsentTemplatePayload(outcome.Succeeded ? new ConsentTemplateType(outcome.Value) : null, UserError.Of(outcome));
    }
}

/// <param name="Template">The code of one of the patient's consentTemplates.</param>
public sealed record GrantFromTemplateInput(
    [property: Id] Guid CommandId, [property: Id] Guid Patient, string Template, GranteeInput Grantee, DateTimeOffset? ValidFrom, DateTimeOffset? ValidUntil,
    bool? ImpactAcknowledged);

public sealed record SaveConsentTemplateInput([property: Id] Guid CommandId, [property: Id] Guid Patient, [property: Id] Guid Consent, string Name);

public sealed record ConsentTemplatePayload(ConsentTemplateType? Template, IReadOnlyList<UserError> Errors) : IPayload;

/// <summary>A consent ready to be given; its grantee is an example, in whose place who is named stands.</summary>
[Name("ConsentTemplate")]
public sealed class ConsentTemplateType(ConsentTemplate template)
{
    public string Code => template.Code;

    public string Name => template.Name;

    public string Description => template.Description;

    [Description("Whether it is the patient's own.")]
    public bool Own => template.Own;

    public ProvisionTerms Rule => new(template.Terms.Rule);

    public IReadOnlyList<ProvisionTerms> Exceptions => [.. template.Terms.Exceptions.Select(exception => new ProvisionTerms(exception))];
}
