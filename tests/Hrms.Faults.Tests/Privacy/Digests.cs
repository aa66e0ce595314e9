using System.Security.Cryptography;
using System.Text;
using Hrms.Domain.Proofs;

namespace Hrms.Faults.Tests.Privacy;

/// <summary>How an id could stand on a ledger: as it is, and as what anybody who guesses the id can compute from it.</summary>
internal static class Digests
{
    public static IEnumerable<byte[]> Of(Guid id) =>
        new[] { id.ToByteArray(bigEndian: true), id.ToByteArray(), Utf8(id.ToString("D")), Utf8(id.ToString("N")) }.SelectMany(form => Of(form).Append(form));

    /// <summary>A short text alone stands anywhere by chance: its digests only.</summary>
    public static IEnumerable<byte[]> Of(string id) => Of(Utf8(id));

    private static IEnumerable<byte[]> Of(byte[] form) => [SHA256.HashData(form), Keccak256.Hash(form), Keccak256.Hash(Keccak256.Hash(form))];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
