using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Hrms.Contracts;

/// <summary>
/// What a patient hands to a device once, as a QR code or by the phone's app: where the device belongs, and a secret that nobody guesses. 64 letters of base64url over
/// <c>patient (16 bytes) ‖ device (16) ‖ secret (16)</c>.
/// </summary>
[GenerateSerializer, Immutable, Alias("EnrolmentCode")]
public sealed record EnrolmentCode([property: Id(0)] PatientId Patient, [property: Id(1)] DeviceId Device, [property: Id(2)] byte[] Secret)
{
    public const int SecretBytes = 16;

    private const int IdBytes = 16, Length = 64;

    public static bool TryParse(string? text, [NotNullWhen(true)] out EnrolmentCode? code)
    {
        code = null;
        if (text?.Length != Length || !Base64Url.IsValid(text))
            return false;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length != (2 * IdBytes) + SecretBytes)
            return false;
        code = new EnrolmentCode(
            new PatientId(new Guid(bytes.AsSpan(0, IdBytes), bigEndian: true)), new DeviceId(new Guid(bytes.AsSpan(IdBytes, IdBytes), bigEndian: true)), bytes[(2 * IdBytes)..]);
        return true;
    }

    public override string ToString() => Base64Url.EncodeToString([.. Patient.Value.ToByteArray(bigEndian: true), .. Device.Value.ToByteArray(bigEndian: true), .. Secret]);
}
