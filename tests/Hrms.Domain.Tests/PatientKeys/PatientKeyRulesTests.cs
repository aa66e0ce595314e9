using System.Security.Cryptography;
using Hrms.Contracts;
using Hrms.Domain.Consents;
using Hrms.Domain.Patients;
using Hrms.Domain.PatientKeys;
using static Hrms.Domain.Tests.Consents.ConsentWords;
using static Hrms.Domain.Tests.Consents.Family;

namespace Hrms.Domain.Tests.PatientKeys;

/// <summary>Which keys a patient may register, and what they sign.</summary>
public sealed class PatientKeyRulesTests : IDisposable
{
    private static readonly byte[] Challenge = [.. Enumerable.Range(0, 32).Select(i => (byte)i)], Pseudonym = new byte[32], Salt = [.. Challenge.Reverse()];
    private static readonly PatientKeyRegister Ledger = new(31337, new byte[20]);
    private readonly SoftwareKey _key = new();

    public void Dispose() => _key.Dispose();

    private RegisterPatientKey Wish => new(new CommandId(Id(300)), AnaAsks, SoftwareKey.Party, "My phone", [1], _key.PublicKey, _key.Answers(Challenge));

    [Fact]
    public void AKey_IsTakenWithItsProof_AndARepeatChangesNothing()
    {
        var registered = (PatientKeyRegistered)Assert.Single(Register(Registered, Wish).Events);
        Assert.Equal<byte[]>([_key.X, _key.Y, Salt, Pseudonym], [registered.X, registered.Y, registered.Salt, registered.Pseudonym]);
        var state = Registered.After([registered], 2);

        Assert.Empty(PatientKeyRules.Register(state, Wish, null, Pseudonym, Salt, Now).Events);
        Assert.Null(PatientKeyRules.Register(state, Wish, null, Pseudonym, Salt, Now).Refusal);
        using var other = new SoftwareKey();
        Assert.Equal(RefusalCode.CommandReused, Register(state, Wish with { PublicKey = other.PublicKey }).Refusal?.Code);
        Assert.Equal("publicKey", Register(state, Wish with { Command = new CommandId(Id(301)), Replaces = registered.Key }).Refusal?.Place);
    }

    [Fact]
    public void AKeyIsRetiredOnce_AndReplacedByName()
    {
        var registered = (PatientKeyRegistered)Assert.Single(Register(Registered, Wish).Events);
        var state = Registered.After([registered], 2);
        var wish = new RetirePatientKey(new CommandId(Id(305)), AnaAsks, registered.Key);

        var retired = (PatientKeyRetired)Assert.Single(PatientKeyRules.Retire(state, wish, Now).Events);
        Assert.Equal(registered.Key, retired.Key);
        var again = PatientKeyRules.Retire(state.After([retired], 3), wish, Now);
        Assert.Equal((0, null), (again.Events.Count, again.Refusal));
        Assert.Equal(RefusalCode.NotFound, PatientKeyRules.Retire(state, wish with { Key = new PatientKeyId(Id(9)) }, Now).Refusal?.Code);

        using var other = new SoftwareKey();
        var replacing = Wish with { Command = new CommandId(Id(306)), PublicKey = other.PublicKey, Proof = other.Answers(Challenge), Replaces = registered.Key };
        Assert.Equal([typeof(PatientKeyRetired), typeof(PatientKeyRegistered)], Register(state, replacing).Events.Select(happened => happened.GetType()));
        var unknown = Register(state, replacing with { Replaces = new PatientKeyId(Id(9)) }).Refusal;
        Assert.Equal((RefusalCode.NotFound, "replaces"), (unknown?.Code, unknown?.Place));
    }

    [Fact]
    public void WhatIsMisshapen_IsNamed()
    {
        using var large = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2_048);
        Assert.Null(Register(Registered, Wish with { Name = new string('n', Limits.PatientKeyNameMax), CredentialId = new byte[1_023] }).Refusal);
        foreach (var (wish, place) in new[]
        {
            (Wish with { Name = " " }, "name"), (Wish with { Name = new string('n', Limits.PatientKeyNameMax + 1) }, "name"), (Wish with { CredentialId = [] }, "credentialId"),
            (Wish with { CredentialId = new byte[1_024] }, "credentialId"), (Wish with { PublicKey = [] }, "publicKey"), (Wish with { PublicKey = [.. _key.PublicKey, 0] }, "publicKey"),
            (Wish with { PublicKey = large.ExportSubjectPublicKeyInfo() }, "publicKey"), (Wish with { PublicKey = rsa.ExportSubjectPublicKeyInfo() }, "publicKey"),
            (Wish with { Proof = Wish.Proof with { Signature = [1] } }, "assertion.signature"), (Wish with { Proof = _key.Answers(Salt) }, "assertion.clientDataJSON"),
        })
            Assert.Equal((RefusalCode.Invalid, place), (Register(Registered, wish).Refusal?.Code, Register(Registered, wish).Refusal?.Place));
        Assert.Equal(RefusalCode.WrongState, PatientKeyRules.Register(Registered, Wish, null, Pseudonym, Salt, Now).Refusal?.Code);
    }

    [Fact]
    public void AHundredKeys_AndNoMore()
    {
        var state = Registered;
        for (var i = 1; i <= Limits.PatientKeysMax; i++)
        {
            var id = new PatientKeyId(Id(1_000 + i));
            state = state.After([new PatientKeyRegistered(Now, id, "", [1], [(byte)i], [], Salt, Pseudonym, new PasskeySignature([], [], [], [])), new PatientKeyRetired(Now, id)], 2 * i);
            Assert.Equal(i == Limits.PatientKeysMax ? RefusalCode.LimitExceeded : null, Register(state, Wish).Refusal?.Code);
        }
    }

    [Fact]
    public void ASignature_IsGoodUntilTheConsentsEnd_OrFiveYears_AndForFiftyAtMost()
    {
        var state = WithConsent(DrLee.PermitsUntil(Now.AddYears(1)));
        var consent = state.Consents.Consents.Keys.Single();
        Assert.Equal(Now.AddYears(1), ToSign(null).Value?.ExpiresAt);
        state = WithConsent(DrLee.PermitsUntil(null));
        Assert.Equal(Now.AddYears(Limits.SignatureYearsDefault), ToSign(null).Value?.ExpiresAt);
        foreach (var (until, refused) in new[] { (Now, true), (Now.AddSeconds(1), false), (Now.AddYears(50), false), (Now.AddYears(50).AddSeconds(1), true) })
            Assert.Equal(refused ? "expiresAt" : null, ToSign(until).Refusal?.Place);

        Outcome<ConsentToSign> ToSign(DateTimeOffset? until) => PatientKeyRules.ToSign(state, consent, until, Ledger, Now);
    }

    [Fact]
    public void ASignedVersion_IsSignedOnceByAKey_AndItsSignatureIsThePapers()
    {
        var state = WithConsent(DrLee.PermitsUntil(null));
        var consent = state.Consents.Consents.Keys.Single();
        var toSign = PatientKeyRules.ToSign(state, consent, null, Ledger, Now).Value!;
        var command = new SignConsent(new CommandId(Id(302)), AnaAsks, SoftwareKey.Party, consent, 1, toSign.ExpiresAt, _key.Answers(toSign.Challenge));

        var signed = (ConsentSigned)Assert.Single(PatientKeyRules.Sign(state, command, Ledger, Now).Events);
        Assert.Null(signed.Signature.Problem(toSign.Artefact));
        Assert.Equal("patientSignature.artefact", signed.Signature.Problem(Salt)?.Place);
        Assert.Equal("assertion.clientDataJSON", PatientKeyRules.Sign(state, command with { ExpiresAt = toSign.ExpiresAt.AddSeconds(1) }, Ledger, Now).Refusal?.Place);
        Assert.Equal("assertion.clientDataJSON", PatientKeyRules.Sign(state, command, Ledger with { ChainId = 1 }, Now).Refusal?.Place);
        state = state.After([signed], 4);
        Assert.Equal([], PatientKeyRules.Sign(state, command, Ledger, Now).Events);
        Assert.Equal("version", PatientKeyRules.Sign(state, command with { Command = new CommandId(Id(303)) }, Ledger, Now).Refusal?.Place);
        Assert.Equal(RefusalCode.CommandReused, PatientKeyRules.Sign(state, command with { Version = 2 }, Ledger, Now).Refusal?.Code);

        var restored = EventJson.Read<PatientSnapshot>(EventJson.Write(PatientSnapshot.Of(state))).Restore();
        Assert.Equal((state.PatientKeys.InUse!.Id, 4), (restored.PatientKeys.InUse!.Id, restored.PatientKeys.SignatureOf(consent, 1)!.StreamVersion));
    }

    private PatientState WithConsent(ConsentTerms terms) => Registered.After(
        [Assert.Single(Register(Registered, Wish).Events), new ConsentGranted(Now, new ConsentId(Id(310)), terms, new byte[32], Actor.Patient(Ana))], 2);

    private static Decided<PatientEvent> Register(PatientState state, RegisterPatientKey wish) => PatientKeyRules.Register(state, wish, Challenge, Pseudonym, Salt, Now);
}

internal static class KeyWords
{
    public static ConsentTerms PermitsUntil(this Actor who, DateTimeOffset? until) => Permit(who).Valid(null, until);
}
