using System.Buffers.Binary;

namespace Hrms.Ledger.Wire;

/// <summary>One word that a view returned. A word out of its type's range is a <see cref="FormatException"/>: no default is read into it.</summary>
internal static class AbiAnswer
{
    public static byte[] Bytes32(byte[] data) => One(data);

    public static long Number(byte[] data)
    {
        var word = One(data);
        var number = BinaryPrimitives.ReadInt64BigEndian(word.AsSpan(24));
        return word.AsSpan(0, 24).ContainsAnyExcept((byte)0) || number < 0 ? throw new FormatException("a number out of range") : number;
    }

    public static bool Boolean(byte[] data) => Number(data) switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"{other} is no truth value"),
    };

    public static Address Address(byte[] data) =>
        One(data).AsSpan(0, 12).ContainsAnyExcept((byte)0) ? throw new FormatException("no address") : new Address(data.AsSpan(12));

    private static byte[] One(byte[] data) =>
        data.Length == AbiCall.WordBytes ? data : throw new FormatException($"one word expected, {data.Length} bytes found");
}
