using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Tests.Support;

/// <summary>Call data of the register of patients' keys.</summary>
internal static class PatientKeyCalls
{
    private const string Consent = "(bytes32,bytes32,uint64)";
    private const string Key = "(bytes32,bytes32,bytes32)";

    public static byte[] Register(int lane, byte[] pseudonym, byte[] commitment) =>
        new AbiCall("register(uint32,bytes32,bytes32)").Number((uint)lane).Bytes32(pseudonym).Bytes32(commitment).Encode();

    public static byte[] Retire(byte[] pseudonym) => new AbiCall("retire(bytes32)").Bytes32(pseudonym).Encode();

    public static byte[] RegistrationOf(byte[] pseudonym) => new AbiCall("registrationOf(bytes32)").Bytes32(pseudonym).Encode();

    public static byte[] ChallengeOf(byte[] pseudonym, byte[] artefact, long expires) =>
        new AbiCall($"challengeOf({Consent})").Bytes32(pseudonym).Bytes32(artefact).Number((ulong)expires).Encode();

    public static byte[] CommitmentOf(byte[] x, byte[] y, byte[] salt) => new AbiCall($"commitmentOf({Key})").Bytes32(x).Bytes32(y).Bytes32(salt).Encode();

    public static byte[] Verify(
        byte[] pseudonym, byte[] artefact, long expires, byte[] x, byte[] y, byte[] salt, byte[] authenticatorData, byte[] clientData, byte[] r, byte[] s) =>
        new AbiCall($"verifySignedConsent({Consent},{Key},(bytes,bytes,bytes32,bytes32))")
            .Bytes32(pseudonym).Bytes32(artefact).Number((ulong)expires).Bytes32(x).Bytes32(y).Bytes32(salt)
            .Tail(new AbiCall("").Bytes(authenticatorData).Bytes(clientData).Bytes32(r).Bytes32(s).Arguments()).Encode();
}
