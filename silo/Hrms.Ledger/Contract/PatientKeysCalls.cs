using Hrms.Domain.PatientKeys;
using Hrms.Ledger.Wire;

namespace Hrms.Ledger.Contract;

/// <summary>Call data of the register of patients' keys. Signatures are held equal to the committed ABI by a test.</summary>
internal static class PatientKeysCalls
{
    public static byte[] Register(long lane, ReadOnlySpan<byte> pseudonym, ReadOnlySpan<byte> commitment) =>
        new AbiCall("register(uint32,bytes32,bytes32)").Number(checked((uint)lane)).Bytes32(pseudonym).Bytes32(commitment).Encode();

    public static byte[] Retire(ReadOnlySpan<byte> pseudonym) => new AbiCall("retire(bytes32)").Bytes32(pseudonym).Encode();

    public static byte[] RegistrationOf(ReadOnlySpan<byte> pseudonym) => new AbiCall("registrationOf(bytes32)").Bytes32(pseudonym).Encode();

    public static byte[] Ledger() => new AbiCall("ledger()").Encode();

    public static byte[] VerifySignedConsent(PatientSignature signature) =>
        new AbiCall("verifySignedConsent((bytes32,bytes32,uint64),(bytes32,bytes32,bytes32),(bytes,bytes,bytes32,bytes32))")
            .Bytes32(signature.Pseudonym).Bytes32(signature.Artefact).Number((ulong)signature.Expires).Bytes32(signature.X).Bytes32(signature.Y).Bytes32(signature.Salt)
            .Tail(new AbiCall("").Bytes(signature.Passkey.AuthenticatorData).Bytes(signature.Passkey.ClientData).Bytes32(signature.Passkey.R).Bytes32(signature.Passkey.S).Arguments())
            .Encode();
}
