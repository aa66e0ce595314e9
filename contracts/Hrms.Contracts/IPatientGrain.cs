using Orleans.Concurrency;

namespace Hrms.Contracts;

/// <summary>Registers a patient; made by an operator of an organisation, or by sign-up.</summary>
/// <param name="Guardian">Who acts for a child until it comes of age; only the first registration appoints one.</param>
[GenerateSerializer, Immutable, Alias("RegisterPatient")]
public sealed record RegisterPatient(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] GuardianDraft? Guardian = null);

/// <summary>What an edge learns of a change: when it was durable and which event holds it.</summary>
[GenerateSerializer, Immutable, Alias("Acknowledgement")]
public sealed record Acknowledgement([property: Id(0)] long StreamVersion, [property: Id(1)] DateTimeOffset RecordedAt);

[GenerateSerializer, Immutable, Alias("PatientView")]
public sealed record PatientView(
    [property: Id(0)] PatientId Id,
    [property: Id(1)] DateTimeOffset RegisteredAt,
    [property: Id(2)] int RecordCount,
    [property: Id(3)] int ActiveConsentCount,
    [property: Id(4)] long StreamVersion);

/// <summary>
/// A patient: decides who may see what, owns the consents, the record's metadata and the access history. The key is the patient's id.
/// Called by the API for every edge. Commands queue one behind the other; questions interleave with them and never wait for a write's turn.
/// </summary>
[Alias("IPatientGrain")]
public partial interface IPatientGrain : IGrainWithGuidKey
{
    [Alias("Register")]
    Task<Outcome<PatientView>> RegisterAsync(RegisterPatient command);

    /// <summary>The patient's own overview. Only for the patient.</summary>
    [Alias("View"), AlwaysInterleave]
    Task<Outcome<PatientView>> ViewAsync(Asker asker);

    [Alias("Grant")]
    Task<Outcome<ConsentView>> GrantAsync(GrantConsent command);

    [Alias("AmendConsent")]
    Task<Outcome<ConsentView>> AmendConsentAsync(AmendConsent command);

    [Alias("Revoke")]
    Task<Outcome<ConsentView>> RevokeAsync(RevokeConsent command);

    /// <summary>All consents, newest first. Only for the patient.</summary>
    [Alias("Consents"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<ConsentView>>> ConsentsAsync(Asker asker);

    /// <summary>Every version of a consent, oldest first. Only for the patient.</summary>
    [Alias("ConsentVersions"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<ConsentVersionView>>> ConsentVersionsAsync(Asker asker, ConsentId consent);

    /// <summary>A version of a consent, by default the latest, signed by the member that runs this silo: JWS, ES256. Only for the patient.</summary>
    [Alias("ConsentArtefact"), AlwaysInterleave]
    Task<Outcome<string>> ConsentArtefactAsync(Asker asker, ConsentId consent, int? version);

    /// <summary>Who received data under which consent, and whether they purged it when they had to. Only for the patient.</summary>
    [Alias("Holdings"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<HoldingView>>> HoldingsAsync(Asker asker);

    /// <summary>Only who holds something under the consent has something to acknowledge; to everybody else the patient is unknown.</summary>
    [Alias("AcknowledgePurge")]
    Task<Outcome<HoldingView>> AcknowledgePurgeAsync(AcknowledgePurge command);

    /// <summary>The patient approves a request, as it is or narrowed: it becomes a consent.</summary>
    [Alias("ApproveRequest")]
    Task<Outcome<ConsentView>> ApproveRequestAsync(ApproveRequest command);

    [Alias("RefuseRequest")]
    Task<Outcome<ConsentRequestView>> RefuseRequestAsync(RefuseRequest command);

    /// <summary>What others ask for, newest first. Only for the patient.</summary>
    [Alias("ConsentRequests"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<ConsentRequestView>>> ConsentRequestsAsync(Asker asker);

    /// <summary>Told by the asker's grain, and by nobody else. Once taken it changes nothing; for who is no patient it never does.</summary>
    [Alias("ReceiveRequest")]
    Task ReceiveRequestAsync(ConsentRequest request);

    /// <summary>What became of a request, for the grain of the one who asked; null when there is no such request of theirs, or no such patient.</summary>
    [Alias("RequestOf"), AlwaysInterleave]
    Task<ConsentRequestView?> RequestOfAsync(Actor by, RequestId request);

    /// <summary>Told by the asker's grain, and by nobody else. Answers with what holds afterwards; null as <see cref="RequestOfAsync"/>.</summary>
    [Alias("WithdrawRequest")]
    Task<ConsentRequestStatus?> WithdrawRequestAsync(Actor by, RequestId request);

    /// <summary>Whether somebody may do something with a record, and why, now or at an instant of the past. Only for the patient.</summary>
    [Alias("Explain"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<Explanation>> ExplainAsync(ExplainAccess query);

    /// <summary>Everybody whom the consents name, and what they may see of a record. Only for the patient.</summary>
    [Alias("WhoCanSee"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<RecordViewer>>> WhoCanSeeAsync(Asker asker, RecordId record);

    /// <summary>What a change of the consents would do. Changes nothing. Only for the patient.</summary>
    [Alias("PreviewConsent"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<ConsentPreview>> PreviewConsentAsync(PreviewConsent draft);

    /// <summary>What may be wrong with the consents in force. Only for the patient.</summary>
    [Alias("ConsentFindings"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<ConsentFinding>>> ConsentFindingsAsync(Asker asker);

    [Alias("GrantFromTemplate")]
    Task<Outcome<ConsentView>> GrantFromTemplateAsync(GrantFromTemplate command);

    [Alias("SaveTemplate")]
    Task<Outcome<ConsentTemplate>> SaveTemplateAsync(SaveTemplate command);

    /// <summary>The product's templates, then the patient's own. Only for the patient.</summary>
    [Alias("Templates"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<ConsentTemplate>>> TemplatesAsync(Asker asker);

    [Alias("ChooseDefaultPolicy")]
    Task<Outcome<PolicyView>> ChooseDefaultPolicyAsync(ChooseDefaultPolicy command);

    [Alias("ChangeOptOut")]
    Task<Outcome<PolicyView>> ChangeOptOutAsync(ChangeOptOut command);

    /// <summary>What holds where no consent says anything, and whether the record is closed altogether. Only for the patient.</summary>
    [Alias("Policy"), AlwaysInterleave]
    Task<Outcome<PolicyView>> PolicyAsync(Asker asker);

    [Alias("AppointDelegate")]
    Task<Outcome<DelegationView>> AppointDelegateAsync(AppointDelegate command);

    [Alias("EndDelegation")]
    Task<Outcome<DelegationView>> EndDelegationAsync(EndDelegation command);

    /// <summary>Who acts or acted for the patient, newest first. Only for the patient.</summary>
    [Alias("Delegations"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<DelegationView>>> DelegationsAsync(Asker asker);

    /// <summary>Told by a ward's grain, and by nobody else: this person acts for the ward, or no longer. A hint, which no decision rests on.</summary>
    [Alias("ActsFor"), OneWay]
    Task ActsForAsync(Ward ward, bool acts);

    /// <summary>Whom the person acts for, newest first. Only for the person, and not while acting for somebody.</summary>
    /// <param name="after">The delegation that the page before ended with; null: from the newest on.</param>
    [Alias("Wards"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<Ward>>> WardsAsync(Asker asker, DelegationId? after, int first);

    /// <summary>Opens a part of the record to a practitioner for some minutes although no consent does, and tells the patient and the reviewers.</summary>
    [Alias("BreakGlass")]
    Task<Outcome<OpenedGlass>> BreakGlassAsync(BreakGlass command);

    /// <summary>Who broke the glass, newest first. Only for the patient.</summary>
    [Alias("BrokenGlasses"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<BrokenGlassView>>> BrokenGlassesAsync(Asker asker);

    /// <summary>One breaking of the glass. Only for its reviewers.</summary>
    [Alias("GlassReview"), AlwaysInterleave]
    Task<Outcome<BrokenGlassView>> GlassReviewAsync(Asker asker, BreakGlassId glass);

    [Alias("RecordGlassFinding")]
    Task<Outcome<BrokenGlassView>> RecordGlassFindingAsync(RecordGlassFinding command);

    [Alias("CloseGlassReview")]
    Task<Outcome<BrokenGlassView>> CloseGlassReviewAsync(CloseGlassReview command);

    /// <summary>What the patient is told without asking, newest first. Only for the patient.</summary>
    [Alias("Notices"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<PatientNotice>>> NoticesAsync(Asker asker, int first);

    [Alias("AddRecords")]
    Task<Outcome<IReadOnlyList<RecordMetadata>>> AddRecordsAsync(AddRecords command);

    /// <summary>The same for a whole Bundle, for which the caller waits longer.</summary>
    [Alias("ImportRecords"), ResponseTimeout(Limits.LongCall)]
    Task<Outcome<IReadOnlyList<RecordMetadata>>> ImportRecordsAsync(AddRecords command);

    [Alias("AmendRecord")]
    Task<Outcome<RecordMetadata>> AmendRecordAsync(AmendRecord command);

    /// <summary>Adds a label to a record or lowers one, for all its versions. Answers the newest version as it is labelled then.</summary>
    [Alias("ChangeLabel")]
    Task<Outcome<RecordMetadata>> ChangeLabelAsync(ChangeLabel command);

    /// <summary>What people changed of a record's labels, oldest first. Only for the patient.</summary>
    [Alias("LabelHistory"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<LabelChange>>> LabelHistoryAsync(Asker asker, RecordId record);

    [Alias("Search"), AlwaysInterleave]
    Task<Outcome<RecordPage>> SearchAsync(RecordSearch search);

    [Alias("Read"), AlwaysInterleave]
    Task<Outcome<RecordView>> ReadAsync(ReadRecord read);

    [Alias("Resolve"), AlwaysInterleave]
    Task<Outcome<RecordView>> ResolveAsync(ResolveReference resolve);

    /// <summary>Every version of a record that the asker may see, oldest first, without content.</summary>
    [Alias("Versions"), AlwaysInterleave]
    Task<Outcome<IReadOnlyList<RecordMetadata>>> VersionsAsync(ReadRecord read);

    /// <summary>A page of the record to take away: what the asker may export and, for who acts as the patient alone, the consents and the access lines.</summary>
    [Alias("Export"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<ExportPage>> ExportAsync(ExportRecord export);

    /// <summary>Which records of a page that is on its way to a slow reader may still leave. Only narrows; the page's own line stands for it.</summary>
    [Alias("CheckExport"), AlwaysInterleave]
    Task<Outcome<ExportCheck>> CheckExportAsync(Asker asker, IReadOnlyList<RecordId> records);

    [Alias("AccessHistory"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<AccessHistoryPage>> AccessHistoryAsync(AccessHistoryQuery query);

    /// <summary>The access lines of a period, with the proof that none is missing. Only for the patient.</summary>
    [Alias("ExportHistory"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<HistoryExport>> ExportHistoryAsync(HistoryExportRequest request);

    /// <summary>Recomputes every leaf of the stream and compares it with its neighbours and with the ledger's roots. Only for the patient.</summary>
    /// <param name="from">The version to begin with; it is compared with the row before.</param>
    /// <param name="batches">Of how many batches the stream's own rows are looked up, from 1 to <see cref="Limits.HistoryBatchesMax"/>.</param>
    [Alias("CheckHistory"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<HistoryCheck>> CheckHistoryAsync(Asker asker, long from = 1, int batches = Limits.HistoryBatchesMax);

    /// <summary>Where an event of the stream is on its way to the ledger. Only for the patient.</summary>
    [Alias("Anchor"), AlwaysInterleave]
    Task<Outcome<AnchorState>> AnchorAsync(Asker asker, long streamVersion);

    /// <summary>A self-contained proof of an event, as JSON (docs/proof-bundle.md). Only for the patient.</summary>
    [Alias("Prove"), AlwaysInterleave, ResponseTimeout(Limits.LongCall)]
    Task<Outcome<string>> ProveAsync(ProofRequest request);

    /// <summary>
    /// Sends the patient's events to an observer until it unsubscribes or does not renew for two minutes. What the asker may not see at the moment of the
    /// event is not sent.
    /// </summary>
    [Alias("Subscribe"), AlwaysInterleave]
    Task<Outcome<Acknowledgement>> SubscribeAsync(Asker asker, IPatientObserver observer);

    [Alias("Unsubscribe"), AlwaysInterleave]
    Task UnsubscribeAsync(IPatientObserver observer);

    /// <summary>Samples of all devices, in time order; only from the times that the asker may see.</summary>
    [Alias("Samples"), AlwaysInterleave]
    Task<Outcome<SamplePage>> SamplesAsync(ReadSamples read);

    /// <summary>Destroys all that could open or prove anything of the record. Only for the patient in person; a repeat answers with the same certificate.</summary>
    [Alias("Erase"), ResponseTimeout(Limits.LongCall)]
    Task<Outcome<ErasureCertificate>> EraseAsync(EraseRecord command);

    /// <summary>Lets an erasure go on that was interrupted. Called by the silo's sweep; without an erasure it changes nothing.</summary>
    [Alias("FinishErasure")]
    Task<Outcome<ErasureCertificate>> FinishErasureAsync();

    /// <summary>Told by the grain of somebody who is being erased, and by nobody else: neither acts for the other any more. Interleaves: two may tell each other.</summary>
    [Alias("ForgetPerson"), AlwaysInterleave]
    Task ForgetPersonAsync(PatientId person);

    /// <summary>Ends every token of the patient's that was issued so far, at this grain and everywhere else; and the streams that run on one.</summary>
    [Alias("EndTokens")]
    Task<Outcome<TokenEpoch>> EndTokensAsync(EndTokens command);

    /// <summary>Which of the patient's tokens are still good; for who is no patient the first epoch. Asked by whoever issues tokens, and by other grains to which one comes.</summary>
    [Alias("TokenEpoch"), AlwaysInterleave]
    Task<TokenEpoch> TokenEpochAsync();
}

/// <summary>What a subscriber is sent. Implemented by the API for each open subscription.</summary>
[Alias("IPatientObserver")]
public interface IPatientObserver : IGrainObserver
{
    [Alias("OnRecord"), OneWay]
    Task OnRecordAsync(RecordMetadata record);

    [Alias("OnConsent"), OneWay]
    Task OnConsentAsync(ConsentView consent);

    [Alias("OnNotice"), OneWay]
    Task OnNoticeAsync(PatientNotice notice);

    /// <summary>Who could be sent something can be sent nothing any more: the stream ends.</summary>
    [Alias("OnEnded"), OneWay]
    Task OnEndedAsync();

    [Alias("OnConsentRequest"), OneWay]
    Task OnConsentRequestAsync(ConsentRequestView request);
}
