using System.Buffers.Binary;
using Hrms.Domain.Proofs;

namespace Hrms.Ledger.Wire;

/// <summary>
/// Call data of a contract function (Solidity ABI specification), for the types our contracts use: uintN, bytes32, address, bytes32[], bytes.
/// Arguments are added in order; arrays stand in the tail, their offsets in the head.
/// </summary>
internal sealed class AbiCall(string signature)
{
    public const int WordBytes = 32;
    private readonly List<byte[]> _head = [];
    private readonly List<(int HeadIndex, byte[] Body)> _tails = [];

    /// <summary>The first four bytes of the hash of the signature, e.g. <c>last(uint32)</c>.</summary>
    public static byte[] Selector(string signature) => Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(signature))[..4];

    public AbiCall Number(ulong value)
    {
        _head.Add(Word(value));
        return this;
    }

    public AbiCall Bytes32(ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, WordBytes);
        _head.Add(value.ToArray());
        return this;
    }

    public AbiCall Address(Address value)
    {
        _head.Add(AddressWord(value));
        return this;
    }

    /// <param name="words">The array's items, concatenated.</param>
    public AbiCall Bytes32Array(ReadOnlySpan<byte> words)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(words.Length % WordBytes, 0);
        return Tail([.. Word((ulong)(words.Length / WordBytes)), .. words]);
    }

    public AbiCall Bytes(ReadOnlySpan<byte> value)
    {
        var padding = (WordBytes - value.Length % WordBytes) % WordBytes;
        return Tail([.. Word((ulong)value.Length), .. value, .. new byte[padding]]);
    }

    /// <param name="encoded">A value of a dynamic type, encoded already; whole words.</param>
    public AbiCall Tail(byte[] encoded)
    {
        _tails.Add((_head.Count, encoded));
        _head.Add([]);
        return this;
    }

    public byte[] Encode() => [.. Selector(signature), .. Arguments()];

    /// <summary>The arguments alone, as they stand in a tuple.</summary>
    public byte[] Arguments()
    {
        var offset = _head.Count * WordBytes;
        foreach (var (index, body) in _tails)
        {
            _head[index] = Word((ulong)offset);
            offset += body.Length;
        }
        return [.. _head.SelectMany(word => word), .. _tails.SelectMany(tail => tail.Body)];
    }

    public static byte[] Word(ulong value)
    {
        var word = new byte[WordBytes];
        BinaryPrimitives.WriteUInt64BigEndian(word.AsSpan(24), value);
        return word;
    }

    public static byte[] AddressWord(Address value) => [.. new byte[12], .. value.Bytes];
}
