using GraphQL;
using Hrms.Api.GraphQL.Consents;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>The patient's consents.</summary>
public sealed partial class PatientType
{
    [Description("Every version of a consent, oldest first; null for everybody but the patient, and when there is no such consent.")]
    public Task<IReadOnlyList<ConsentVersionType>?> ConsentVersions([Id] Guid consent, IResolveFieldContext context) =>
        Grain(context).ConsentVersionsAsync(Asker(context), new ConsentId(consent))
            .OrNull(versions => (IReadOnlyList<ConsentVersionType>)[.. versions.Select(version => new ConsentVersionType(version))]);

    [Description("A version of a consent, by default the latest, as a paper that the patient takes along: JWS, signed (ES256) by the member that runs this server, checked by the verifier program and the keys at /.well-known/consent-keys.json. Null for everybody but the patient, and when there is no such version.")]
    public Task<string?> ConsentArtefact([Id] Guid consent, int? version, IResolveFieldContext context) =>
        Grain(context).ConsentArtefactAsync(Asker(context), new ConsentId(consent), version).OrNull(signed => signed);

    [Description("All consents, newest first; null for everybody but the patient.")]
    public Task<IReadOnlyList<ConsentType>?> Consents(IResolveFieldContext context) =>
        Grain(context).ConsentsAsync(Asker(context)).OrNull(consents => (IReadOnlyList<ConsentType>)[.. consents.Select(consent => new ConsentType(consent, id))]);
}
