using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Accounts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;

namespace Hrms.Domain.Recovery;

/// <summary>
/// Who gets a lost account back: who shows the printed seed, or whom two of the guardians approve and the person, told of it, does not stop. Called by the patient's grain, which decides it as everything
/// about who comes to the record.
/// </summary>
public static class RecoveryRules
{
    /// <summary>Bytes of a printed seed: 128 bits, which nobody guesses (NIST SP 800-63B, 3.1.2).</summary>
    public const int SeedBytes = 16;

    public static Decided<PatientEvent> MakeSeed(PatientState state, MakeRecoverySeed command, DateTimeOffset now)
    {
        if (InPerson(state, command.Asker) is { } notTheirs)
            return notTheirs;
        if (command.Seed.Length != SeedBytes)
            return new Refusal(RefusalCode.Invalid, $"A seed has {SeedBytes} bytes.", "seed");
        var hash = HashOf(state.Id, command.Seed);
        return IsSame(state.Recovery.SeedHash, hash) ? Decided<PatientEvent>.AlreadyDone : new RecoverySeedMade(now, hash);
    }

    public static Decided<PatientEvent> Invite(PatientState state, InviteGuardian command, DateTimeOffset now)
    {
        if (InPerson(state, command.Asker) is { } notTheirs)
            return notTheirs;
        if (state.Recovery.Find(command.Command.Value) is not null)
            return Decided<PatientEvent>.AlreadyDone;
        return string.IsNullOrWhiteSpace(command.Name) || command.Name.Length > Limits.GuardianNameMax
                ? new Refusal(RefusalCode.Invalid, $"Name the guardian in 1 to {Limits.GuardianNameMax} characters.", "name")
            : state.Recovery.Guardians.Count >= Limits.GuardiansMax
                ? new Refusal(RefusalCode.LimitExceeded, $"An account has {Limits.GuardiansMax} guardians at most. Remove one first.")
            : new GuardianInvited(now, command.Command.Value, command.Name.Trim());
    }

    /// <summary>In person, freshly signed in; not the patient, and nobody twice. To everybody else there is no such invitation.</summary>
    public static Decided<PatientEvent> Accept(PatientState state, AcceptGuardian command, DateTimeOffset now)
    {
        if (PersonOf(command.Asker) is not { } person || state.RegisteredAt is null || state.Recovery.Find(command.Invitation) is not { } invited)
            return NoInvitation;
        if (invited.Person == person)
            return Decided<PatientEvent>.AlreadyDone;
        return invited.Person is not null || now - invited.InvitedAt >= Limits.InvitationGoodFor || person == state.Id || state.Recovery.Of(person) is not null
            ? NoInvitation
            : new GuardianAccepted(now, command.Invitation, person);
    }

    /// <summary>By the patient, or by the guardian.</summary>
    public static Decided<PatientEvent> End(PatientState state, EndGuardian command, DateTimeOffset now)
    {
        var guardian = state.Recovery.Find(command.Invitation);
        if (!ConsentRules.IsPatient(state, command.Asker) && (guardian?.Person is null || guardian.Person != PersonOf(command.Asker)))
            return NoInvitation;
        return guardian is null ? Decided<PatientEvent>.AlreadyDone : new GuardianEnded(now, guardian.Invitation, command.Asker.Actor);
    }

    /// <summary>What a guardian's own stream says: a list, which no decision rests on.</summary>
    public static IReadOnlyList<PatientEvent> Learn(PatientState state, GuardedAccount account, bool guards, DateTimeOffset now) =>
        state.RegisteredAt is null || guards == state.Guards.ContainsKey(account.Invitation) || (guards && state.Guards.Count >= Limits.GuardedMax) ? []
            : [guards ? new GuardingBegan(now, account.Patient, account.Invitation) : new GuardingEnded(now, account.Invitation)];

    public static Decided<PatientEvent> Approve(PatientState state, ApproveRecovery command, DateTimeOffset now)
    {
        if (PersonOf(command.Asker) is not { } person || state.Recovery.Of(person) is not { } guardian || command.Code.Length != RecoveryCode.SizeBytes)
            return NoInvitation;
        if (state.Recovery.For(command.Code, now).Any(approval => approval.Invitation == guardian.Invitation))
            return Decided<PatientEvent>.AlreadyDone;
        return state.Recovery.Approvals.Count(approval => approval.Invitation == guardian.Invitation && now - approval.At < Limits.ApprovalGoodFor) >= Limits.ApprovalsPerGuardianMax
            ? new Refusal(RefusalCode.LimitExceeded, "You have approved too many codes of this person these days. Wait, and talk to them.")
            : new RecoveryApproved(now, guardian.Invitation, command.Code);
    }

    /// <summary>The waiting time begins when the person was told, so that nobody waits in silence.</summary>
    public static Decided<PatientEvent> Announce(PatientState state, AnnounceRecovery command, DateTimeOffset now)
    {
        if (!AccountRules.IsTheAccountsServer(command.Asker))
            return NoInvitation;
        var standing = state.Recovery.StandingOf(command.Code, now);
        return standing.IsAnnounced ? Decided<PatientEvent>.AlreadyDone
            : standing.ApprovedAt is null ? new Refusal(RefusalCode.WrongState, "Two guardians have not approved this code.")
            : new RecoveryAnnounced(now, command.Code);
    }

    public static Decided<PatientEvent> Stop(PatientState state, StopRecovery command, DateTimeOffset now) =>
        !ConsentRules.IsPatient(state, command.Asker) && !(state.RegisteredAt is not null && AccountRules.IsTheAccountsServer(command.Asker)) ? Refusal.NotFound("No such patient.")
        : state.Recovery.CodesUnderWay(now).Count == 0 ? Decided<PatientEvent>.AlreadyDone
        : new RecoveryStopped(now, ConsentRules.IsPatient(state, command.Asker) ? command.Asker.Actor : Actor.Patient(state.Id));

    /// <summary>One refusal for whatever is wrong: who tries learns nothing.</summary>
    public static Decided<PatientEvent> Recover(PatientState state, RecoverAccount command, Guid id, CommandId ends, DateTimeOffset now)
    {
        if (!AccountRules.IsTheAccountsServer(command.Asker) || state.RegisteredAt is null)
            return NotRecovered;
        var proof = ProofOf(state.Id, command);
        // The same proof again, since the credentials were not changed after it: it goes on where it ended.
        if (state.Recovery.Last is { } last && last.Id != command.Recovery && last.Way == command.Way && IsSame(last.Proof, proof))
            return Decided<PatientEvent>.AlreadyDone;
        var proves = command.Way switch
        {
            SignInWay.RecoverySeed => IsSame(state.Recovery.SeedHash, proof),
            SignInWay.Guardians => command.Secret.Length == RecoveryCode.SecretBytes && state.Recovery.StandingOf(proof, now).ReadyAt <= now,
            _ => false,
        };
        if (!proves)
            return NotRecovered;
        var by = Actor.Patient(state.Id);
        return new Decided<PatientEvent>(
            [
                new AccountRecovered(now, id, command.Way, proof),
                new TokensEnded(now, state.Tokens.Number + 1, by, ends),
                .. state.PatientKeys.InUse is { } key ? [new PatientKeyRetired(now, key.Id)] : (PatientEvent[])[],
            ],
            null);
    }

    /// <summary>Whether an account's credentials are of before the newest recovery, and so sign nobody in.</summary>
    public static bool AreOld(PatientState state, Guid? recoveryOfCredentials) => state.Recovery.Last?.Id is { } newest && newest != recoveryOfCredentials;

    public static Refusal CredentialsAreOld { get; } = new(RefusalCode.WrongState, "The account was recovered, and these are its credentials of before.");

    private static byte[] ProofOf(PatientId patient, RecoverAccount command) =>
        command.Way == SignInWay.RecoverySeed ? HashOf(patient, command.Secret) : RecoveryCode.Of(command.Secret);

    private static byte[] HashOf(PatientId patient, byte[] seed) => SHA256.HashData([.. "hrms/recovery-seed/1"u8, .. patient.Value.ToByteArray(bigEndian: true), .. seed]);

    private static bool IsSame(byte[]? one, byte[] other) => one is not null && CryptographicOperations.FixedTimeEquals(one, other);

    private static PatientId? PersonOf(Asker asker) => asker is { Actor.Kind: ActorKind.Patient, OnBehalfOf: null, Scope: null } ? new PatientId(asker.Actor.Id) : null;

    private static Refusal? InPerson(PatientState state, Asker asker) => ConsentRules.IsPatient(state, asker) ? null : Refusal.NotFound("No such patient.");

    private static Refusal NoInvitation => Refusal.NotFound("No such invitation, or you are no guardian of this account.");

    private static Refusal NotRecovered => Refusal.NotFound("This does not get an account back.");
}
