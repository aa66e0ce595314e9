using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Devices;
using Hrms.Domain.Erasures;
using Hrms.Domain.PatientKeys;
using Hrms.Domain.Patients;
using Hrms.Domain.Proofs;
using Hrms.Domain.Providers;
using Hrms.Domain.Samples;
using static Hrms.Domain.Tests.Consents.ConsentWords;

namespace Hrms.Domain.Tests.Golden;

/// <summary>One value of every kind that is stored or sent, with every member set.</summary>
internal static class GoldenSamples
{
    private static readonly PatientId Ana = new(Id(100));
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 34, 56, 789, TimeSpan.FromHours(5.5));
    private static readonly CommandId Command = new(Id(200));
    private static readonly ConsentId Consent = new(Id(201));
    private static readonly RecordId Record = new(Id(202));
    private static readonly ProviderId Provider = new(Id(203));
    private static readonly DeviceId Device = new(Id(204));
    private static readonly Asker Asker = new(new Actor(ActorKind.Role, Id(3), "nurse"), PurposeOfUse.TREAT, Actor.Patient(Ana), "app", "correlation");
    private static readonly AppScope Scope = new([new ResourceScope(ScopeContext.Patient, "Observation", ScopeInteractions.Read | ScopeInteractions.Search, new ScopeCategory("urn:system", "laboratory"))], Ana);
    private static readonly Decision Decision = new(true, DecisionReason.Permitted, Consent, 2);

    private static readonly DataFilter Filter = new(
        [DataClass.Laboratory, DataClass.Wearables], [Record], [Provider], [Record], ["R", "HIV"], new Period(At, At.AddDays(1)));

    private static readonly ConsentTerms Terms = new(
        new Provision(ProvisionType.Permit, DrLee, [PurposeOfUse.TREAT], [AccessAction.View, AccessAction.Query], Filter),
        [new Provision(ProvisionType.Deny, Actor.Anyone, [], [], DataFilter.All)], new Period(At, null), At.AddYears(1));

    private static readonly ConsentRequest Request = new(new RequestId(Id(209)), Ana, DrLee, Terms, "We plan your operation.", At, At.AddDays(30));

    private static readonly StoredRecord Stored = new(
        Record, 2, "Observation", DataClass.Laboratory, [new Code("http://loinc.org", "2339-0", "Glucose"), new Code(null, "x", null)], At, [Provider],
        new RecordId(Id(205)), ["R"], RecordSource.Device, Actor.Device(Device), "urn:uuid:1", "content-hash", "draft-digest", Command);

    private static readonly ChunkInfo Chunk = new(SampleKind.HeartRate, new DateOnly(2026, 3, 1), 1, 2, 3, Bytes, 4);
    private static readonly ProviderDraft Draft = new(Provider, ProviderKind.Organization, "City Hospital", "urn:system", "1");

    private static readonly Ward Ward = new(Ana, new DelegationId(Id(211)), DelegateRole.Guardian, DelegateLevel.Full, At, At.AddYears(1));
    private static readonly GlassEntry Entry = new(Ana, new BreakGlassId(Id(208)), At, true);

    private static readonly PatientKeyId Key = new(Id(214));
    private static readonly PasskeySignature Passkey = new(Bytes, Bytes, Bytes, Bytes);
    private static readonly PasskeyAssertion Assertion = new(Bytes, Bytes, Bytes);
    private static readonly RelyingParty Party = new("records.example", "https://records.example");

    private static readonly AccountAct Failed = new(AccountEventKind.SignInFailed, Actor.Patient(Ana), SignInWay.Password, "Health Diary", 3, At.AddHours(-1));

    private static readonly DisclosureSuspension Suspension = new(
        new SuspensionId(Id(221)), CityHospital, StatementForm.Written, "Inspector Roe", "File 7/2026", At, At.AddHours(1), At.AddDays(30), new Actor(ActorKind.Operator, Id(222)));

    public static readonly PatientEvent[] PatientEvents =
    [
        new PatientRegistered(At, Ana, Actor.Patient(Ana)),
        new ConsentGranted(At, Consent, Terms, Bytes),
        new ConsentRevoked(At, Consent, 2, Nullifier.Of(Bytes)),
        new ConsentAmended(At, Consent, 3, Terms with { Frequency = new AccessFrequency(3, 1, PeriodUnit.Day) }, Bytes, Nullifier.Of(Bytes), DrLee, Command, true),
        new DefaultPolicyChosen(At, DefaultPolicy.PermitTreatment, Actor.Patient(Ana)),
        new OptOutChanged(At, true, Actor.Patient(Ana), true),
        new DelegateAppointed(At, new DelegationId(Id(206)), new PatientId(Id(207)), DelegateRole.Guardian, DelegateLevel.Full, At.AddYears(1), Actor.Patient(Ana)),
        new DelegationEnded(At, new DelegationId(Id(206)), Actor.Patient(Ana)),
        new GlassBroken(At, new BreakGlassId(Id(208)), DrLee, "unconscious", Filter, At.AddHours(1)),
        new ActingBegan(At, Ward), new ActingEnded(At, new DelegationId(Id(212))),
        new DataDisclosed(At, Consent, DrLee), new PurgeAcknowledged(At, Consent, DrLee),
        new ConsentRequested(At, Request),
        new RequestApproved(At, Request.Id, Consent, Actor.Patient(Ana)),
        new RequestRefused(At, new RequestId(Id(210)), Actor.Patient(Ana)),
        new RequestWithdrawn(At, new RequestId(Id(210))),
        new TemplateSaved(At, "code", "My labs", Terms),
        new GlassFindingRecorded(At, new BreakGlassId(Id(208)), GlassFinding.Justified, "unconscious indeed", DrKim, Command),
        new GlassReviewClosed(At.AddHours(1), new BreakGlassId(Id(208)), DrLee, Command),
        new RecordAdded(At, Stored with { Version = 1 }),
        new RecordAmended(At, Stored),
        new LabelChanged(At, Record, "PSY", LabelStep.Added, Actor.Patient(Ana), "why", Command),
        new DeviceRegistered(At, Device, "Watch"), new DeviceEnrolled(At.AddMinutes(1), Device, Bytes), new DeviceRevoked(At.AddDays(1), Device, Actor.Patient(Ana)),
        new PatientKeyRegistered(At, Key, "My phone", Bytes, Bytes, Bytes, Bytes, Bytes, Passkey), new PatientKeyRetired(At.AddDays(1), Key),
        new ConsentSigned(At, Consent, 3, Key, Command, new PatientSignature(31337, Bytes[..20], Bytes, Bytes, 1_893_456_000, Bytes, Bytes, Bytes, Passkey)),
        new TokensEnded(At, 1, Actor.Patient(Ana), Command), new AccountHappened(At, Failed, Command),
        new RecoverySeedMade(At, Bytes), new GuardianInvited(At, Id(216), "My sister"), new GuardianAccepted(At, Id(216), new PatientId(Id(207))),
        new RecoveryApproved(At, Id(216), Bytes[..11]), new RecoveryAnnounced(At, Bytes[..11]), new RecoveryStopped(At, Actor.Patient(Ana)), new GuardianEnded(At, Id(216), Actor.Patient(Ana)),
        new AccountRecovered(At.AddDays(3), Id(220), SignInWay.Guardians, Bytes[..11]), new GuardingBegan(At, new PatientId(Id(207)), Id(218)), new GuardingEnded(At, Id(219)),
        new DisclosuresSuspended(At.AddHours(1), Suspension),
        new AccessHappened(At, Asker, AccessAction.Export, "records", Decision, [new AccessedRecord(Record, 2, Decision)], 7),
    ];

    /// <summary>A kind that has a file already, with what was added to it since.</summary>
    public static readonly PatientEvent GrantedByResource =
        new ConsentGranted(At, Consent, Terms, Bytes, Actor.Patient(Ana), true, """{"resourceType":"Consent","policy":[{"uri":"http://example.org/policy"}]}""");

    /// <summary>Through an app that was allowed less than the party.</summary>
    public static readonly PatientEvent LookedThroughApp = new AccessHappened(
        At, Asker with { Scope = Scope }, AccessAction.View, "record", new Decision(false, DecisionReason.OutOfScope), [], 7);

    /// <summary>By a token that has a name.</summary>
    public static readonly PatientEvent LookedByToken = new AccessHappened(At, Asker with { TokenName = "jti:3f8a" }, AccessAction.View, "record", Decision, [], 7);

    /// <summary>With its categories, which apps' scopes may name.</summary>
    public static readonly PatientEvent AddedWithCategories = new RecordAdded(At, Stored with { Categories = [new Code("urn:system", "laboratory", null)] });

    /// <summary>For purposes of a code system of somebody's own, beside HL7's.</summary>
    public static readonly PatientEvent GrantedForOwnPurposes = new ConsentGranted(
        At, Consent, Terms with { Rule = Terms.Rule with { Purposes = [PurposeOfUse.TREAT, FooBar] } }, Bytes, Actor.Patient(Ana), true);

    /// <summary>With a code for the device, and by a delegate.</summary>
    public static readonly PatientEvent RegisteredWithCode = new DeviceRegistered(At, new DeviceId(Id(215)), "Watch", Actor.Patient(new PatientId(Id(207))), Bytes[..16], At.AddMinutes(15));

    /// <summary>A batch that the device signed.</summary>
    public static readonly DeviceEvent StoredSigned = new SamplesStored(At, Command, Bytes, [Chunk], [], Bytes);

    private static readonly ProviderEvent[] AccountEvents =
    [
        new AdmissionProposed(At, Asker.Actor, Id(214)), new OrganizationAdmitted(At, Asker.Actor),
        new AccountInvited(At, new InvitationId(Id(216)), InvitationKind.Practitioner, Asker.Actor, At.AddDays(2), Draft with { Kind = ProviderKind.Practitioner }, "nurse"),
        new InvitationWithdrawn(At, new InvitationId(Id(216)), Asker.Actor), new InvitationAccepted(At, new InvitationId(Id(218)), InvitationKind.Administrator, Id(219)),
        new StaffEnded(At, Id(220), Asker.Actor), new ProviderTokensEnded(At, 1, Asker.Actor, Command),
    ];

    /// <summary>The installation's: what it was told it has done.</summary>
    public static readonly ProviderSnapshot InstallationWithActs = ProviderSnapshot.Of(Domain.Providers.ProviderState.Initial.After(new InstallationActed(At, AdministrativeActKind.AppRegistered, Asker.Actor, "diary", Command)));

    public static readonly ProviderSnapshot ProviderWithAccounts = ProviderSnapshot.Of(AccountEvents.Aggregate(Domain.Providers.ProviderState.Initial, (state, e) => state.After(e)));

    public static readonly ProviderEvent[] ProviderEvents =
    [
        new ProviderRegistered(At, Draft, Asker.Actor), new MemberAdded(At, Provider), new MemberRemoved(At, Provider), new OrganizationJoined(At, Provider),
        new OrganizationLeft(At, Provider), new PatientShared(At, Ana), new PatientUnshared(At, Ana),
        new GlassReviewQueued(At, Entry), new GlassReviewUnqueued(At, Entry.Glass),
        new PurgeDutyArose(At, new PurgeDuty(Ana, Consent, At)), new PurgeDutyEnded(At, Ana, Consent),
        new ConsentAsked(At, Request), new ConsentRequestWithdrawn(At, Request.Id),
        .. AccountEvents, new OrganizationExcluded(At, Asker.Actor, "It left."), new AuditorLooked(At, new Actor(ActorKind.Auditor, Id(215)), "/operations"),
        new InstallationActed(At, AdministrativeActKind.AppRegistered, Asker.Actor, "diary", Command, At.AddMinutes(-1)),
    ];

    public static readonly ProviderEvent SharedUntil = new PatientShared(At, Ana, At.AddDays(1));

    /// <summary>With who did it.</summary>
    public static readonly ProviderEvent[] MembersWithWho = [new MemberAdded(At, Provider, "nurse", Asker.Actor), new MemberRemoved(At, Provider, Asker.Actor)];

    public static readonly ErasureEvent[] ErasureEvents = [new RecordErased(At, Id(213), "thumbprint")];

    public static readonly AccountEvent[] EventsOfAccounts = [new AccountOpened(At, DrLee), new AccountNoted(At, Failed with { By = DrLee }, Command)];

    public static readonly DeviceEvent[] DeviceEvents = [new DeviceBound(At, Ana), new SamplesStored(At, Command, Bytes, [Chunk], [Chunk with { Count = 9 }])];

    public static readonly PatientSnapshot Patient = PatientSnapshot.Of(PatientState.Initial(Ana).After(
        [.. PatientEvents, RegisteredWithCode, new RecoverySeedMade(At, Bytes), new GuardianInvited(At, Id(217), "Ben"), new GuardianAccepted(At, Id(217), new PatientId(Id(207))),
            new RecoveryApproved(At, Id(217), Bytes[..11]), new RecoveryAnnounced(At, Bytes[..11]), new GlassBroken(At, new BreakGlassId(Id(209)), DrKim, "unconscious", Filter, At.AddHours(1), [Provider])], 1));

    public static readonly ProviderSnapshot ProviderState = ProviderSnapshot.Of(
        new[] { ProviderEvents[0], ProviderEvents[1], ProviderEvents[3], ProviderEvents[5], ProviderEvents[7], ProviderEvents[9], ProviderEvents[11], ProviderEvents[12] }.Aggregate(Domain.Providers.ProviderState.Initial, (state, e) => state.After(e)));

    public static readonly DeviceSnapshot DeviceStored = DeviceSnapshot.Of(
        new[] { DeviceEvents[0], new SamplesStored(At, Command, Bytes, [Chunk], []) }.Aggregate(DeviceState.Initial, (state, e) => state.After(e)));

    /// <summary>Messages between processes, of every folder of the contracts.</summary>
    public static readonly object[] Messages =
    [
        Asker, Terms, Decision, Scope, new TokenFacts(2, At, At.AddHours(-1)), new TokenEpoch(2, At), new EndTokens(Command, Asker),
        new NoteAccount(Command, Asker, Failed, Id(215)), new AccountLine(5, At, Failed), new AccountHistoryQuery(Asker, 5, "after"), new AccountHistoryPage([new AccountLine(5, At, Failed)], true, "5"),
        new MakeRecoverySeed(Command, Asker, Bytes), new InviteGuardian(Command, Asker, "My sister"), new AcceptGuardian(Asker, Id(216)), new EndGuardian(Asker, Id(216)),
        new ApproveRecovery(Asker, Bytes), new AnnounceRecovery(Asker, Bytes), new StopRecovery(Asker), new RecoverAccount(Asker, SignInWay.Guardians, Bytes, Id(220)),
        new RecoveryStanding(2, At, true, At.AddDays(3)), new GuardianView(Id(216), "My sister", At, Ana, At.AddDays(1)), new GuardedAccount(Id(216), Ana),
        new RecoveryView(At, [new GuardianView(Id(216), "My sister", At, Ana, At.AddDays(1))], [new RecoveryStanding(1, null, false, null)]),
        new RegisterPatient(Command, Asker), new Acknowledgement(3, At), new PatientView(Ana, At, 1, 2, 3),
        new GrantConsent(Command, Asker, Terms), new RevokeConsent(Command, Asker, Consent),
        new ConsentView(Consent, 2, ConsentStatus.Revoked, Terms, At, At.AddDays(1), 5),
        new AddRecords(Command, Asker, RecordSource.Import, [RecordDraft()]), new AmendRecord(Command, Asker, 1, RecordSource.Patient, RecordDraft()),
        new RecordSearch(Asker, [DataClass.Laboratory], "c", new Period(At, null), Provider, "text", 5, "after", true, "Observation", AccessAction.Export),
        new RecordPage([new RecordView(Stored.Metadata(At, 5), Bytes)], ["cursor"], 1, true),
        new ReadRecord(Asker, Record, 2, false), new ResolveReference(Asker, "urn:uuid:1"), Stored.Metadata(At, 5),
        new AccessLine(5, At, Asker, AccessAction.View, "record", Decision, [new AccessedRecord(Record, 1, Decision)], 4),
        new AccessHistoryQuery(Asker, Id(1), Record, true, PurposeOfUse.TREAT, new Period(At, null), 5, "after"), new AccessHistoryPage([], true, "end"),
        new ExportRecord(Asker, ["Observation"], At, new Period(At, null), 5, "r"),
        new ExportPage(
            [new RecordView(Stored.Metadata(At, 5), Bytes)], [new ConsentView(Consent, 1, ConsentStatus.Active, Terms, At, null, 5, "paper")],
            [new AccessLine(5, At, Asker, AccessAction.Export, "everything", Decision, [new AccessedRecord(Record, 1, Decision)], 4)],
            new Dictionary<Guid, string> { [Record.Value] = "Observation" }, "a:5"),
        new ExportCheck(true, [Record]), Suspension,
        new SuspendDisclosures(Command, Asker, Provider, StatementForm.Oral, "Inspector Roe", "File 7/2026", At, At.AddDays(30)),
        new HistoryExport(
            [AccessLine.Withheld(5, At, 4)], 4, 6, At, "{}",
            [new Disclosure(
                5, At, new Recipient(DrLee, "Dr Lee", "urn:system", "1", "1 Main Street", ["City Hospital"]), Actor.Patient(Ana), "app", PurposeOfUse.HRESCH,
                [new DisclosedData(DataClass.Laboratory, "Observation", [Record])], true)],
            [Suspension]),
        new HistoryCheck(1, 2, ["Row 4 is missing."]), new Membership(Provider, "nurse"), new AmendConsent(Command, Asker, Consent, 2, Terms, true),
        new ConsentVersionView(
            new ConsentVersion(2, ConsentStatus.Active, Terms, At, Asker.Actor, 5, true, Command), [new TermsChange("terms.rule.purposes", null, "TREAT")]),
        new ChangeLabel(Command, Asker, Record, "PSY", LabelStep.Lowered, "why"),
        new LabelChange(Record, "PSY", LabelStep.Added, At, Asker.Actor, "why", Command, 5),
        Request, new ConsentRequestView(Request, ConsentRequestStatus.Approved, At, Consent), new RequestConsent(Command, Asker, Ana, Terms, "message", At),
        new WithdrawRequest(Command, Asker, Request.Id), new ApproveRequest(Command, Asker, Request.Id, Terms), new RefuseRequest(Command, Asker, Request.Id),
        new ExplainAccess(Asker, DrLee, PurposeOfUse.TREAT, AccessAction.View, Record, At, [new Membership(Provider, "nurse")], "app", true),
        new RecordViewer(DrLee, [PurposeOfUse.TREAT], new Explanation(At, Decision, "text", Terms, true)), new PreviewConsent(Asker, Consent, Terms),
        new ConsentPreview(
            [new VisibilityChange(DrLee, true, [PurposeOfUse.TREAT], 2, [DataClass.Laboratory], "text")],
            [new AccessChange(DrLee, true, PurposeOfUse.TREAT, 2, At, "text")], true, [new ConsentFinding(ConsentFindingKind.Contradictory, Consent, 1, Consent, "text")]),
        new ConsentTemplate("code", "name", "description", Terms, true), new GrantFromTemplate(Command, Asker, "code", DrLee, new Period(At, null), true),
        new SaveTemplate(Command, Asker, "name", Consent),
        new ChooseDefaultPolicy(Command, Asker, DefaultPolicy.Permit), new ChangeOptOut(Command, Asker, true, true),
        new PolicyView(DefaultPolicy.Permit, true, [new PolicyChoice(At, Asker.Actor, DefaultPolicy.Permit, true, true, 5, Command)]),
        new AppointDelegate(Command, Asker, Ana, DelegateRole.Guardian, DelegateLevel.Full, At), new EndDelegation(Command, Asker, new DelegationId(Id(206))),
        new GuardianDraft(Ana, At), Ward,
        new DelegationView(
            new DelegationId(Id(206)), Ana, DelegateRole.Guardian, DelegateLevel.View, DelegationStatus.Ended, At, At.AddYears(1), At.AddDays(1), Asker.Actor, DrLee, 5),
        new BreakGlass(Command, Asker, "reason", Filter, 30), new OpenedGlass(Entry.Glass, At, At.AddMinutes(30)), Entry,
        new BrokenGlassView(
            Entry.Glass, Ana, DrLee, "reason", Filter, At, At.AddMinutes(30), [Provider],
            new GlassReviewView(GlassReviewStatus.Closed, true, At, GlassFinding.Justified, "note", DrKim, At, DrLee, At.AddDays(1)), 5),
        new RecordGlassFinding(Command, Asker, Entry.Glass, GlassFinding.Unjustified, "note"), new CloseGlassReview(Command, Asker, Entry.Glass),
        new PatientNotice(NoticeKind.GlassBroken, At, Id(208), DrLee, At.AddMinutes(30)),
        new RegisterDevice(Command, Asker, "Watch"), new DeviceView(Device, "Watch", At, default), new DeviceEnrolment(new EnrolmentCode(Ana, Device, Bytes[..16]), At),
        new EnrolDevice(Device, Bytes[..16], Bytes), new RevokeDevice(Command, Asker, Device), new DeviceIdentity(Ana, Bytes),
        Draft, new ProviderView(Provider, ProviderKind.Organization, "n", "s", "v", [Provider]), new RegisterProvider(Asker, Draft),
        new ChangeMembership(Asker, Provider, true), new SharingPatient(Ana, At),
        new ProviderStanding([new Membership(Provider, "nurse")], new TokenEpoch(2, At), true), new ProposeAdmission(Asker, Id(214)), new AdmitOrganization(Command, Asker, Id(214)),
        new ExcludeOrganization(Asker, "It left."), new Invite(Command, Asker, InvitationKind.Practitioner, Draft, "nurse"), new WithdrawInvitation(Asker, new InvitationId(Id(216))),
        new AcceptInvitation(new InvitationId(Id(216)), InvitationKind.Auditor, Id(219)), new EndStaff(Asker, Id(219)), new AuditorLook(3, At, Asker.Actor, "/operations"),
        new AdministrativeLine(3, At, AdministrativeActKind.MemberAdded, Asker.Actor, Id(3), "nurse"), new AdministrativePage([new AdministrativeLine(3, At, AdministrativeActKind.TokensEnded, null)], 3),
        new NoteAct(Command, Asker, AdministrativeActKind.LaneOperated, "lane 0: pause: why", At),
        new OrganizationAccountsView(
            AdmissionStatus.Admitted, [new StaffMember(Id(219), InvitationKind.Administrator, At)],
            [new InvitationView(new InvitationId(Id(216)), InvitationKind.Practitioner, Asker.Actor, At, At.AddDays(2), Provider, "nurse", InvitationStatus.Open)]),
        new HoldingView(Consent, DrLee, At, At, At, HoldingStatus.Purged), new AcknowledgePurge(Command, Asker, Consent), new PurgeDuty(Ana, Consent, At),
        new EraseRecord(Command, Asker, true), new ErasureCertificate(Id(213), At, "thumbprint"), new ErasedPatient(Ana, At),
        new AnchorState(5, 0, 3, 8, At), new LaneStatus(0, "stopped", "alarm", 3, 8, 1, 2, 31337, "0x00"), new SiloReport(3), new LedgerCommit(0, 3, "0x00", 4, "0x01", 8, At),
        new CheckIssuedConsent(Asker, "{}", "a.b.c"), new IssuedConsentCheck(false, "text", "nullifier", 8, At, true, "{}"),
        new FollowerStatus("stopped", "alarm", 8, At, [new FollowedLane(7, 3, true)]),
        new LaneInspection(2, 3, 4, [new OpenBatch(3, 2, 5, "0x01", 4, At)], [new LaneOperationView(At, "Operator", "pause", "why")], "0x02", "0x03", "0x04", At),
        new PatientKeyChallenge(Bytes, At), new RegisterPatientKey(Command, Asker, Party, "My phone", Bytes, Bytes, Assertion, Key), new RetirePatientKey(Command, Asker, Key),
        new PatientKeyView(Key, "My phone", Bytes, Bytes, At, At.AddDays(1), PatientKeyAnchoring.Registered, 5), new PatientKeyRegister(31337, Bytes),
        new ConsentToSign(Consent, 2, At, Bytes, Bytes, Bytes), new SignConsent(Command, Asker, Party, Consent, 2, At, Assertion),
        new ConsentSignatureView(Consent, 2, Key, At, At.AddYears(1), 5),
        new ProofRequest(Asker, 5), new LeafAnchor(0, 3, Bytes, [Bytes], Bytes, 8, Bytes, At, 31337, Bytes, Bytes, 9, 10),
        new Outcome<ConsentView>(null, new Refusal(RefusalCode.Invalid, "message", "place")), new Outcome<Acknowledgement>(new Acknowledgement(3, At), null),
    ];

    private static RecordDraft RecordDraft() => new(
        Record, "Observation", DataClass.Laboratory, [new Code("s", "v", "d")], At, [Provider], Record, ["R"], "urn:uuid:1", Bytes);
}
