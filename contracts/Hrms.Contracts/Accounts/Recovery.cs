namespace Hrms.Contracts;

/// <summary>The person keeps a printed seed to get the account back with. One that was made before is no good any more.</summary>
/// <param name="Seed">16 random bytes. The grain keeps a hash of them alone.</param>
[GenerateSerializer, Immutable, Alias("MakeRecoverySeed")]
public sealed record MakeRecoverySeed([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] byte[] Seed);

/// <summary>The person asks somebody to be a guardian of the account. The invitation is the command's id.</summary>
/// <param name="Name">Who that is, as the person calls them.</param>
[GenerateSerializer, Immutable, Alias("InviteGuardian")]
public sealed record InviteGuardian([property: Id(0)] CommandId Command, [property: Id(1)] Asker Asker, [property: Id(2)] string Name);

/// <summary>Who was asked accepts.</summary>
[GenerateSerializer, Immutable, Alias("AcceptGuardian")]
public sealed record AcceptGuardian([property: Id(0)] Asker Asker, [property: Id(1)] Guid Invitation);

/// <summary>The person ends a guardian or takes an invitation back, or a guardian resigns.</summary>
[GenerateSerializer, Immutable, Alias("EndGuardian")]
public sealed record EndGuardian([property: Id(0)] Asker Asker, [property: Id(1)] Guid Invitation);

/// <summary>A guardian approves that whoever holds the secret behind a code gets the account back.</summary>
/// <param name="Code">See <see cref="RecoveryCode.Of"/>.</param>
[GenerateSerializer, Immutable, Alias("ApproveRecovery")]
public sealed record ApproveRecovery([property: Id(0)] Asker Asker, [property: Id(1)] byte[] Code);

/// <summary>What has become of the approvals of a code, for the guardian who approved.</summary>
/// <param name="Approvals">How many guardians have approved it.</param>
/// <param name="ApprovedAt">When the second did; null: there is no second.</param>
/// <param name="IsAnnounced">Whether the person was told.</param>
/// <param name="ReadyAt">From when on the account can be had back; null: the waiting time has not begun.</param>
[GenerateSerializer, Immutable, Alias("RecoveryStanding")]
public sealed record RecoveryStanding(
    [property: Id(0)] int Approvals, [property: Id(1)] DateTimeOffset? ApprovedAt, [property: Id(2)] bool IsAnnounced, [property: Id(3)] DateTimeOffset? ReadyAt);

/// <summary>The account's server has sent the mail that tells the person: the waiting time begins.</summary>
[GenerateSerializer, Immutable, Alias("AnnounceRecovery")]
public sealed record AnnounceRecovery([property: Id(0)] Asker Asker, [property: Id(1)] byte[] Code);

/// <summary>Nobody gets the account back by what guardians have approved until now. By the person, or by the account's server for who reads the person's mail.</summary>
[GenerateSerializer, Immutable, Alias("StopRecovery")]
public sealed record StopRecovery([property: Id(0)] Asker Asker);

/// <summary>Somebody who can't sign in any more gets the account back; sent by the account's server alone.</summary>
/// <param name="Way"><see cref="SignInWay.RecoverySeed"/> or <see cref="SignInWay.Guardians"/>.</param>
/// <param name="Secret">The seed's 16 bytes, or the 32 behind the code that the guardians approved.</param>
/// <param name="Recovery">The recovery that the account's credentials come from now; null: none. What was interrupted before they were changed can so be repeated.</param>
[GenerateSerializer, Immutable, Alias("RecoverAccount")]
public sealed record RecoverAccount([property: Id(0)] Asker Asker, [property: Id(1)] SignInWay Way, [property: Id(2)] byte[] Secret, [property: Id(3)] Guid? Recovery);

/// <summary>A guardian of the account, or somebody who was asked to be one.</summary>
/// <param name="Guardian">Null: has not accepted yet.</param>
[GenerateSerializer, Immutable, Alias("GuardianView")]
public sealed record GuardianView([property: Id(0)] Guid Invitation, [property: Id(1)] string Name, [property: Id(2)] DateTimeOffset InvitedAt, [property: Id(3)] PatientId? Guardian, [property: Id(4)] DateTimeOffset? AcceptedAt);

/// <summary>An account that the person is a guardian of.</summary>
[GenerateSerializer, Immutable, Alias("GuardedAccount")]
public sealed record GuardedAccount([property: Id(0)] Guid Invitation, [property: Id(1)] PatientId Patient);

/// <summary>How the person gets the account back, should it be lost. Only for the person.</summary>
/// <param name="SeedMadeAt">Null: there is no seed.</param>
/// <param name="UnderWay">How far guardians have approved a code, of each code that some guardian approves now.</param>
[GenerateSerializer, Immutable, Alias("RecoveryView")]
public sealed record RecoveryView(
    [property: Id(0)] DateTimeOffset? SeedMadeAt, [property: Id(1)] IReadOnlyList<GuardianView> Guardians, [property: Id(2)] IReadOnlyList<RecoveryStanding> UnderWay);
