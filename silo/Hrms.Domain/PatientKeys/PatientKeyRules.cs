using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Artefacts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Domain.PatientKeys;

/// <summary>
/// Who may register a key, and what it signs. All of it is the patient's in person: a delegate acts for the patient, and never signs as the patient. Called by the patient's grain.
/// </summary>
public static class PatientKeyRules
{
    /// <summary>Web Authentication, level 3, section 6.1: the longest credential id.</summary>
    private const int CredentialIdBytesMax = 1_023;

    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Null: the asker is the patient in person.</summary>
    public static Refusal? InPerson(PatientState state, Asker asker, DateTimeOffset now) =>
        ConsentRules.IsPatient(state, asker) ? null
        : ConsentRules.MayAct(state, asker, now) ? new Refusal(RefusalCode.Forbidden, "Only the patient in person has keys and signs with them.")
        : Refusal.NotFound("No such patient.");

    /// <param name="challenge">The one that was issued last and is still good; null: none.</param>
    /// <param name="pseudonym">32 random bytes.</param>
    /// <param name="salt">32 random bytes.</param>
    public static Decided<PatientEvent> Register(PatientState state, RegisterPatientKey command, byte[]? challenge, byte[] pseudonym, byte[] salt, DateTimeOffset now)
    {
        if (InPerson(state, command.Asker, now) is { } notTheirs)
            return notTheirs;
        if (PointOf(command.PublicKey) is not var (x, y))
            return new Refusal(RefusalCode.Invalid, "A P-256 key is expected, as SubjectPublicKeyInfo (what getPublicKey() gives).", "publicKey");
        var id = PatientKeyId.From(command.Command);
        if (state.PatientKeys.Find(id) is { } known)
            return known.X.AsSpan().SequenceEqual(x) && known.Y.AsSpan().SequenceEqual(y)
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another key. Use a new one.", "commandId");
        if (Misshapen(state, command) is { } wrong)
            return wrong;
        if (state.PatientKeys.Keys.Exists(key => key.X.AsSpan().SequenceEqual(x) && key.Y.AsSpan().SequenceEqual(y)))
            return new Refusal(RefusalCode.WrongState, "This key was registered before. A key that was retired stays so: make a new one.", "publicKey");
        if (challenge is null)
            return new Refusal(RefusalCode.WrongState, "No challenge is open: it was used, is too old, or another one took its place. Begin anew with beginPatientKey.", "assertion.clientDataJSON");
        var (proof, refused) = Taken(command.Proof, command.RelyingParty, challenge, x, y);
        if (proof is null)
            return refused!;
        var registered = new PatientKeyRegistered(now, id, command.Name, command.CredentialId, x, y, salt, pseudonym, proof);
        return new Decided<PatientEvent>(
            state.PatientKeys.InUse is { } before ? [new PatientKeyRetired(now, before.Id), registered] : [registered], null);
    }

    public static Decided<PatientEvent> Retire(PatientState state, RetirePatientKey command, DateTimeOffset now)
    {
        if (InPerson(state, command.Asker, now) is { } notTheirs)
            return notTheirs;
        if (state.PatientKeys.Find(command.Key) is not { } key)
            return Refusal.NotFound("No such key.");
        // Ending it twice is the same wish, under whichever command id.
        return key.RetiredAt is null ? new PatientKeyRetired(now, key.Id) : Decided<PatientEvent>.AlreadyDone;
    }

    /// <summary>What the key in use is to sign for the newest version of a consent.</summary>
    public static Outcome<ConsentToSign> ToSign(PatientState state, ConsentId consent, DateTimeOffset? expiresAt, PatientKeyRegister register, DateTimeOffset now)
    {
        if (state.Consents.Find(consent) is not { } found)
            return Refusal.NotFound("No such consent.");
        var until = expiresAt ?? Earlier(now.AddYears(Limits.SignatureYearsDefault), found.Terms.Validity.Until);
        var expires = until.ToUnixTimeSeconds();
        if (Unsignable(state, found, expires, now) is { } refusal)
            return refusal;
        var key = state.PatientKeys.InUse!;
        var artefact = ArtefactOf(state, found);
        return new ConsentToSign(
            consent, found.Version, DateTimeOffset.FromUnixTimeSeconds(expires), artefact,
            PatientSignature.Challenge(register.ChainId, register.Contract, key.Pseudonym, artefact, expires), key.CredentialId);
    }

    public static Decided<PatientEvent> Sign(PatientState state, SignConsent command, PatientKeyRegister register, DateTimeOffset now)
    {
        if (InPerson(state, command.Asker, now) is { } notTheirs)
            return notTheirs;
        if (state.Consents.Find(command.Consent) is not { } consent)
            return Refusal.NotFound("No such consent.");
        if (state.PatientKeys.Signed.Values.FirstOrDefault(one => one.Command == command.Command) is { } earlier)
            return (earlier.Consent, earlier.Version) == (command.Consent, command.Version)
                ? Decided<PatientEvent>.AlreadyDone
                : new Refusal(RefusalCode.CommandReused, "This command id was used for another signature. Use a new one.", "commandId");
        if (consent.Version != command.Version)
            return new Refusal(RefusalCode.StaleVersion, $"The consent is at version {consent.Version}. Read it again and decide anew.", "version");
        var expires = command.ExpiresAt.ToUnixTimeSeconds();
        if (Unsignable(state, consent, expires, now) is { } refusal)
            return refusal;
        var key = state.PatientKeys.InUse!;
        if (state.PatientKeys.SignatureOf(consent.Id, consent.Version)?.Key == key.Id)
            return new Refusal(RefusalCode.WrongState, "The key in use has signed this version already.", "version");
        var artefact = ArtefactOf(state, consent);
        var challenge = PatientSignature.Challenge(register.ChainId, register.Contract, key.Pseudonym, artefact, expires);
        var (passkey, wrong) = Taken(command.Assertion, command.RelyingParty, challenge, key.X, key.Y);
        return passkey is null
            ? wrong!
            : new ConsentSigned(
                now, consent.Id, consent.Version, key.Id, command.Command,
                new PatientSignature(register.ChainId, register.Contract, key.Pseudonym, artefact, expires, key.X, key.Y, key.Salt, passkey));
    }

    /// <summary>The assertion as the ledger takes it, or why not.</summary>
    private static (PasskeySignature?, Refusal?) Taken(PasskeyAssertion assertion, RelyingParty party, byte[] challenge, byte[] x, byte[] y)
    {
        if (PasskeySignature.Of(assertion) is not { } signature)
            return (null, new Refusal(RefusalCode.Invalid, "The signature is not an ES256 signature in ASN.1 DER.", "assertion.signature"));
        return (signature.ProblemWith(party) ?? signature.Problem(challenge, x, y)) is { } wrong
            ? (null, new Refusal(RefusalCode.Invalid, wrong.Text, $"assertion.{(wrong.Place == "clientData" ? "clientDataJSON" : wrong.Place)}"))
            : (signature, null);
    }

    private static Refusal? Misshapen(PatientState state, RegisterPatientKey command)
    {
        var inUse = state.PatientKeys.InUse;
        return string.IsNullOrWhiteSpace(command.Name) || command.Name.Length > Limits.PatientKeyNameMax
                ? new Refusal(RefusalCode.Invalid, $"Name it in 1 to {Limits.PatientKeyNameMax} characters.", "name")
            : command.CredentialId.Length is 0 or > CredentialIdBytesMax ? new Refusal(RefusalCode.Invalid, $"A credential id has 1 to {CredentialIdBytesMax} bytes.", "credentialId")
            : state.PatientKeys.Keys.Count >= Limits.PatientKeysMax ? new Refusal(RefusalCode.LimitExceeded, $"A patient has at most {Limits.PatientKeysMax} keys.")
            : inUse is not null && command.Replaces is null ? new Refusal(RefusalCode.WrongState, "A key is in use. Say that the new one replaces it.", "replaces")
            : inUse?.Id != command.Replaces ? Refusal.NotFound("No such key is in use.") with { Place = "replaces" }
            : null;
    }

    private static Refusal? Unsignable(PatientState state, Consent consent, long expires, DateTimeOffset now) =>
        consent.RevokedAt is not null ? new Refusal(RefusalCode.WrongState, "The consent was revoked. Give a new one.", "consent")
        : state.PatientKeys.InUse is null ? new Refusal(RefusalCode.WrongState, "No key is in use. Register one first.")
        : expires <= now.ToUnixTimeSeconds() || expires > now.AddYears(Limits.SignatureYearsMax).ToUnixTimeSeconds()
            ? new Refusal(RefusalCode.Invalid, $"The signature must be good until some time in the next {Limits.SignatureYearsMax} years.", "expiresAt")
        : null;

    private static byte[] ArtefactOf(PatientState state, Consent consent) =>
        PatientSignature.ArtefactOf(ConsentArtefact.Of(state.Id, consent.Id, consent.History[^1]));

    private static (byte[] X, byte[] Y)? PointOf(byte[] publicKey)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            var parameters = key.ExportParameters(includePrivateParameters: false);
            return read == publicKey.Length && parameters.Curve.Oid.Value == P256 ? (parameters.Q.X!, parameters.Q.Y!) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
