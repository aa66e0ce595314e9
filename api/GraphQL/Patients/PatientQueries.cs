using GraphQL;
using Hrms.Api.GraphQL.Http;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

public sealed class PatientQueries
{
    [ForApps, LookUp, Description("A patient, asked for a purpose: TREAT unless another is named or the token pins one.")]
    public static PatientType Patient([Id] Guid id, PurposeOfUse? purpose) => new(id, purpose);

    [ForApps, Description("Who the token says is asking.")]
    public static Viewer Viewer(IResolveFieldContext context) => new(context.Asker());
}

/// <summary>The party behind the token.</summary>
public sealed partial class Viewer(Asker asker)
{
    private Actor Party => asker.Actor;

    public ActorKind Kind => Party.Kind;

    [Id]
    public Guid Id => Party.Id;

    [Id, Description("The patient for whom the party acts, as a delegate; null when it acts for itself.")]
    public Guid? OnBehalfOf => asker.OnBehalfOf?.Id;

    [Description("The patient whose record the token is for: the person's own, or of whom they act for; null for others.")]
    public PatientType? Patient() => Party.Kind == ActorKind.Patient ? new PatientType(asker.OnBehalfOf?.Id ?? Party.Id, null) : null;

    [Description("The patients who share something with this practitioner or organisation; empty for apps that were allowed less. A list to begin from: each look is decided anew.")]
    public async Task<IReadOnlyList<SharingPatientType>> SharingPatients(IResolveFieldContext context) =>
        asker.Scope is null && Party.Kind is (ActorKind.Practitioner or ActorKind.Organization)
            ? [.. (await (await context.OwnProviderAsync()).SharingPatientsAsync()).Select(entry => new SharingPatientType(new PatientType(entry.Patient.Value, null), entry.Since))]
            : [];
}

[Name("SharingPatient")]
public sealed record SharingPatientType(PatientType Patient, DateTimeOffset Since);
