using System.Collections.Immutable;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Records;
using Hrms.Domain.Recovery;
using Hrms.Domain.Requests;

namespace Hrms.Domain.Patients;

/// <summary>A patient as the fold of what happened. Immutable: a failed append leaves the old value in place.</summary>
/// <param name="PolicyVersion">The stream's version of the last event that changed who may see what; every access line cites it.</param>
public sealed record PatientState(
    PatientId Id,
    DateTimeOffset? RegisteredAt,
    ConsentBook Consents,
    RecordIndex Records,
    ImmutableSortedDictionary<Guid, Device> Devices,
    long PolicyVersion)
{
    /// <summary>Who received data under which consent.</summary>
    public HoldingBook Holdings { get; init; } = HoldingBook.Empty;

    /// <summary>What others ask the patient for.</summary>
    public RequestBook Requests { get; init; } = RequestBook.Empty;

    /// <summary>The patient's own templates.</summary>
    public ImmutableList<ConsentTemplate> Templates { get; init; } = [];

    /// <summary>The newest choices of the default policy and of the opt-out, oldest first: to tell a repeat from a new choice, and for the patient to see.</summary>
    public ImmutableList<PolicyChoice> PolicyChoices { get; init; } = [];

    /// <summary>What reviewers said of broken glass, by its id.</summary>
    public ImmutableSortedDictionary<Guid, GlassReview> GlassReviews { get; init; } = ImmutableSortedDictionary<Guid, GlassReview>.Empty;

    /// <summary>Whom this person acts for, by the delegation's id.</summary>
    public ImmutableSortedDictionary<Guid, Ward> Wards { get; init; } = ImmutableSortedDictionary<Guid, Ward>.Empty;

    /// <summary>The patient's own keys, and what they signed.</summary>
    public PatientKeyBook PatientKeys { get; init; } = PatientKeyBook.Empty;

    /// <summary>Which of the patient's tokens are still good, and the newest commands that ended others.</summary>
    public TokenEpoch Tokens { get; init; } = TokenEpoch.First;

    public ImmutableList<CommandId> TokensEndedBy { get; init; } = [];

    /// <summary>How the patient's account is got back, should it be lost.</summary>
    public RecoveryBook Recovery { get; init; } = RecoveryBook.Empty;

    /// <summary>Whose accounts this person is a guardian of, by the invitation.</summary>
    public ImmutableSortedDictionary<Guid, PatientId> Guards { get; init; } = ImmutableSortedDictionary<Guid, PatientId>.Empty;

    /// <summary>What official bodies stated, those that have ended, too.</summary>
    public ImmutableList<DisclosureSuspension> Suspensions { get; init; } = [];

    public static PatientState Initial(PatientId id) =>
        new(id, null, ConsentBook.Empty, RecordIndex.Empty, ImmutableSortedDictionary<Guid, Device>.Empty, 0);

    /// <summary>The state after some events, the first of which has version <paramref name="firstVersion"/>.</summary>
    public PatientState After(IReadOnlyList<PatientEvent> events, long firstVersion)
    {
        var state = this;
        List<RecordVersion> records = [];
        for (var i = 0; i < events.Count; i++)
        {
            var version = firstVersion + i;
            switch (events[i])
            {
                case RecordAdded(var at, var record):
                    records.Add(new RecordVersion(record, record.Metadata(at, version)));
                    break;
                case RecordAmended(var at, var record):
                    records.Add(new RecordVersion(record, record.Metadata(at, version)));
                    break;
                case LabelChanged changed:
                    state = state.Labelled(records, changed.ToChange(version));
                    records = [];
                    break;
                default:
                    state = state.After(events[i], version);
                    break;
            }
        }
        return records.Count == 0 ? state : state with { Records = state.Records.With(records) };
    }

    /// <param name="pending">Versions that came before it and are not in the index yet.</param>
    private PatientState Labelled(List<RecordVersion> pending, LabelChange change) =>
        this with { Records = Records.With(pending).With([change]), PolicyVersion = change.StreamVersion };

    private PatientState After(PatientEvent happened, long version) => happened switch
    {
        PatientRegistered e => this with { RegisteredAt = e.At },
        ConsentGranted e => Deciding(Consents.With(Consent.Granted(e, version, Actor.Patient(Id))), version),
        ConsentAmended e when Consents.Find(e.Consent) is { } consent => Deciding(Consents.With(consent.Amended(e, version)), version),
        ConsentRevoked e when Consents.Find(e.Consent) is { } consent => Deciding(Consents.With(consent.Revoked(e, version, Actor.Patient(Id))), version),
        DefaultPolicyChosen e => Choosing(
            Consents with { Default = e.Policy }, new PolicyChoice(e.At, e.By, e.Policy, null, false, version, e.Command)),
        OptOutChanged e => Choosing(
            Consents with { OptedOut = e.OptedOut }, new PolicyChoice(e.At, e.By, null, e.OptedOut, e.ImpactAcknowledged ?? false, version, e.Command)),
        DelegateAppointed e => Deciding(
            Consents with { Delegations = Consents.Delegations.Add(new Delegation(e.Delegation, e.Delegate, e.Role, e.Level, e.At, e.Until, null, version) { By = e.By }) },
            version),
        DelegationEnded e when Consents.Delegations.Find(d => d.Id == e.Delegation) is { } ended => Deciding(
            Consents with { Delegations = Consents.Delegations.Replace(ended, ended with { EndedAt = e.At, EndedBy = e.By, StreamVersion = version }) }, version),
        ActingBegan e => this with
        {
            Wards = Wards.RemoveRange(Wards.Values.Where(ward => ward.Until <= e.At).Select(ward => ward.Delegation.Value)).SetItem(e.Ward.Delegation.Value, e.Ward),
        },
        ActingEnded e => this with { Wards = Wards.Remove(e.Delegation.Value) },
        GlassBroken e => Deciding(
            Consents with { BrokenGlasses = Consents.BrokenGlasses.Add(new BrokenGlass(e.Id, e.By, e.Reason, e.Scope, e.At, e.Until, version) { Organizations = e.Organizations }) },
            version),
        GlassFindingRecorded e => this with { GlassReviews = GlassReviews.SetItem(e.Glass.Value, new GlassReview(e.Glass, e.Finding, e.Note, e.By, e.At, e.Command)) },
        GlassReviewClosed e when GlassReviews.GetValueOrDefault(e.Glass.Value) is { } review =>
            this with { GlassReviews = GlassReviews.SetItem(e.Glass.Value, review with { ClosedBy = e.By, ClosedAt = e.At }) },
        DataDisclosed e => this with { Holdings = Holdings.With(new Holding(e.Consent, e.Holder, e.At, null)) },
        PurgeAcknowledged e when Holdings.Find(e.Consent, e.Holder) is { } holding => this with { Holdings = Holdings.With(holding with { PurgedAt = e.At }) },
        ConsentRequested e => this with { Requests = Requests.With(e.Request, e.At) },
        RequestApproved e => this with { Requests = Requests.Close(e.Request, ConsentRequestStatus.Approved, e.At, e.Consent) },
        RequestRefused e => this with { Requests = Requests.Close(e.Request, ConsentRequestStatus.Refused, e.At) },
        RequestWithdrawn e => this with { Requests = Requests.Close(e.Request, ConsentRequestStatus.Withdrawn, e.At) },
        TemplateSaved e => this with { Templates = Templates.Add(new ConsentTemplate(e.Code, e.Name, "", e.Terms, Own: true)) },
        DeviceRegistered e => this with { Devices = Devices.RemoveRange(Devices.Values.Where(device => device.IsForgottenAt(e.At)).Select(device => device.Id.Value)).SetItem(e.Device.Value, Device.Of(e)) },
        DeviceEnrolled e when Devices.GetValueOrDefault(e.Device.Value) is { } device =>
            this with { Devices = Devices.SetItem(e.Device.Value, device with { PublicKey = e.PublicKey, EnrolledAt = e.At }) },
        DeviceRevoked e when Devices.GetValueOrDefault(e.Device.Value) is { } device => this with { Devices = Devices.SetItem(e.Device.Value, device with { RevokedAt = e.At }) },
        PatientKeyRegistered e => this with
        {
            PatientKeys = PatientKeys with { Keys = PatientKeys.Keys.Add(new PatientKey(e.Key, e.Name, e.CredentialId, e.X, e.Y, e.Salt, e.Pseudonym, e.At, null, version)) },
        },
        PatientKeyRetired e => this with { PatientKeys = PatientKeys.Retire(e.Key, e.At) },
        ConsentSigned e => this with
        {
            PatientKeys = PatientKeys.With(
                new SignedConsent(e.Consent, e.Version, e.Key, e.At, DateTimeOffset.FromUnixTimeSeconds(e.Signature.Expires), version, e.Command)),
        },
        TokensEnded e => this with
        {
            Tokens = new TokenEpoch(e.Epoch, e.At), TokensEndedBy = [.. TokensEndedBy.TakeLast(TokenRules.CommandsKept - 1), e.Command],
        },
        RecoverySeedMade e => this with { Recovery = Recovery with { SeedHash = e.SeedHash, SeedMadeAt = e.At } },
        GuardianInvited e => this with { Recovery = Recovery with { Guardians = Recovery.Guardians.Add(new Guardian(e.Invitation, e.Name, e.At, null, null)) } },
        GuardianAccepted e when Recovery.Find(e.Invitation) is { } invited =>
            this with { Recovery = Recovery with { Guardians = Recovery.Guardians.Replace(invited, invited with { Person = e.Guardian, AcceptedAt = e.At }) } },
        GuardianEnded e when Recovery.Find(e.Invitation) is { } ended => this with { Recovery = Recovery with { Guardians = Recovery.Guardians.Remove(ended) } },
        RecoveryApproved e => this with { Recovery = Recovery.With(new Approval(e.Invitation, e.Code, e.At)) },
        RecoveryAnnounced e => this with { Recovery = Recovery with { Announced = new Announced(e.Code, e.At) } },
        RecoveryStopped e => this with { Recovery = Recovery with { StoppedAt = e.At } },
        AccountRecovered e => this with { Recovery = Recovery.After(new Recovered(e.Recovery, e.Way, e.Proof, e.At)) },
        GuardingBegan e => this with { Guards = Guards.SetItem(e.Invitation, e.Patient) },
        GuardingEnded e => this with { Guards = Guards.Remove(e.Invitation) },
        DisclosuresSuspended e => this with { Suspensions = Suspensions.Add(e.Suspension) },
        AccessHappened or AccountHappened => this,
        _ => throw new InvalidOperationException($"Event {happened.GetType().Name} at version {version} of patient {Id} can't be folded."),
    };

    private PatientState Choosing(ConsentBook book, PolicyChoice choice)
    {
        var choices = PolicyChoices.Add(choice);
        return Deciding(book, choice.StreamVersion) with { PolicyChoices = choices.Count > PolicyRules.ChoicesKept ? choices.RemoveAt(0) : choices };
    }

    private PatientState Deciding(ConsentBook book, long version) => this with { Consents = book, PolicyVersion = version };
}

/// <summary>The state written down between events, so that an activation need not replay everything.</summary>
public sealed record PatientSnapshot(
    PatientId Id, DateTimeOffset? RegisteredAt, IReadOnlyList<Consent> Consents, DefaultPolicy Default, IReadOnlyList<RecordSnapshot> Records,
    IReadOnlyList<Device> Devices, long PolicyVersion, bool OptedOut = false, IReadOnlyList<Delegation>? Delegations = null,
    IReadOnlyList<BrokenGlass>? BrokenGlasses = null, IReadOnlyList<Holding>? Holdings = null, IReadOnlyList<LabelChange>? LabelChanges = null,
    IReadOnlyList<ReceivedRequest>? Requests = null, IReadOnlyList<ConsentTemplate>? Templates = null)
{
    public IReadOnlyList<PolicyChoice>? PolicyChoices { get; init; }

    public IReadOnlyList<GlassReview>? GlassReviews { get; init; }

    public IReadOnlyList<Ward>? Wards { get; init; }

    public IReadOnlyList<PatientKey>? PatientKeys { get; init; }

    public IReadOnlyList<SignedConsent>? SignedConsents { get; init; }

    public TokenEpoch? Tokens { get; init; }

    public IReadOnlyList<CommandId>? TokensEndedBy { get; init; }

    public RecoveryBook? Recovery { get; init; }

    public IReadOnlyDictionary<Guid, PatientId>? Guards { get; init; }

    public IReadOnlyList<DisclosureSuspension>? Suspensions { get; init; }

    public static PatientSnapshot Of(PatientState state) => new(
        state.Id, state.RegisteredAt, [.. state.Consents.Consents.Values], state.Consents.Default,
        [.. state.Records.All.OrderBy(v => v.Metadata.StreamVersion).Select(v => new RecordSnapshot(v.Metadata.RecordedAt, v.Metadata.StreamVersion, v.Stored))],
        [.. state.Devices.Values], state.PolicyVersion, state.Consents.OptedOut, state.Consents.Delegations, state.Consents.BrokenGlasses,
        [.. state.Holdings.Holdings.Values.OrderBy(holding => holding.Since)],
        [.. state.Records.AllLabelChanges.OrderBy(change => change.StreamVersion)], state.Requests.All, state.Templates)
    {
        PolicyChoices = state.PolicyChoices,
        GlassReviews = [.. state.GlassReviews.Values],
        Wards = [.. state.Wards.Values],
        PatientKeys = state.PatientKeys.Keys,
        SignedConsents = [.. state.PatientKeys.Signed.Values.OrderBy(signed => signed.StreamVersion)],
        Tokens = state.Tokens,
        TokensEndedBy = state.TokensEndedBy,
        Recovery = state.Recovery,
        Guards = state.Guards,
        Suspensions = state.Suspensions,
    };

    public PatientState Restore() => new(
        Id, RegisteredAt,
        new ConsentBook(ConsentBook.Empty.Consents.AddRange(Consents.Select(c => KeyValuePair.Create(c.Id, c.WithHistory(Actor.Patient(Id))))), Default, OptedOut,
            [.. Delegations ?? []], [.. BrokenGlasses ?? []]),
        RecordIndex.Empty.With(Records.Select(r => new RecordVersion(r.Stored, r.Stored.Metadata(r.At, r.StreamVersion)))).With(LabelChanges ?? []),
        Devices.ToImmutableSortedDictionary(device => device.Id.Value, device => device),
        PolicyVersion)
    {
        Holdings = (Holdings ?? []).Aggregate(HoldingBook.Empty, (book, holding) => book.With(holding)),
        Requests = new RequestBook([.. Requests ?? []]),
        Templates = [.. Templates ?? []],
        PolicyChoices = [.. PolicyChoices ?? []],
        GlassReviews = (GlassReviews ?? []).ToImmutableSortedDictionary(review => review.Glass.Value, review => review),
        Wards = (Wards ?? []).ToImmutableSortedDictionary(ward => ward.Delegation.Value, ward => ward),
        PatientKeys = new PatientKeyBook([.. PatientKeys ?? []], (SignedConsents ?? []).ToImmutableDictionary(signed => (signed.Consent, signed.Version), signed => signed)),
        Tokens = Tokens ?? TokenEpoch.First,
        TokensEndedBy = [.. TokensEndedBy ?? []],
        Recovery = Recovery ?? RecoveryBook.Empty,
        Guards = (Guards ?? new Dictionary<Guid, PatientId>()).ToImmutableSortedDictionary(),
        Suspensions = [.. Suspensions ?? []],
    };
}

public sealed record RecordSnapshot(DateTimeOffset At, long StreamVersion, StoredRecord Stored);
