using System.Text.Json.Serialization;
using Hrms.Contracts;
using Hrms.Domain.PatientKeys;

namespace Hrms.Domain.Patients;

/// <summary>
/// What happened to one patient. Stored sealed, as JSON, for as long as the record lives: a name here never changes its meaning, and a test reads
/// yesterday's bytes. The time is inside, too, so that the ledger's leaf covers it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PatientRegistered), "patient-registered")]
[JsonDerivedType(typeof(ConsentGranted), "consent-granted")]
[JsonDerivedType(typeof(ConsentRevoked), "consent-revoked")]
[JsonDerivedType(typeof(ConsentAmended), "consent-amended")]
[JsonDerivedType(typeof(DefaultPolicyChosen), "default-policy-chosen")]
[JsonDerivedType(typeof(OptOutChanged), "opt-out-changed")]
[JsonDerivedType(typeof(DelegateAppointed), "delegate-appointed")]
[JsonDerivedType(typeof(DelegationEnded), "delegation-ended")]
[JsonDerivedType(typeof(ActingBegan), "acting-began")]
[JsonDerivedType(typeof(ActingEnded), "acting-ended")]
[JsonDerivedType(typeof(GlassBroken), "glass-broken")]
[JsonDerivedType(typeof(GlassFindingRecorded), "glass-finding-recorded")]
[JsonDerivedType(typeof(GlassReviewClosed), "glass-review-closed")]
[JsonDerivedType(typeof(DataDisclosed), "data-disclosed")]
[JsonDerivedType(typeof(PurgeAcknowledged), "purge-acknowledged")]
[JsonDerivedType(typeof(ConsentRequested), "consent-requested")]
[JsonDerivedType(typeof(RequestApproved), "request-approved")]
[JsonDerivedType(typeof(RequestRefused), "request-refused")]
[JsonDerivedType(typeof(RequestWithdrawn), "request-withdrawn")]
[JsonDerivedType(typeof(TemplateSaved), "template-saved")]
[JsonDerivedType(typeof(RecordAdded), "record-added")]
[JsonDerivedType(typeof(RecordAmended), "record-amended")]
[JsonDerivedType(typeof(LabelChanged), "label-changed")]
[JsonDerivedType(typeof(DeviceRegistered), "device-registered")]
[JsonDerivedType(typeof(DeviceEnrolled), "device-enrolled")]
[JsonDerivedType(typeof(DeviceRevoked), "device-revoked")]
[JsonDerivedType(typeof(PatientKeyRegistered), "patient-key-registered")]
[JsonDerivedType(typeof(PatientKeyRetired), "patient-key-retired")]
[JsonDerivedType(typeof(ConsentSigned), "consent-signed")]
[JsonDerivedType(typeof(TokensEnded), "tokens-ended")]
[JsonDerivedType(typeof(RecoverySeedMade), "recovery-seed-made")]
[JsonDerivedType(typeof(GuardianInvited), "guardian-invited")]
[JsonDerivedType(typeof(GuardianAccepted), "guardian-accepted")]
[JsonDerivedType(typeof(GuardianEnded), "guardian-ended")]
[JsonDerivedType(typeof(RecoveryApproved), "recovery-approved")]
[JsonDerivedType(typeof(RecoveryAnnounced), "recovery-announced")]
[JsonDerivedType(typeof(RecoveryStopped), "recovery-stopped")]
[JsonDerivedType(typeof(AccountRecovered), "account-recovered")]
[JsonDerivedType(typeof(GuardingBegan), "guarding-began")]
[JsonDerivedType(typeof(GuardingEnded), "guarding-ended")]
[JsonDerivedType(typeof(DisclosuresSuspended), "disclosures-suspended")]
[JsonDerivedType(typeof(AccountHappened), "account")]
[JsonDerivedType(typeof(AccessHappened), "access")]
public abstract record PatientEvent(DateTimeOffset At);

public sealed record PatientRegistered(DateTimeOffset At, PatientId Patient, Actor By) : PatientEvent(At);

/// <param name="Secret">See <see cref="Consents.Consent"/>.</param>
/// <param name="By">Who gave it; null: the patient.</param>
/// <param name="ImpactAcknowledged">Whether the patient was warned what a restriction may mean for their care, and wanted it.</param>
/// <param name="Paper">See <see cref="ConsentView"/>.</param>
public sealed record ConsentGranted(
    DateTimeOffset At, ConsentId Consent, ConsentTerms Terms, byte[] Secret, Actor? By = null, bool? ImpactAcknowledged = null, string? Paper = null)
    : PatientEvent(At);

/// <summary>The consent has new terms, and so a new secret; what the ledger says of the old version ends as by a revocation.</summary>
/// <param name="Nullifier">Of the version before.</param>
public sealed record ConsentAmended(
    DateTimeOffset At, ConsentId Consent, int Version, ConsentTerms Terms, byte[] Secret, byte[] Nullifier, Actor By, CommandId Command,
    bool? ImpactAcknowledged = null) : PatientEvent(At);

/// <param name="Nullifier">What the ledger shows of it (<see cref="Proofs.Nullifier"/>).</param>
public sealed record ConsentRevoked(DateTimeOffset At, ConsentId Consent, int Version, byte[] Nullifier, Actor? By = null) : PatientEvent(At);

public sealed record DefaultPolicyChosen(DateTimeOffset At, DefaultPolicy Policy, Actor By, CommandId? Command = null) : PatientEvent(At);

/// <summary>The patient closes the whole record, emergencies included, or opens it again.</summary>
public sealed record OptOutChanged(
    DateTimeOffset At, bool OptedOut, Actor By, bool? ImpactAcknowledged = null, CommandId? Command = null) : PatientEvent(At);

public sealed record DelegateAppointed(
    DateTimeOffset At, DelegationId Delegation, PatientId Delegate, DelegateRole Role, DelegateLevel Level, DateTimeOffset? Until, Actor By) : PatientEvent(At);

public sealed record DelegationEnded(DateTimeOffset At, DelegationId Delegation, Actor By) : PatientEvent(At);

/// <summary>This person acts for somebody from now on.</summary>
public sealed record ActingBegan(DateTimeOffset At, Ward Ward) : PatientEvent(At);

/// <summary>Somebody ended that before its time.</summary>
public sealed record ActingEnded(DateTimeOffset At, DelegationId Delegation) : PatientEvent(At);

/// <summary>Somebody broke the glass (<see cref="Consents.BrokenGlass"/>).</summary>
/// <param name="Organizations">Those that answer for it; none or null: operators do.</param>
public sealed record GlassBroken(
    DateTimeOffset At, BreakGlassId Id, Actor By, string Reason, DataFilter Scope, DateTimeOffset Until, IReadOnlyList<ProviderId>? Organizations = null)
    : PatientEvent(At);

/// <summary>A reviewer said whether breaking the glass was justified.</summary>
public sealed record GlassFindingRecorded(DateTimeOffset At, BreakGlassId Glass, GlassFinding Finding, string Note, Actor By, CommandId Command) : PatientEvent(At);

/// <summary>A second reviewer agreed.</summary>
public sealed record GlassReviewClosed(DateTimeOffset At, BreakGlassId Glass, Actor By, CommandId Command) : PatientEvent(At);

/// <summary>Somebody received data under a consent for the first time, or again after purging.</summary>
public sealed record DataDisclosed(DateTimeOffset At, ConsentId Consent, Actor Holder) : PatientEvent(At);

/// <summary>A recipient says that it purged what it received under a consent.</summary>
public sealed record PurgeAcknowledged(DateTimeOffset At, ConsentId Consent, Actor Holder) : PatientEvent(At);

/// <summary>Somebody asks for a consent.</summary>
public sealed record ConsentRequested(DateTimeOffset At, ConsentRequest Request) : PatientEvent(At);

/// <summary>The patient said yes; the consent's own event follows in the same append.</summary>
public sealed record RequestApproved(DateTimeOffset At, RequestId Request, ConsentId Consent, Actor By) : PatientEvent(At);

public sealed record RequestRefused(DateTimeOffset At, RequestId Request, Actor By) : PatientEvent(At);

/// <summary>By its asker.</summary>
public sealed record RequestWithdrawn(DateTimeOffset At, RequestId Request) : PatientEvent(At);

/// <summary>The patient keeps terms to give again.</summary>
public sealed record TemplateSaved(DateTimeOffset At, string Code, string Name, ConsentTerms Terms) : PatientEvent(At);

public sealed record RecordAdded(DateTimeOffset At, StoredRecord Record) : PatientEvent(At);

public sealed record RecordAmended(DateTimeOffset At, StoredRecord Record) : PatientEvent(At);

/// <summary>Somebody added a label to a record, or lowered one. It holds for all its versions.</summary>
/// <param name="Why">In the words of who did it; an addition needs none.</param>
public sealed record LabelChanged(DateTimeOffset At, RecordId Record, string Label, LabelStep Step, Actor By, string? Why, CommandId Command) : PatientEvent(At)
{
    public LabelChange ToChange(long streamVersion) => new(Record, Label, Step, At, By, Why, Command, streamVersion);
}

/// <param name="By">Who registered it; null: the patient.</param>
/// <param name="Secret">Of its code (<see cref="EnrolmentCode"/>); null: from before devices had keys, so it can register none.</param>
/// <param name="Until">The first moment at which the code opens nothing any more.</param>
public sealed record DeviceRegistered(
    DateTimeOffset At, DeviceId Device, string Name, Actor? By = null, byte[]? Secret = null, DateTimeOffset? Until = null) : PatientEvent(At);

/// <summary>The device registered the key with which it signs what it sends.</summary>
/// <param name="PublicKey">P-256, SubjectPublicKeyInfo.</param>
public sealed record DeviceEnrolled(DateTimeOffset At, DeviceId Device, byte[] PublicKey) : PatientEvent(At);

/// <summary>The device sends nothing any more. Its samples stay.</summary>
public sealed record DeviceRevoked(DateTimeOffset At, DeviceId Device, Actor By) : PatientEvent(At);

/// <summary>The patient has a key to sign consents with (<see cref="PatientKey"/>).</summary>
/// <param name="Proof">By which the key showed that its owner has it.</param>
public sealed record PatientKeyRegistered(
    DateTimeOffset At, PatientKeyId Key, string Name, byte[] CredentialId, byte[] X, byte[] Y, byte[] Salt, byte[] Pseudonym, PasskeySignature Proof) : PatientEvent(At);

/// <summary>The key signs nothing any more.</summary>
public sealed record PatientKeyRetired(DateTimeOffset At, PatientKeyId Key) : PatientEvent(At);

/// <summary>The patient signed a version of a consent.</summary>
public sealed record ConsentSigned(DateTimeOffset At, ConsentId Consent, int Version, PatientKeyId Key, CommandId Command, PatientSignature Signature) : PatientEvent(At);

/// <summary>Every token of the patient's that was issued until now is no good any more.</summary>
/// <param name="Epoch">Of those that are issued from now on.</param>
public sealed record TokensEnded(DateTimeOffset At, long Epoch, Actor By, CommandId Command) : PatientEvent(At);

/// <summary>The patient has a printed seed to get the account back with.</summary>
/// <param name="SeedHash">Opens nothing.</param>
public sealed record RecoverySeedMade(DateTimeOffset At, byte[] SeedHash) : PatientEvent(At);

/// <summary>The patient asked somebody to be a guardian of the account (<see cref="Recovery.Guardian"/>).</summary>
public sealed record GuardianInvited(DateTimeOffset At, Guid Invitation, string Name) : PatientEvent(At);

public sealed record GuardianAccepted(DateTimeOffset At, Guid Invitation, PatientId Guardian) : PatientEvent(At);

public sealed record GuardianEnded(DateTimeOffset At, Guid Invitation, Actor By) : PatientEvent(At);

/// <summary>A guardian approved that whoever holds the secret behind a code gets the account back.</summary>
public sealed record RecoveryApproved(DateTimeOffset At, Guid Invitation, byte[] Code) : PatientEvent(At);

/// <summary>Two guardians did, and the patient was told by mail.</summary>
public sealed record RecoveryAnnounced(DateTimeOffset At, byte[] Code) : PatientEvent(At);

public sealed record RecoveryStopped(DateTimeOffset At, Actor By) : PatientEvent(At);

/// <summary>Somebody got the account back; the end of all tokens and of the patient's key follows in the same append.</summary>
/// <param name="Proof">A hash, which opens nothing.</param>
public sealed record AccountRecovered(DateTimeOffset At, Guid Recovery, SignInWay Way, byte[] Proof) : PatientEvent(At);

/// <summary>This person is a guardian of somebody's account from now on. A list for the person, which no decision rests on.</summary>
public sealed record GuardingBegan(DateTimeOffset At, PatientId Patient, Guid Invitation) : PatientEvent(At);

public sealed record GuardingEnded(DateTimeOffset At, Guid Invitation) : PatientEvent(At);

/// <summary>An operator entered an official body's statement: until its end the patient is not told of disclosures to that body (<see cref="Disclosures.Withholding"/>), nor of this.</summary>
public sealed record DisclosuresSuspended(DateTimeOffset At, DisclosureSuspension Suspension) : PatientEvent(At);

/// <summary>Something happened to the patient's account: somebody came in, or changed how that is done. Not part of the folded state.</summary>
public sealed record AccountHappened(DateTimeOffset At, AccountAct Act, CommandId Command) : PatientEvent(At)
{
    public AccountLine Line(long streamVersion) => new(streamVersion, At, Act);
}

/// <summary>Somebody looked, or was refused. Not part of the folded state.</summary>
public sealed record AccessHappened(
    DateTimeOffset At, Asker Asker, AccessAction Action, string Operation, Decision Decision, IReadOnlyList<AccessedRecord> Records, long PolicyVersion)
    : PatientEvent(At)
{
    public AccessLine Line(long streamVersion) => new(streamVersion, At, Asker, Action, Operation, Decision, Records, PolicyVersion);
}

/// <summary>A version of a record as its event keeps it: what is searched, and where the sealed resource is.</summary>
/// <param name="ContentHash">SHA-256 of the sealed resource, in hex: its address, and what binds it to this event's leaf.</param>
/// <param name="DraftDigest">SHA-256 of what the asker sent, keyed by nothing since it never leaves the seal: tells a repeat from a reused command id.</param>
public sealed record StoredRecord(
    RecordId Id, int Version, string ResourceType, DataClass Class, IReadOnlyList<Code> Codes, DateTimeOffset? Date, IReadOnlyList<ProviderId> Authors,
    RecordId? Encounter, IReadOnlyList<string> Labels, RecordSource Source, Actor EnteredBy, string? FullUrl, string ContentHash, string DraftDigest,
    CommandId Command, IReadOnlyList<Code>? Categories = null)
{
    public RecordMetadata Metadata(DateTimeOffset at, long streamVersion) => new(
        Id, Version, ResourceType, Class, Codes, Date, Authors, Encounter, Labels, Source, EnteredBy, at, streamVersion, FullUrl, Categories);
}
