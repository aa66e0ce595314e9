using System.Security.Cryptography;

namespace Hrms.Contracts;

/// <summary>
/// What somebody who lost an account tells the guardians, who approve it: a hash of a secret that only the asking browser has. So an approval is for one request and one holder, and who overhears it has
/// nothing. 88 bits: finding another secret for a given code takes 2^88 tries, within the days that it is good.
/// </summary>
public static class RecoveryCode
{
    public const int SizeBytes = 11, SecretBytes = 32;

    public static byte[] Of(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. "hrms/recovery-code/1"u8, .. secret], hash);
        return hash[..SizeBytes].ToArray();
    }
}
