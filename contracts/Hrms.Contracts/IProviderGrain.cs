using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>
/// A practitioner, an organisation or a care team: its profile, its members, and the index of who shares with it. The key is the provider's id. An organisation
/// decides on its members and tells the practitioner's grain, which answers for itself at each decision: one question, however many organisations there are.
/// </summary>
[Alias("IProviderGrain")]
public partial interface IProviderGrain : IGrainWithGuidKey
{
    [Alias("Register")]
    Task<Outcome<ProviderView>> RegisterAsync(RegisterProvider command);

    [Alias("View"), AlwaysInterleave]
    Task<Outcome<ProviderView>> ViewAsync();

    [Alias("ChangeMembership")]
    Task<Outcome<ProviderView>> ChangeMembershipAsync(ChangeMembership command);

    /// <summary>The organisations and care teams a practitioner belongs to at this moment. Asked by a patient's grain at each decision that may rest on membership.</summary>
    [Alias("Memberships"), AlwaysInterleave]
    Task<IReadOnlyList<Membership>> MembershipsAsync();

    /// <summary>Told to a practitioner by an organisation's or care team's grain, and by nobody else, while it changes its members.</summary>
    [Alias("Belongs")]
    Task BelongsAsync(ProviderId group, bool member, string? role);

    /// <summary>Told by a patient's grain after a grant or a revocation. Best effort: an index, never an authority. Interleaves: what comes while another is written goes together.</summary>
    /// <param name="until">From when on the patient's consents give this provider nothing any more; null: without an end.</param>
    [Alias("Shares"), OneWay, AlwaysInterleave]
    Task SharesAsync(PatientId patient, bool shares, DateTimeOffset since, DateTimeOffset? until = null);

    /// <summary>Told by a patient's grain when something must be purged, or no longer. Best effort, told again whenever the patient's grain starts.</summary>
    [Alias("PurgeDuty"), OneWay]
    Task OwesPurgeAsync(PurgeDuty duty, bool owes);

    /// <summary>
    /// Told by the grain of a patient who is being erased, and by nobody else: the lists forget the patient but for what must be purged. Interleaves: this
    /// grain may be asking that patient for a consent.
    /// </summary>
    [Alias("ForgetPatient"), AlwaysInterleave]
    Task ForgetPatientAsync(PatientId patient, IReadOnlyList<PurgeDuty> duties);

    /// <summary>The provider says that it purged what it had of an erased patient, of whom this list alone still knows; null when it knows of no such duty.</summary>
    [Alias("PurgedOfErased"), AlwaysInterleave]
    Task<HoldingView?> PurgedOfErasedAsync(Actor holder, PatientId patient, ConsentId consent);

    /// <summary>What this provider must purge and has not, the most urgent first.</summary>
    [Alias("PurgeDuties"), AlwaysInterleave]
    Task<IReadOnlyList<PurgeDuty>> PurgeDutiesAsync();

    /// <summary>
    /// Told by a patient's grain before the glass is broken: this organisation answers for it, or operators do. Interleaves: this grain may be asking that patient
    /// for a consent, and the two must not wait for each other.
    /// </summary>
    [Alias("QueueReview"), AlwaysInterleave]
    Task QueueReviewAsync(GlassEntry entry);

    /// <summary>Told by a patient's grain when the review is closed.</summary>
    [Alias("UnqueueReview"), AlwaysInterleave]
    Task UnqueueReviewAsync(BreakGlassId glass);

    /// <summary>What waits for review, oldest first; nothing for who does not review here. An index: the patient's grain has the truth.</summary>
    /// <param name="after">The last entry of the page before; null: from the oldest on.</param>
    [Alias("Reviews"), AlwaysInterleave]
    Task<IReadOnlyList<GlassEntry>> ReviewsAsync(Asker asker, GlassEntry? after, int first);

    /// <summary>The patients who share something with this provider, newest first. Not those whose last consent has ended.</summary>
    [Alias("SharingPatients"), AlwaysInterleave]
    Task<IReadOnlyList<SharingPatient>> SharingPatientsAsync();

    /// <summary>Asks a patient for a consent. Answers the same whether or not there is such a patient.</summary>
    [Alias("RequestConsent")]
    Task<Outcome<ConsentRequestView>> RequestConsentAsync(RequestConsent command);

    [Alias("WithdrawRequest")]
    Task<Outcome<ConsentRequestView>> WithdrawRequestAsync(WithdrawRequest command);

    /// <summary>What this provider has asked for and what became of it, newest first, <see cref="Limits.PageSizeMax"/> at most.</summary>
    /// <param name="before">Only what was asked earlier; null: from the newest on.</param>
    [Alias("ConsentRequests"), AlwaysInterleave]
    Task<IReadOnlyList<ConsentRequestView>> ConsentRequestsAsync(DateTimeOffset? before);
}
