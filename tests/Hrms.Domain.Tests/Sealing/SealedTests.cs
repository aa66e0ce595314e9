using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Hrms.Domain.Ports;
using Hrms.Domain.Sealing;
using Hrms.TestKit;

namespace Hrms.Domain.Tests.Sealing;

public sealed class SealedTests
{
    private static readonly SeededEntropy Entropy = new(1);
    private static readonly byte[] Key = Entropy.Bytes(Sealed.KeyBytes), OtherKey = Entropy.Bytes(Sealed.KeyBytes);
    private static readonly byte[] Place = "place"u8.ToArray();

    [Fact, Trait("Feature", "55")]
    public void WhatWasSealed_Opens_AndIsLongerByTheSameNumberOfBytes() => Gen.Select(Gen.Byte.Array[0, 300], Gen.Byte.Array[0, 40]).Sample((text, place) =>
    {
        var bytes = Sealed.Seal(Key, text, place, new SeededEntropy(text.Length));
        Assert.Equal(text.Length + Sealed.OverheadBytes, bytes.Length);
        Assert.Equal(text, Sealed.Open(Key, bytes, place));
    });

    [Fact]
    public void NoChangedBit_Opens_AndAllFailAlike()
    {
        var bytes = Sealed.Seal(Key, "text"u8, Place, Entropy);
        var messages = new HashSet<string>();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var changed = (byte[])bytes.Clone();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            messages.Add(Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, changed, Place)).Message);
        }
        messages.Add(Assert.Throws<SealBrokenException>(() => Sealed.Open(OtherKey, bytes, Place)).Message);
        messages.Add(Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, bytes, "other"u8)).Message);
        Assert.Single(messages);
    }

    [Fact]
    public void NothingCutOrAdded_Opens()
    {
        var bytes = Sealed.Seal(Key, "text"u8, Place, Entropy);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, bytes.AsSpan(0, length), Place));
            Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, bytes.AsSpan(bytes.Length - length), Place));
        }
        Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, [.. bytes, 0], Place));
    }

    /// <summary>GCM itself opens one ciphertext under two keys when it was made for that; the commitment in front is what forbids it.</summary>
    [Fact]
    public void AnotherKeysCommitment_DoesNotMakeItsCiphertextOpen()
    {
        var mine = Sealed.Seal(Key, "text"u8, Place, new SeededEntropy(2));
        var theirs = Sealed.Seal(OtherKey, "text"u8, Place, new SeededEntropy(2));
        Assert.NotEqual(mine[1..17], theirs[1..17]);
        byte[] mixed = [.. mine[..17], .. theirs[17..]];
        Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, mixed, Place));
        Assert.Throws<SealBrokenException>(() => Sealed.Open(OtherKey, mixed, Place));
        Assert.Throws<SealBrokenException>(() => Sealed.Open(OtherKey, mine, Place));
    }

    /// <summary>What GCM alone would open, made with the right key by whoever leaves the commitment to it out.</summary>
    [Fact]
    public void ASealThatCommitsToNoKey_DoesNotOpen()
    {
        byte[] header = [1, .. new byte[16]], nonce = Entropy.Bytes(12), ciphertext = new byte[4], tag = new byte[16];
        using var aes = new AesGcm(Key, 16);
        aes.Encrypt(nonce, "text"u8, ciphertext, tag, [.. header, .. Place]);
        Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, [.. header, .. nonce, .. ciphertext, .. tag], Place));
    }

    [Fact]
    public void NothingAtAll_CanBeSealed() => Assert.Empty(Sealed.Open(Key, Sealed.Seal(Key, [], Place, Entropy), Place));

    [Fact]
    public void TheSameTextSealedTwice_LooksDifferent() =>
        Assert.NotEqual(Sealed.Seal(Key, "text"u8, Place, Entropy)[17..], Sealed.Seal(Key, "text"u8, Place, Entropy)[17..]);

    /// <summary>Project Wycheproof's vectors of the parameters that a seal uses: 256-bit key, 96-bit nonce, 128-bit tag.</summary>
    [Fact]
    public void ThePlatformsAesGcm_AgreesWithWycheproof()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(SampleData.Find("crypto-wycheproof/aes_gcm_test.json")));
        var run = 0;
        foreach (var group in vectors.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            if ((group.GetProperty("keySize").GetInt32(), group.GetProperty("ivSize").GetInt32(), group.GetProperty("tagSize").GetInt32()) != (256, 96, 128))
                continue;
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] Bytes(string name) => Convert.FromHexString(test.GetProperty(name).GetString()!);
                using var aes = new AesGcm(Bytes("key"), 16);
                var opened = new byte[Bytes("ct").Length];
                void Open() => aes.Decrypt(Bytes("iv"), Bytes("ct"), Bytes("tag"), opened, Bytes("aad"));
                if (test.GetProperty("result").GetString() == "valid")
                {
                    Open();
                    Assert.Equal(Bytes("msg"), opened);
                }
                else
                    Assert.Throws<AuthenticationTagMismatchException>(Open);
                run++;
            }
        }
        Assert.True(run > 50, $"Only {run} vectors have a seal's parameters.");
    }

    [Fact]
    public void ASeal_IsAesGcmOverTheBoundPlace()
    {
        var bytes = Sealed.Seal(Key, "text"u8, Place, Entropy);
        var opened = new byte[4];
        using var aes = new AesGcm(Key, 16);
        aes.Decrypt(bytes.AsSpan(17, 12), bytes.AsSpan(29, 4), bytes.AsSpan(33, 16), opened, [.. bytes[..17], .. Place]);
        Assert.Equal("text"u8.ToArray(), opened);
    }
}
