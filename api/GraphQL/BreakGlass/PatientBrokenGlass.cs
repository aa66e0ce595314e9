using GraphQL;
using Hrms.Api.GraphQL.BreakGlass;
using Hrms.Api.GraphQL.Schema;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>Who broke the glass.</summary>
public sealed partial class PatientType
{
    [Description("Who broke the glass, and how far the review is, newest first; null for everybody but the patient.")]
    public Task<IReadOnlyList<BrokenGlassType>?> BrokenGlasses(IResolveFieldContext context) => Grain(context).BrokenGlassesAsync(Asker(context))
        .OrNull(glasses => (IReadOnlyList<BrokenGlassType>)[.. glasses.Select(glass => new BrokenGlassType(glass))]);
}
