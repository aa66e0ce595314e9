using GraphQL;
using Hrms.Api.GraphQL.PatientKeys;
using Hrms.Api.GraphQL.Schema;
using Hrms.Contracts;

namespace Hrms.Api.GraphQL.Patients;

/// <summary>The patient's own keys.</summary>
public sealed partial class PatientType
{
    [Description("The keys that the patient signs consents with, newest first; null for everybody but the patient in person.")]
    public Task<IReadOnlyList<PatientKeyType>?> PatientKeys(IResolveFieldContext context) => Grain(context).PatientKeysAsync(Asker(context))
        .OrNull(keys => (IReadOnlyList<PatientKeyType>)[.. keys.Select(key => new PatientKeyType(key))]);

    [Description(
        "What the key in use is to sign for the newest version of a consent, good until expiresAt (by default: the consent's own end, in five years at most). Null for everybody but the patient in person, and when there is no such consent.")]
    public Task<ConsentToSignType?> ConsentToSign([Id] Guid consent, DateTimeOffset? expiresAt, IResolveFieldContext context) =>
        context.RelyingParty() is { } party
            ? Grain(context).ConsentToSignAsync(Asker(context), new ConsentId(consent), expiresAt).OrNull(toSign => new ConsentToSignType(toSign, party))
            : throw Answers.Error(PatientKeyPages.NotTold);
}
