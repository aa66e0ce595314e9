namespace Hrms.Contracts;

/// <summary>What somebody did, or the server by itself, about how an organisation, a care team or the installation is run.</summary>
[GenerateSerializer]
public enum AdministrativeActKind
{
    /// <summary>The party was registered, or its entry corrected.</summary>
    ProviderRegistered = 1,
    MemberAdded = 2,
    MemberRemoved = 3,
    AdmissionProposed = 4,
    OrganizationAdmitted = 5,
    OrganizationExcluded = 6,
    AccountInvited = 7,
    InvitationWithdrawn = 8,
    InvitationAccepted = 9,
    /// <summary>An administrator, operator or auditor is none any more.</summary>
    StaffEnded = 10,
    TokensEnded = 11,
    /// <summary>Of a practitioner: a group took them in.</summary>
    OrganizationJoined = 12,
    OrganizationLeft = 13,
    /// <summary>Of the installation, as all below: an operator told a lane of the ledger what to do.</summary>
    LaneOperated = 14,
    /// <summary>An app is known from now on, by the apps' file.</summary>
    AppRegistered = 15,
    /// <summary>The apps' file says something else of an app.</summary>
    AppChanged = 16,
    AppRemoved = 17,
    /// <summary>The accounts' server made a key: the first, or the next when one grew old.</summary>
    ServerKeyMade = 18,
    ServerKeyRemoved = 19,
    /// <summary>A process of the server started with a setting that no process had before.</summary>
    SettingChanged = 20,
}

/// <summary>One line of how an organisation or the installation was run. Neither addresses nor anything of a patient's.</summary>
/// <param name="By">Whose doing it is; null: it follows from something else.</param>
/// <param name="Whom">The practitioner, group, account or invitation that it is about; null: none.</param>
/// <param name="About">A role, a reason, the app, the lane and what it was told, the setting.</param>
[GenerateSerializer, Immutable, Alias("AdministrativeLine")]
public sealed record AdministrativeLine(
    [property: Id(0)] long StreamVersion, [property: Id(1)] DateTimeOffset At, [property: Id(2)] AdministrativeActKind Kind, [property: Id(3)] Actor? By, [property: Id(4)] Guid? Whom = null,
    [property: Id(5)] string? About = null);

/// <summary>A page of lines, newest first.</summary>
/// <param name="Before">Where the next page begins; null: there is none. A page may have fewer lines than were asked for and still a next one.</param>
[GenerateSerializer, Immutable, Alias("AdministrativePage")]
public sealed record AdministrativePage([property: Id(0)] IReadOnlyList<AdministrativeLine> Lines, [property: Id(1)] long? Before);

/// <summary>Has an act written into the installation's own stream, before it happens. A repeat of the same command changes nothing.</summary>
/// <param name="DoneAt">When it was done, where the stream is told later; null: now.</param>
[GenerateSerializer, Immutable, Alias("NoteAct")]
public sealed record NoteAct(
    [property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] AdministrativeActKind Kind, [property: Id(3)] string About, [property: Id(4)] DateTimeOffset? DoneAt = null);
