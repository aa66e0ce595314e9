using GraphQL;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>
/// A patient as an asker may see them. Whether there is such a patient does not show: who may see nothing gets empty lists and nulls.
/// The fields are added by the feature folders.
/// </summary>
[Name("Patient")]
public sealed partial class PatientType(Guid id, PurposeOfUse? purpose)
{
    [Id]
    public Guid Id => id;

    internal Asker Asker(IResolveFieldContext context) => context.Asker(purpose);

    internal IPatientGrain Grain(IResolveFieldContext context) => context.Patient(id);

    [Description("The patient's own overview; null for everybody else.")]
    public Task<PatientOverview?> Overview(IResolveFieldContext context) =>
        Grain(context).ViewAsync(Asker(context)).OrNull(view => new PatientOverview(view.RegisteredAt, view.RecordCount, view.ActiveConsentCount));
}

public sealed record PatientOverview(DateTimeOffset RegisteredAt, int RecordCount, int ActiveConsentCount);
