using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Api.GraphQL.Templates;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Consents that are ready to be given.</summary>
public sealed partial class PatientType
{
    [Description("The product's templates, then the patient's own; null for everybody but the patient.")]
    public Task<IReadOnlyList<ConsentTemplateType>?> ConsentTemplates(IResolveFieldContext context) =>
        Grain(context).TemplatesAsync(Asker(context))
            .OrNull(templates => (IReadOnlyList<ConsentTemplateType>)[.. templates.Select(template => new ConsentTemplateType(template))]);
}
