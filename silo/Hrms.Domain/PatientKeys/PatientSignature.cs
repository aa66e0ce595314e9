using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json.Nodes;
using Hrms.Domain.Artefacts;
using Hrms.Domain.Proofs;

namespace Hrms.Domain.PatientKeys;

/// <summary>
/// A patient's own signature under a consent's paper: everything that a stranger needs to check it alone, and to ask the ledger's contract about it. Stands in the event, and in the paper as member
/// <c>patientSignature</c> (docs/consent-artefact.md).
/// </summary>
/// <param name="Contract">The contract <c>PatientKeys</c> on that chain, 20 bytes.</param>
/// <param name="Artefact">The keccak256 of the paper's canonical bytes without the signature.</param>
/// <param name="Expires">Until when it is good, seconds since 1970.</param>
public sealed record PatientSignature(
    ulong ChainId, byte[] Contract, byte[] Pseudonym, byte[] Artefact, long Expires, byte[] X, byte[] Y, byte[] Salt, PasskeySignature Passkey)
{
    public const string Member = "patientSignature";

    private const int AddressBytes = 20;

    // EIP-712, as the contract has them.
    private static readonly byte[] Domain = Keccak256.Hash("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"u8);
    private static readonly byte[] Name = Keccak256.Hash("HRMS patient keys"u8);
    private static readonly byte[] Version = Keccak256.Hash("1"u8);
    private static readonly byte[] Consent = Keccak256.Hash("SignedConsent(bytes32 pseudonym,bytes32 artefact,uint64 expires)"u8);

    /// <summary>What a paper is signed by: the hash of its canonical bytes, without a signature of the patient's.</summary>
    public static byte[] ArtefactOf(JsonNode paper)
    {
        if (paper is not JsonObject members || !members.ContainsKey(Member))
            return Keccak256.Hash(CanonicalJson.Write(paper));
        var bare = members.DeepClone().AsObject();
        bare.Remove(Member);
        return Keccak256.Hash(CanonicalJson.Write(bare));
    }

    /// <summary>The 32 bytes that an authenticator is handed: the contract's <c>challengeOf</c>.</summary>
    public static byte[] Challenge(ulong chainId, ReadOnlySpan<byte> contract, ReadOnlySpan<byte> pseudonym, ReadOnlySpan<byte> artefact, long expires)
    {
        var domain = Keccak256.Hash([.. Domain, .. Name, .. Version, .. Word(chainId), .. new byte[12], .. contract]);
        var content = Keccak256.Hash([.. Consent, .. pseudonym, .. artefact, .. Word((ulong)expires)]);
        return Keccak256.Hash([0x19, 0x01, .. domain, .. content]);
    }

    /// <summary>What the ledger keeps of a key: the contract's <c>commitmentOf</c>.</summary>
    public static byte[] Commitment(ReadOnlySpan<byte> x, ReadOnlySpan<byte> y, ReadOnlySpan<byte> salt) => Keccak256.Hash([.. x, .. y, .. salt]);

    /// <summary>Null when the key in it signed this very paper; else what is wrong. Whether the key is a patient's of that pseudonym, and still good, the ledger says.</summary>
    /// <param name="artefact">Of the paper at hand.</param>
    public ProofProblem? Problem(byte[] artefact)
    {
        if (WrongSize() is { } place)
            return Wrong(place, $"'{place}' does not have its size.");
        if (!artefact.AsSpan().SequenceEqual(Artefact))
            return Wrong("artefact", "The patient signed another paper.");
        return Passkey.Problem(Challenge(ChainId, Contract, Pseudonym, Artefact, Expires), X, Y) is { } wrong ? Wrong(wrong.Place, wrong.Text) : null;
    }

    /// <summary>The patient's signature that a paper carries, checked as far as that needs no ledger; nothing when it carries none.</summary>
    public static (PatientSignature? Signature, ProofProblem? Problem) In(JsonNode paper)
    {
        if (paper is not JsonObject members || !members.ContainsKey(Member))
            return (null, null);
        var (signature, unreadable) = Read(members[Member]);
        return (unreadable ?? signature!.Problem(ArtefactOf(paper))) is { } problem ? (null, problem) : (signature, null);
    }

    public JsonObject ToJson() => new()
    {
        ["chainId"] = ChainId, ["contract"] = Hex.Of(Contract), ["pseudonym"] = Hex.Of(Pseudonym), ["artefact"] = Hex.Of(Artefact), ["expires"] = Expires,
        ["x"] = Hex.Of(X), ["y"] = Hex.Of(Y), ["salt"] = Hex.Of(Salt), ["authenticatorData"] = Base64Url.EncodeToString(Passkey.AuthenticatorData),
        ["clientData"] = Base64Url.EncodeToString(Passkey.ClientData), ["r"] = Hex.Of(Passkey.R), ["s"] = Hex.Of(Passkey.S),
    };

    /// <summary>Reads what <see cref="ToJson"/> writes, each value in its one spelling.</summary>
    public static (PatientSignature? Signature, ProofProblem? Problem) Read(JsonNode? json)
    {
        try
        {
            if (json is JsonObject said)
            {
                var read = new PatientSignature(
                    Number<ulong>("chainId"), Bytes("contract"), Bytes("pseudonym"), Bytes("artefact"), Number<long>("expires"), Bytes("x"), Bytes("y"), Bytes("salt"),
                    new PasskeySignature(Long("authenticatorData"), Long("clientData"), Bytes("r"), Bytes("s")));
                if (CanonicalJson.Write(read.ToJson()).AsSpan().SequenceEqual(CanonicalJson.Write(said)))
                    return (read, null);
            }
            T Number<T>(string member) => json![member] is JsonValue value ? value.GetValue<T>() : throw new FormatException();
            byte[] Bytes(string member) => Hex.TryParse((string?)json![member], out var bytes) ? bytes : throw new FormatException();
            byte[] Long(string member) => Base64Url.DecodeFromChars((string?)json![member]);
        }
        catch (Exception strange) when (strange is FormatException or InvalidOperationException or OverflowException)
        {
        }
        return (null, Wrong("", "The patient's signature is not written as docs/consent-artefact.md says."));
    }

    private string? WrongSize() =>
        Contract.Length != AddressBytes ? "contract"
        : Pseudonym.Length != PasskeySignature.WordBytes ? "pseudonym"
        : Artefact.Length != PasskeySignature.WordBytes ? "artefact"
        : X.Length != PasskeySignature.WordBytes ? "x"
        : Y.Length != PasskeySignature.WordBytes ? "y"
        : Salt.Length != PasskeySignature.WordBytes ? "salt"
        : Expires < 0 ? "expires"
        : null;

    private static ProofProblem Wrong(string place, string text) =>
        new(ProofFault.PatientSignatureDiffers, place.Length == 0 ? Member : $"{Member}.{place}", text);

    private static byte[] Word(ulong value)
    {
        var word = new byte[PasskeySignature.WordBytes];
        BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(24), value);
        return word;
    }
}
