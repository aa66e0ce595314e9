namespace Hrms.Contracts;

/// <summary>Limits that an edge and a grain must agree on. Each has a test at the limit and one above.</summary>
public static class Limits
{
    /// <summary>Most items in one page of any list.</summary>
    public const int PageSizeMax = 200;

    /// <summary>Batches that one check of a history rebuilds for the stream's own rows: some seconds' work.</summary>
    public const int HistoryBatchesMax = 500;

    /// <summary>For calls that walk a whole record or history, or take one in: how long the caller waits, hours:minutes:seconds. What takes longer goes on; its command may be repeated.</summary>
    public const string LongCall = "00:00:30";

    /// <summary>Most records of one intake: the largest Bundles of samples have about 1,100; a lifetime export fits.</summary>
    public const int IntakeRecordsMax = 20_000;

    /// <summary>Most consents of one patient, revoked ones included: they are kept in memory.</summary>
    public const int ConsentsMax = 10_000;

    /// <summary>Most versions of one consent: all stay readable.</summary>
    public const int ConsentVersionsMax = 1_000;

    /// <summary>How long a recipient has to purge what it received under a consent that was revoked.</summary>
    public static readonly TimeSpan PurgeGrace = TimeSpan.FromDays(30);

    /// <summary>Most delegations of one patient, ended ones included.</summary>
    public const int DelegationsMax = 1_000;

    /// <summary>Most entries in one list of a consent's data filter, and most exceptions.</summary>
    public const int FilterEntriesMax = 500;

    /// <summary>Most characters of a code: a label, a role, an app's client id.</summary>
    public const int CodeLengthMax = 200;

    /// <summary>Most entries in one page of an export.</summary>
    public const int ExportPageSizeMax = 100;

    /// <summary>Most bytes of resources in one page of an export; a single one may be larger.</summary>
    public const int ExportPageBytesMax = 4 * 1024 * 1024;

    /// <summary>Most events in one proof of a history, about a kilobyte each; a longer period is asked for in parts.</summary>
    public const int HistoryExportEventsMax = 2_000;

    /// <summary>How long an official body's oral statement suspends the accounting of disclosures to it (45 CFR 164.528(a)(2)(ii)).</summary>
    public static readonly TimeSpan OralSuspension = TimeSpan.FromDays(30);

    /// <summary>For how many years a written one does at most: an accounting reaches back no further (164.528(a)(1)).</summary>
    public const int SuspensionYearsMax = 6;

    /// <summary>Most of them in one patient's history, and most characters of who made one.</summary>
    public const int SuspensionsMax = 1_000, OfficialLengthMax = 200;

    /// <summary>Most characters of a provider's address.</summary>
    public const int AddressLengthMax = 500;

    /// <summary>Most characters of a reason that a person gives.</summary>
    public const int ReasonLengthMax = 1_000;

    /// <summary>Most changes of one record's labels: all stay readable.</summary>
    public const int LabelChangesMax = 500;

    /// <summary>Most patients whom one person acts for, in the person's list: what comes while it is full is left out.</summary>
    public const int WardsMax = 1_000;

    /// <summary>How long ago a person may have signed in at most who does what can do harm that lasts.</summary>
    public static readonly TimeSpan FreshSignIn = TimeSpan.FromMinutes(5);

    /// <summary>The same for the pages of an export after its first: a large record takes longer to read than a sign-in is fresh.</summary>
    public static readonly TimeSpan ExportSignIn = TimeSpan.FromHours(1);

    /// <summary>Most minutes that broken glass stays open.</summary>
    public const int BreakGlassMinutesMax = 240;

    /// <summary>Most breakings of one patient's glass by one practitioner: all are kept. Nobody can use up another's.</summary>
    public const int BreakingsPerPractitionerMax = 100;

    /// <summary>The role within an organisation that may lower a label, and reviews what the organisation's members did with broken glass.</summary>
    public const string PrivacyOfficerRole = "privacy-officer";

    /// <summary>Most requests that a patient's grain keeps: the oldest that are closed or expired make room; while all are open, further ones are not taken.</summary>
    public const int RequestsMax = 1_000;

    /// <summary>Most requests that one asker has open at a time.</summary>
    public const int OpenRequestsMax = 10_000;

    /// <summary>Most characters of a request's message.</summary>
    public const int MessageLengthMax = 2_000;

    /// <summary>For how many days a request stands at most, and unless the asker says otherwise.</summary>
    public const int RequestDaysMax = 365, RequestDaysDefault = 30;

    /// <summary>Most devices of one patient, revoked ones included: their samples stay. One that never registered its key goes when its code is over.</summary>
    public const int DevicesMax = 100;

    /// <summary>Most characters of a device's name.</summary>
    public const int DeviceNameMax = 200;

    /// <summary>How long a device may register its key with the code that the patient was given.</summary>
    public static readonly TimeSpan EnrolmentCodeLife = TimeSpan.FromMinutes(15);

    /// <summary>How far a device's clock may be from ours when it says when it signed.</summary>
    public static readonly TimeSpan SignatureSkew = TimeSpan.FromMinutes(5);

    /// <summary>For how many hours an invitation is good.</summary>
    public const int InvitationHours = 48;

    /// <summary>Most invitations of one organisation that are open at a time, and most people who run its accounts.</summary>
    public const int OpenInvitationsMax = 1_000, StaffMax = 1_000;

    /// <summary>Most keys of one patient, retired ones included: all are kept.</summary>
    public const int PatientKeysMax = 100;

    /// <summary>Most characters of the name that a patient gives a key.</summary>
    public const int PatientKeyNameMax = 100;

    /// <summary>For how many years a patient's signature under a consent is good at most, and unless the app says otherwise or the consent ends before.</summary>
    public const int SignatureYearsMax = 50, SignatureYearsDefault = 5;

    /// <summary>Most guardians of an account, invited ones included, and how many of them have to approve that somebody gets it back.</summary>
    public const int GuardiansMax = 3, GuardiansNeeded = 2;

    /// <summary>Most accounts of which one person is a guardian, in the person's list: what comes while it is full is left out.</summary>
    public const int GuardedMax = 1_000;

    /// <summary>Most characters of the name that a person gives a guardian.</summary>
    public const int GuardianNameMax = 100;

    /// <summary>How long an account can't be had back after its person was told that two guardians approved it: time to say no.</summary>
    public static readonly TimeSpan RecoveryWait = TimeSpan.FromDays(3);

    /// <summary>How long a guardian's approval is good, and an invitation to be one.</summary>
    public static readonly TimeSpan ApprovalGoodFor = TimeSpan.FromDays(14), InvitationGoodFor = TimeSpan.FromDays(7);

    /// <summary>Most approvals of one guardian in the time that one is good.</summary>
    public const int ApprovalsPerGuardianMax = 10;
}
