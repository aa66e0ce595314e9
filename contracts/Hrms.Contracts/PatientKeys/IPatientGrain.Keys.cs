using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>The patient's own keys, and what they sign.</summary>
public partial interface IPatientGrain
{
    /// <summary>A challenge for a new key of the patient's, good once; a newer one takes its place. Only for the patient in person.</summary>
    [Alias("BeginPatientKey")]
    Task<Outcome<PatientKeyChallenge>> BeginPatientKeyAsync(Asker asker);

    /// <summary>A key with which the patient signs consents. Answers when it is durable and in the queue to the ledger.</summary>
    [Alias("RegisterPatientKey")]
    Task<Outcome<PatientKeyView>> RegisterPatientKeyAsync(RegisterPatientKey command);

    [Alias("RetirePatientKey")]
    Task<Outcome<PatientKeyView>> RetirePatientKeyAsync(RetirePatientKey command);

    /// <summary>All keys, newest first. Only for the patient in person.</summary>
    [Alias("PatientKeys"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<PatientKeyView>>> PatientKeysAsync(Asker asker);

    /// <summary>What the key in use is to sign for the newest version of a consent. Only for the patient in person.</summary>
    /// <param name="expiresAt">Until when the signature is to be good; null: see <see cref="Limits.SignatureYearsDefault"/>.</param>
    [Alias("ConsentToSign"), AlwaysInterleave]
    Task<Outcome<ConsentToSign>> ConsentToSignAsync(Asker asker, ConsentId consent, DateTimeOffset? expiresAt);

    [Alias("SignConsent")]
    Task<Outcome<ConsentSignatureView>> SignConsentAsync(SignConsent command);
}
